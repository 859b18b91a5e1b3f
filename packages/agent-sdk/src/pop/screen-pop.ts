/// <reference lib="esnext.disposable" preserve="true" />
import { type CustomerMatch, isCtiError, type PopId, type PopView } from '@cordboard/cti-core';
import { pageAddress } from '../base/page.js';
import { type DeskInternals, internalsOf } from '../desk/connect-agent.js';
import type { AgentDesk, Call } from '../desk/types.js';
import { checkOpener, claimDelayMs, type OpenOptions, openPage, type PopPlace } from './opener.js';
import { fillUrl, type TemplateFacts } from './template.js';

/** What became of a pop. `blocked`: the browser let no window open. */
export type PopReceipt = 'shown' | 'blocked' | 'dismissed';

/** A pop that this page shows. */
export interface Pop {
  readonly id: PopId;
  readonly call: Call;
  /** The address to show; `undefined` when neither you nor the server gave one. */
  readonly url: string | undefined;
  readonly match: CustomerMatch | undefined;
}

/** How to show a customer. */
export interface ScreenPopOptions {
  /** While the phone rings, or when it is answered. Default: as the server says. */
  readonly at?: 'alerting' | 'connected';
  /**
   * Where: a new tab, a window, an `<iframe>` of the page, or a function of yours. A function has 1,500 ms to say what became
   * of it; `undefined` and silence count as shown. `silent`: nothing opens by itself, `onReceipt` gets the means to open it.
   */
  readonly open: PopPlace | 'silent' | ((pop: Pop) => PopReceipt | undefined | Promise<PopReceipt | undefined>);
  /** A URL template, such as `https://erp.example.com/customer?phone={caller.number}`. Default: the address that the server made. */
  readonly url?: string;
  /** The same for callers whom the directory does not know: the page on which they are entered. Default: `url`. */
  readonly createUrl?: string;
  readonly frame?: OpenOptions['frame'];
  readonly size?: OpenOptions['size'];
  /** Told once for each pop of this page. After `blocked`, `open()` shows it from a click. */
  readonly onReceipt?: (pop: Pop, receipt: PopReceipt, open: () => void) => void;
}

/** Pops that are being shown. */
export interface ScreenPop {
  /** Shows no more pops in this page. May be called again. */
  stop(): void;
  [Symbol.dispose](): void;
}

const receiptMs = 1_500;

/** What `{...}` in a URL template stands for. */
export function popFacts(call: Call, agentId: string): TemplateFacts {
  const caller = call.customer ?? call.caller;
  const shown = caller.presentation === 'allowed';
  const one = call.match?.decision === 'one' ? call.match.customers[0] : undefined;
  const facts: Record<string, string | undefined> = {
    'caller.number': shown ? (caller.e164 ?? caller.number) : '',
    'caller.e164': shown ? caller.e164 : '',
    'caller.name': caller.name,
    'called.number': call.called.e164 ?? call.called.number,
    'queue.id': call.queue?.id,
    'queue.name': call.queue?.name,
    'call.id': call.id,
    'call.direction': call.direction,
    'agent.id': agentId,
    'ivr.path': call.ivrPath.join('>'),
    'customer.id': one?.id,
    'customer.name': one?.name,
  };
  for (const [key, value] of Object.entries(call.data)) facts[`data.${key}`] = value;
  return facts;
}

class PopShower implements ScreenPop {
  readonly #desk: AgentDesk;
  readonly #inside: DeskInternals;
  readonly #options: ScreenPopOptions;
  /** Pops that this page waits to claim, claims or shows; `cancel` ends a wait. */
  readonly #busy = new Map<string, () => void>();
  readonly #stops: (() => void)[] = [];
  #state: 'on' | 'off' = 'on';

  constructor(desk: AgentDesk, options: ScreenPopOptions) {
    this.#desk = desk;
    this.#inside = internalsOf(desk);
    this.#options = options;
  }

