import type { WorkKind } from '@cordboard/cti-core';
import type { AgentDesk } from '../desk/types.js';
import { clockText, make, pushButton, setText, showPart } from './dom.js';
import { Menu } from './menu.js';
import { stateKey, type TextKey, type Texts } from './texts.js';

/** What the box tells its bar. */
export interface StateHost {
  readonly texts: () => Texts;
  readonly desk: () => AgentDesk | undefined;
  readonly attempt: (work: () => Promise<unknown>) => void;
}

/** A site that tells no reasons still needs one word for a break. */
const fallbackReasons = ['break', 'lunch', 'away'];

/** The agent's own state, and the buttons that change it. */
export class StateBox {
  readonly element = make('div', { class: 'me' });
  readonly #host: StateHost;
  readonly #status = make('div', { class: 'status' });
  readonly #word = make('strong');
  readonly #small = make('small');
  readonly #time = make('span', { class: 'time' });
  readonly #rest = make('span');
  readonly #ready: HTMLButtonElement;
  readonly #notReady: HTMLButtonElement;
  readonly #logOn: HTMLButtonElement;
  readonly #quiet: HTMLButtonElement;
  readonly #menu: Menu;

  constructor(host: StateHost) {
    this.#host = host;
    this.#ready = pushButton('go', () => this.#do((desk) => desk.ready()));
    this.#logOn = pushButton('', () => this.#do((desk) => desk.logOn()));
    this.#notReady = pushButton('', () => this.#toggle());
    this.#quiet = pushButton('', () =>
      this.#do((desk) => desk.doNotDisturb(desk.agent.doNotDisturb === 'on' ? 'off' : 'on')),
    );
    this.#quiet.dataset.action = 'doNotDisturb';
    this.#ready.dataset.action = 'ready';
    this.#notReady.dataset.action = 'notReady';
    this.#logOn.dataset.action = 'logOn';
    this.#menu = new Menu(this.#notReady, this.element);
    this.#small.append(this.#time, this.#rest);
    this.#status.append(make('span', { class: 'dot' }), this.#word, this.#small);
    this.element.append(this.#status, this.#ready, this.#notReady, this.#quiet, this.#logOn, this.#menu.element);
  }

  /** Shows the present state. */
  update(): void {
    const texts = this.#host.texts();
    const desk = this.#host.desk();
    const state = desk?.agent.state ?? 'loggedOff';
    this.#status.dataset.state = state;
    setText(this.#word, texts.text(stateKey(state)));
    setText(this.#rest, this.#restText(texts));
    const signedIn = desk !== undefined && state !== 'loggedOff';
    setText(this.#ready, texts.text('agent.ready'));
    setText(this.#notReady, `${texts.text('agent.notReady')} ▾`);
    setText(this.#logOn, texts.text('agent.logOn'));
    setText(this.#quiet, texts.text('agent.doNotDisturb'));
    showPart(this.#quiet, signedIn ? 'shown' : 'hidden');
    this.#quiet.setAttribute('aria-pressed', String(desk?.agent.doNotDisturb === 'on'));
    showPart(this.#logOn, signedIn ? 'hidden' : 'shown');
    showPart(this.#notReady, signedIn ? 'shown' : 'hidden');
    this.#ready.classList.toggle('go', state === 'notReady' || state === 'wrapUp');
    this.#ready.setAttribute('aria-pressed', String(state === 'ready'));
    this.#notReady.setAttribute('aria-pressed', String(state === 'notReady'));
    const usable = desk !== undefined && desk.link !== 'closed';
    for (const button of [this.#ready, this.#notReady, this.#quiet, this.#logOn]) button.disabled = !usable;
    this.tick();
  }

  /** Moves the timer on. */
  tick(): void {
    const desk = this.#host.desk();
    setText(this.#time, desk === undefined ? '' : clockText(desk.serverNow() - desk.agent.since));
  }

  /** Takes the focus to the first button that is there. */
  focus(): void {
    const first = [this.#ready, this.#notReady, this.#logOn].find((button) => !button.hidden && !button.disabled);
    first?.focus();
  }

  #restText(texts: Texts): string {
    const agent = this.#host.desk()?.agent;
    if (agent === undefined) return '';
    const parts: string[] = [agent.name];
    if (agent.reason !== undefined) parts.push(texts.find(`reason.${agent.reason}`) ?? agent.reason);
    if (agent.readyFor !== undefined) {
      const given = this.#host.desk()?.workKinds ?? [];
      const kinds = agent.readyFor.filter((kind) => given.includes(kind));
      parts.push((kinds.length > 0 ? kinds : agent.readyFor).map((kind) => texts.text(`kind.${kind}`)).join(', '));
    }
    if (agent.doNotDisturb === 'on') parts.push(texts.text('agent.doNotDisturb'));
    if (agent.next !== undefined) parts.push(texts.text(`next.${agent.next.state}` as TextKey));
    return ` · ${parts.join(' · ')}`;
  }

  #do(work: (desk: AgentDesk) => Promise<unknown>): void {
    const desk = this.#host.desk();
    if (desk !== undefined) this.#host.attempt(() => work(desk));
  }

  #toggle(): void {
    if (this.#menu.isOpen) {
      this.#menu.close();
      return;
    }
    const texts = this.#host.texts();
    const items = this.#reasons().map((reason) => {
      const button = pushButton('', () => this.#pick((desk) => desk.notReady(reason)));
      button.textContent = texts.find(`reason.${reason}`) ?? reason;
      button.dataset.reason = reason;
      return button;
    });
    const leave = pushButton('', () => this.#pick((desk) => desk.logOff()));
    leave.textContent = texts.text('agent.logOff');
    leave.dataset.action = 'logOff';
    this.#menu.open(texts.text('agent.reasons'), [...items, leave, ...this.#kinds(texts)]);
  }

  #reasons(): readonly string[] {
    const told = this.#host.desk()?.notReadyReasons ?? [];
    return told.length > 0 ? told : fallbackReasons;
  }

  /** Kinds of work to be ready for, one by one, where the agent's queues give several. */
  #kinds(texts: Texts): HTMLElement[] {
    const desk = this.#host.desk();
    const kinds = desk?.workKinds ?? [];
    if (desk === undefined || kinds.length < 2) return [];
    const { agent } = desk;
    const { state, readyFor } = agent.next ?? agent;
    const on = state === 'ready' ? kinds.filter((kind) => readyFor?.includes(kind) ?? true) : [];
    return [
      make('small', { class: 'head', text: texts.text('agent.kinds') }),
      ...kinds.map((kind) => {
        const button = pushButton('', () => this.#pick((it) => this.#switchKind(it, { kind, on })));
        button.textContent = texts.text(`kind.${kind}`);
        button.dataset.kind = kind;
        button.setAttribute('aria-pressed', String(on.includes(kind)));
        return button;
      }),
    ];
  }

  #switchKind(
    desk: AgentDesk,
    { kind, on }: { readonly kind: WorkKind; readonly on: readonly WorkKind[] },
  ): Promise<unknown> {
    const kinds = on.includes(kind) ? on.filter((one) => one !== kind) : [...on, kind];
    if (kinds.length === 0) return desk.notReady(this.#reasons()[0] ?? '');
    return kinds.length === desk.workKinds.length ? desk.ready() : desk.ready({ kinds });
  }

  #pick(work: (desk: AgentDesk) => Promise<unknown>): void {
    this.#menu.close();
    this.#notReady.focus();
    this.#do(work);
  }
}
