import { CtiError, isCtiError } from '@cordboard/cti-core';
import { connectAgent } from '../desk/connect-agent.js';
import type { AgentDesk, DeskEvents } from '../desk/types.js';
import { AfterCall } from './after-call.js';
import { CallCard, type CardHost, failedText, peerText } from './call-card.js';
import { Dialer } from './dialer.js';
import { make, setText, showPart } from './dom.js';
import { Missed } from './missed.js';
import { PhoneBox } from './phone-box.js';
import { PopBox } from './pop-box.js';
import { StateBox } from './state-box.js';
import { STYLES } from './styles.js';
import { stateKey, type TextKey, type Texts, textsOf } from './texts.js';
import { type GetToken, tokenFromAddress } from './token-address.js';

/** Without a page (a server that renders markup) the class exists and does nothing. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as unknown as typeof HTMLElement);

const errorShownMs = 8_000;

/**
 * `<cti-agent-bar>`: state, calls with the actions allowed now, and a dial pad.
 *
 * Attributes: `url` (server), `lang` (`en`, `zh`; default: the page's), `pop` (URL template of the customer page; empty: the
 * server's), `pop-create` (the same for callers whom the directory does not know), `pop-at` (`alerting`, `connected`), `pop-open` (`tab`, `window`, `frame`, `toast`: a line in the bar
 * that opens it, `silent`), `pop-frame` (selector of the `<iframe>`), `token-url` (an
 * address of your own server that answers `{"token": "..."}` for the person signed in), `theme` (`light`, `auto`).
 * Properties: `getToken`, or `desk` to share one that exists. Events, not composed of personal data beyond the call: `cti-desk` (`detail.desk`) when connected, `cti-pop`
 * (`detail.call`, `detail.receipt`), `cti-error` (`detail.error`).
 */
export class AgentBar extends Base {
  static readonly observedAttributes = [
    'url',
    'lang',
    'pop',
    'pop-create',
    'pop-at',
    'pop-open',
    'pop-frame',
    'token-url',
  ];

  #desk: AgentDesk | undefined;
  #own: AbortController | undefined;
  #given: AgentDesk | undefined;
  #getToken: GetToken | undefined;
  #texts: Texts = textsOf('en');
  #stops: (() => void)[] = [];
  #parts: Parts | undefined;
  readonly #cards = new Map<string, CallCard>();
  #failure: CtiError | undefined;

  /** Gets a token for the person signed in; see `connectAgent`. Setting it connects. */
  get getToken(): GetToken | undefined {
    return this.#getToken;
  }

  set getToken(getToken: GetToken | undefined) {
    this.#getToken = getToken;
    this.#restart();
  }

  /** The desk in use. Setting one shares it: the element then neither connects nor closes. */
  get desk(): AgentDesk | undefined {
    return this.#desk;
  }

  set desk(desk: AgentDesk | undefined) {
    this.#given = desk;
    this.#restart();
  }

  /** Called by the browser: shows the bar and connects. */
  connectedCallback(): void {
    this.#parts ??= this.#build();
    this.#texts = textsOf(this.#language());
    const beat = setInterval(() => this.#tick(), 1_000);
    this.#stops.push(() => clearInterval(beat));
    this.#restart();
  }

  /** Called by the browser: ends the link that the element opened. */
  disconnectedCallback(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.#release();
  }

  /** Called by the browser. */
  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || this.#parts === undefined || !this.isConnected) return;
    if (name === 'lang') {
      this.#texts = textsOf(this.#language());
      this.#update();
    } else if (name.startsWith('pop')) this.#startPop();
    else this.#restart();
  }