  begin(): void {
    this.#stops.push(
      this.#desk.on('pop', ({ pop }) => this.#consider(pop)),
      this.#desk.on('callOffered', () => this.#considerAll()),
      this.#desk.on('callConnected', () => this.#considerAll()),
      this.#desk.on('linkChanged', () => this.#considerAll()),
    );
    this.#considerAll();
  }

  stop(): void {
    this.#state = 'off';
    for (const stop of this.#stops.splice(0)) stop();
    for (const cancel of [...this.#busy.values()]) cancel();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #considerAll(): void {
    for (const pop of this.#inside.pops) this.#consider(pop);
  }

  #consider(pop: PopView): void {
    if (pop.state !== 'offered') {
      // Another page has it, or it is over. What this page has claimed itself goes on.
      if (pop.claimedBy !== this.#inside.tab) this.#busy.get(pop.popId)?.();
      return;
    }
    if (this.#busy.has(pop.popId) || this.#state === 'off' || !this.#due(pop)) return;
    const { clock, random } = this.#inside;
    const cancelTimer = clock.setTimer(claimDelayMs(random), () => {
      this.#busy.set(pop.popId, () => undefined);
      this.#show(pop.popId)
        .catch((cause: unknown) => this.#report(cause))
        .finally(() => this.#busy.delete(pop.popId));
    });
    this.#busy.set(pop.popId, () => {
      cancelTimer();
      this.#busy.delete(pop.popId);
    });
  }

  #due(pop: PopView): boolean {
    const call = this.#desk.calls.get(pop.callId);
    if (call === undefined) return false;
    const at = this.#options.at ?? pop.at;
    return at === 'alerting' || call.state === 'connected' || call.state === 'held';
  }

  async #show(popId: PopId): Promise<void> {
    await this.#inside.claimPop(popId);
    const pop = this.#popOf(popId);
    // The caller may have gone while the claim was under way: a dead call is never popped.
    const receipt = pop === undefined || this.#state === 'off' ? 'dismissed' : await this.#openGuarded(pop);
    if (pop !== undefined) this.#tell(pop, receipt);
    await this.#inside.acknowledgePop(popId, receipt);
  }

  #popOf(popId: PopId): Pop | undefined {
    const view = this.#inside.pops.find((item) => item.popId === popId);
    const call = view === undefined ? undefined : this.#desk.calls.get(view.callId);
    if (view === undefined || call === undefined) return undefined;
    return { id: popId, call, url: this.#urlOf(view, call), match: view.match ?? call.match };
  }

  #urlOf(view: PopView, call: Call): string | undefined {
    const { createUrl } = this.#options;
    const isUnknown = (view.match ?? call.match)?.decision === 'none';
    const url = isUnknown && createUrl !== undefined ? createUrl : this.#options.url;
    const base = pageAddress();
    // The server's address goes through the same door: only http and https are opened.
    if (url === undefined) return view.url === undefined ? undefined : fillUrl(view.url, {}, base);
    return fillUrl(url, popFacts(call, this.#desk.agent.id), base);
  }

  async #openGuarded(pop: Pop): Promise<PopReceipt> {
    try {
      return await this.#open(pop);
    } catch (cause) {
      // Said as dismissed, so that the next page does not fail on the same pop.
      this.#report(cause);
      return 'dismissed';
    }
  }

  async #open(pop: Pop): Promise<PopReceipt> {
    const { open } = this.#options;
    if (open === 'silent') return 'shown';
    if (typeof open !== 'function') return this.#openPage(pop, open);
    const { clock } = this.#inside;
    let cancelTimer = (): void => undefined;
    const bound = new Promise<PopReceipt>((resolve) => {
      cancelTimer = clock.setTimer(receiptMs, () => resolve('shown'));
    });
    try {
      return await Promise.race([bound, Promise.resolve(open(pop)).then((receipt) => receipt ?? 'shown')]);
    } finally {
      cancelTimer();
    }
  }

  #openPage(pop: Pop, place: PopPlace): PopReceipt {
    if (pop.url === undefined) return 'dismissed';
    const { frame, size } = this.#options;
    return openPage(pop.url, `cordboard-${pop.call.id}`, {
      place,
      ...(frame === undefined ? {} : { frame }),
      ...(size === undefined ? {} : { size }),
    });
  }

  #tell(pop: Pop, receipt: PopReceipt): void {
    const again = (): void => {
      const { open } = this.#options;
      if (typeof open === 'function' || this.#openPage(pop, open === 'silent' ? 'tab' : open) !== 'shown') return;
      if (receipt === 'shown') return;
      this.#inside.acknowledgePop(pop.id, 'shown').catch((cause: unknown) => this.#report(cause));
    };
    this.#options.onReceipt?.(pop, receipt, again);
  }

  #report(cause: unknown): void {
    // `pop.gone` is the usual word for: another page was first.
    if (isCtiError(cause, 'pop.gone') || isCtiError(cause, 'client.closed')) return;
    const code = isCtiError(cause) ? cause.code : 'unknown';
    this.#inside.log.warn('a pop could not be shown', { code });
  }
}

/**
 * Shows the customer of each call once, whatever the number of open pages: the page that the person looks at claims
 * the pop, the server lets one have it, and gets a receipt. A page that claims and dies loses the pop to the next one after
 * two seconds.
 *
 * @throws {CtiError} `argument.invalid` for a desk that `connectAgent` did not make, a place that this host cannot open,
 * or a template that gives no http(s) URL
 */
export function screenPop(desk: AgentDesk, options: ScreenPopOptions): ScreenPop {
  const { open, frame, url, createUrl } = options;
  if (typeof open !== 'function' && open !== 'silent') {
    checkOpener({ place: open, ...(frame === undefined ? {} : { frame }) });
  }
  for (const template of [url, createUrl]) if (template !== undefined) fillUrl(template, {}, pageAddress());
  const shower = new PopShower(desk, options);
  shower.begin();
  return shower;
}
