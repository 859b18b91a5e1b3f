import type { AgentDesk, Call } from '../desk/types.js';
import type { PopPlace } from '../pop/opener.js';
import { type PopReceipt, type ScreenPop, type ScreenPopOptions, screenPop } from '../pop/screen-pop.js';
import { make, pushButton, showPart } from './dom.js';
import type { Texts } from './texts.js';
import { toastOf } from './toast.js';

/** What the box tells its bar. */
export interface PopHost {
  readonly texts: () => Texts;
  /** An attribute of the element. */
  readonly attribute: (name: string) => string | null;
  readonly onReceipt: (call: Call, receipt: PopReceipt) => void;
  readonly onError: (cause: unknown) => void;
}

/** Shows customers as the attributes of the element say, and what the browser has blocked, and toasts. */
export class PopBox {
  /** The way to a page that the browser has blocked. */
  readonly element = make('div', { class: 'notice', attributes: { role: 'status' } });
  readonly #host: PopHost;
  #pop: ScreenPop | undefined;

  constructor(host: PopHost) {
    this.#host = host;
    showPart(this.element, 'hidden');
  }

  /** Begins anew for a desk. */
  start(desk: AgentDesk | undefined): void {
    this.stop();
    const template = this.#host.attribute('pop');
    if (desk === undefined || template === null) return;
    try {
      this.#pop = screenPop(desk, this.#options(template));
    } catch (cause) {
      this.#host.onError(cause);
    }
  }

  /** Shows no more. Twice is once. */
  stop(): void {
    this.#pop?.stop();
    this.#pop = undefined;
  }

  /** A call is over: nobody needs its toast. */
  ended(call: Call): void {
    this.element.parentElement?.querySelector(`.toast[data-call="${CSS.escape(call.id)}"]`)?.remove();
  }

  #options(template: string): ScreenPopOptions {
    const { attribute, onReceipt, texts } = this.#host;
    const at = attribute('pop-at');
    const place = attribute('pop-open');
    const frame = attribute('pop-frame');
    const create = attribute('pop-create');
    const isQuiet = place === 'toast' || place === 'silent';
    return {
      open: isQuiet ? 'silent' : place === 'window' || place === 'frame' ? (place satisfies PopPlace) : 'tab',
      ...(template === '' ? {} : { url: template }),
      ...(create === null ? {} : { createUrl: create }),
      ...(at === 'alerting' || at === 'connected' ? { at } : {}),
      ...(frame === null ? {} : { frame }),
      onReceipt: (pop, receipt, open) => {
        this.#showBlocked(pop.call, receipt === 'blocked' ? open : undefined);
        if (place === 'toast') this.element.after(toastOf(pop.call, texts(), open));
        onReceipt(pop.call, receipt);
      },
    };
  }

  #showBlocked(call: Call, open: (() => void) | undefined): void {
    const part = this.element;
    if (open === undefined) {
      showPart(part, 'hidden');
      return;
    }
    const texts = this.#host.texts();
    const button = pushButton('', () => {
      open();
      showPart(part, 'hidden');
    });
    button.textContent = texts.text('pop.open');
    button.dataset.call = call.id;
    part.replaceChildren(make('span', { text: texts.text('pop.blocked') }), button);
    showPart(part, 'shown');
  }
}