  #language(): string {
    const tagged = this.closest('[lang]')?.getAttribute('lang');
    return tagged || document.documentElement.lang || navigator.language;
  }

  #build(): Parts {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const attempt = (work: () => Promise<unknown>): void => this.#attempt(work);
    const texts = (): Texts => this.#texts;
    const desk = (): AgentDesk | undefined => this.#desk;
    const state = new StateBox({ texts, desk, attempt });
    const dialer = new Dialer({ texts, desk, attempt });
    const missed = new Missed({ texts, desk, attempt });
    const phone = new PhoneBox({ texts, desk, attempt });
    const after = new AfterCall({ texts, attempt });
    const calls = make('ul', { class: 'calls' });
    const notice = make('div', { class: 'notice', attributes: { role: 'status' } });
    const error = make('div', { class: 'error', attributes: { role: 'alert' } });
    const live = make('div', { class: 'quiet', attributes: { 'aria-live': 'polite' } });
    const pops = new PopBox({
      texts,
      attribute: (name) => this.getAttribute(name),
      onReceipt: (call, receipt) => {
        const detail = { call, receipt };
        this.dispatchEvent(new CustomEvent('cti-pop', { detail, bubbles: true, composed: true }));
      },
      onError: (cause) => this.#showError(cause),
    });
    const bar = make('section', {
      class: 'bar',
      children: [
        state.element,
        missed.element,
        dialer.element,
        phone.element,
        notice,
        error,
        pops.element,
        calls,
        after.element,
        live,
      ],
    });
    // A constructed sheet is let in by pages whose policy forbids styles in the markup.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(bar);
    for (const part of [notice, error]) showPart(part, 'hidden');
    return { bar, state, missed, dialer, phone, calls, notice, error, pops, after, live };
  }

  #restart(): void {
    if (!this.isConnected || this.#parts === undefined) return;
    this.#release();
    this.#failure = undefined;
    const getToken = this.#getToken ?? tokenFromAddress(this.getAttribute('token-url'));
    const url = this.getAttribute('url') ?? undefined;
    if (this.#given !== undefined) this.#use(this.#given);
    else if (url !== undefined && getToken !== undefined) this.#connect(url, getToken);
    this.#update();
  }

  #connect(url: string, getToken: GetToken): void {
    const own = new AbortController();
    this.#own = own;
    connectAgent({ url, getToken, signal: own.signal, clientName: 'cti-agent-bar', connectTimeoutMs: 600_000 })
      .then((desk) => {
        if (own.signal.aborted) return desk.close();
        own.signal.addEventListener('abort', () => void desk.close(), { once: true });
        this.#use(desk);
        this.#update();
        return undefined;
      })
      .catch((cause: unknown) => {
        if (own.signal.aborted) return;
        this.#failure = isCtiError(cause)
          ? cause
          : new CtiError('link.closed', 'the desk could not connect', { cause });
        this.#showError(this.#failure);
        this.#update();
      });
  }

  #use(desk: AgentDesk): void {
    this.#desk = desk;
    const control = new AbortController();
    const { signal } = control;
    const changed = (): void => this.#update();
    const moved = ({ agent, before }: DeskEvents['agentChanged']): void => {
      if (agent.state !== before.state) this.#say('say.state', this.#texts.text(stateKey(agent.state)));
      changed();
    };
    desk.on('agentChanged', moved, { signal });
    desk.on('callOffered', ({ call }) => this.#say('say.offered', peerText(call, this.#texts)), { signal });
    desk.on('callConnected', ({ call }) => this.#say('say.connected', peerText(call, this.#texts)), { signal });
    desk.on('callHeld', ({ call }) => this.#say('say.held', peerText(call, this.#texts)), { signal });
    const ended = ({ call }: DeskEvents['callEnded']): void => {
      const why = failedText(call, this.#texts);
      if (why === undefined) this.#say('say.ended', peerText(call, this.#texts));
      else this.#alert(why);
      this.#parts?.pops.ended(call);
      this.#parts?.after.ended(desk, call, this.#cards.get(call.id)?.notes);
      changed();
    };
    desk.on('callMissed', () => this.#parts?.missed.count(), { signal });
    desk.on('callEnded', ended, { signal });
    desk.on('callUpdated', changed, { signal });
    desk.on('linkChanged', changed, { signal });
    desk.on('speedDialChanged', changed, { signal });
    desk.on('parkedChanged', changed, { signal });
    desk.on('switchChanged', ({ state }) => this.#notice(state === 'down' ? 'switch.down' : undefined), { signal });
    this.#own ??= new AbortController();
    this.#own.signal.addEventListener('abort', () => control.abort(), { once: true });
    this.#startPop();
    this.dispatchEvent(new CustomEvent('cti-desk', { detail: { desk }, bubbles: true, composed: true }));
  }

  #release(): void {
    this.#parts?.pops.stop();
    this.#own?.abort();
    this.#own = undefined;
    this.#desk = undefined;
  }

  #startPop(): void {
    this.#parts?.pops.start(this.#desk);
  }

  #attempt(work: () => Promise<unknown>): void {
    if (this.#parts !== undefined) showPart(this.#parts.error, 'hidden');
    work().catch((cause: unknown) => this.#showError(cause));
  }

  #showError(cause: unknown): void {
    const error = isCtiError(cause) ? cause : new CtiError('server.internal', 'the bar failed', { cause });
    this.dispatchEvent(new CustomEvent('cti-error', { detail: { error }, bubbles: true, composed: true }));
    this.#alert(this.#texts.find(`error.${error.code}`) ?? this.#texts.text('error.generic', error.code));
  }

  #alert(text: string): void {
    const part = this.#parts?.error;
    if (part === undefined) return;
    setText(part, text);
    showPart(part, 'shown');
    const hide = setTimeout(() => showPart(part, 'hidden'), errorShownMs);
    this.#stops.push(() => clearTimeout(hide));
  }

  #notice(key: TextKey | undefined): void {
    const part = this.#parts?.notice;
    if (part === undefined) return;
    setText(part, key === undefined ? '' : this.#texts.text(key));
    showPart(part, key === undefined ? 'hidden' : 'shown');
  }

  #say(key: TextKey, value: string): void {
    if (this.#parts !== undefined) setText(this.#parts.live, this.#texts.text(key, value));
  }

  #tick(): void {
    this.#parts?.state.tick();
    for (const card of this.#cards.values()) card.tick();
  }

  #update(): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    parts.bar.setAttribute('aria-label', this.#texts.text('bar.label'));
    parts.bar.setAttribute('lang', this.#texts.language);
    parts.state.update();
    parts.missed.update();
    parts.after.update();
    parts.dialer.update();
    parts.phone.update();
    this.#updateLink();
    this.#updateCalls(parts.calls);
  }

  #updateLink(): void {
    const link = this.#desk?.link;
    const waits = this.#own === undefined && this.#given === undefined;
    if (link === 'online') this.#notice(undefined);
    else if (link !== undefined) this.#notice(`link.${link}`);
    else if (this.#failure !== undefined) this.#notice('link.closed');
    else this.#notice(waits ? 'link.noToken' : 'link.connecting');
  }

  #updateCalls(list: HTMLElement): void {
    const desk = this.#desk;
    const present = new Set<string>();
    for (const call of desk?.calls ?? []) {
      if (desk === undefined) break;
      present.add(call.id);
      const known = this.#cards.get(call.id);
      if (known?.call === call) {
        known.update();
        continue;
      }
      known?.element.remove();
      const onParked = (slot = 0): void => (slot === 0 ? undefined : this.#say('say.parked', String(slot)));
      const host: CardHost = { desk, texts: () => this.#texts, attempt: (work) => this.#attempt(work), onParked };
      const card = new CallCard(host, call);
      this.#cards.set(call.id, card);
      list.append(card.element);
    }
    for (const [id, card] of [...this.#cards]) {
      if (present.has(id)) continue;
      const focused = card.element.contains(this.shadowRoot?.activeElement ?? null);
      card.element.remove();
      this.#cards.delete(id);
      // The focus must not fall off the page when its call ends.
      if (focused) this.#parts?.state.focus();
    }
    showPart(list, present.size === 0 ? 'hidden' : 'shown');
  }
}

interface Parts {
  readonly bar: HTMLElement;
  readonly state: StateBox;
  readonly missed: Missed;
  readonly dialer: Dialer;
  readonly phone: PhoneBox;
  readonly calls: HTMLElement;
  readonly notice: HTMLElement;
  readonly error: HTMLElement;
  readonly pops: PopBox;
  readonly after: AfterCall;
  readonly live: HTMLElement;
}

declare global {
  interface HTMLElementTagNameMap {
    'cti-agent-bar': AgentBar;
  }
}

/** Registers `<cti-agent-bar>` with the page; more than once is harmless. */
export function defineElements(): void {
  if (customElements.get('cti-agent-bar') === undefined) customElements.define('cti-agent-bar', AgentBar);
}
