// The board: <cti-agent-bar> is the own telephone, the cards below are everybody's.
import { type AgentDesk, type BoardDevice, connectSupervisor, isCtiError, type Supervisor } from '@cordboard/agent-sdk';
import { defineElements } from '@cordboard/agent-sdk/elements';
import { actsOf } from './acts.js';
import { Card, stateOf, whoText } from './card.js';
import { type Language, type TextKey, textOf } from './texts.js';

const PLACES = { line: 'lines', park: 'parks', extension: 'extensions' } as const;

type Placed = BoardDevice & { readonly kind: keyof typeof PLACES };

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};
const isPlaced = (device: BoardDevice): device is Placed => Object.hasOwn(PLACES, device.kind);

/** Everything that the page shows; one of it for each page. */
class Page {
  readonly #bar = document.querySelector('cti-agent-bar') as HTMLElement & { desk: AgentDesk | undefined };
  readonly #cards = new Map<string, Card>();
  readonly #wasRinging = new Set<string>();
  #language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
  #board: Supervisor | undefined;
  #desk: AgentDesk | undefined;
  #switch: 'up' | 'down' = 'up';
  #mode: string | undefined;

  async open(): Promise<void> {
    this.#bar.addEventListener('cti-desk', (event) => {
      this.#desk = (event as CustomEvent<{ readonly desk: AgentDesk }>).detail.desk;
      for (const name of ['callUpdated', 'callEnded', 'agentChanged'] as const) {
        this.#desk.on(name, () => this.#drawAll());
      }
      this.#drawAll();
    });
    this.#bar.setAttribute('token-url', '/board/token');
    this.#bar.setAttribute('url', location.origin);
    this.#listen();
    this.#translate();
    setInterval(() => this.#tick(), 1_000);
    this.#board = await connectSupervisor({ url: location.origin, getToken: tokenOf });
    this.#board.on('deviceChanged', ({ device }) => {
      this.#draw(device);
      this.#announce(device);
    });
    this.#board.on('reset', () => this.#drawAll());
    this.#board.on('linkChanged', () => this.#drawLink());
    this.#board.on('switchChanged', ({ state }) => {
      this.#switch = state;
      this.#drawLink();
    });
    this.#drawAll();
    await this.#setMode();
  }

  #listen(): void {
    byId('language').addEventListener('click', () => {
      this.#language = this.#language === 'en' ? 'zh' : 'en';
      this.#translate();
      this.#drawAll();
    });
    for (const button of document.querySelectorAll<HTMLElement>('#mode button')) {
      button.addEventListener('click', () => this.#attempt(() => this.#setMode(button.dataset.mode)));
    }
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  #attempt(work: () => Promise<unknown>): void {
    const part = byId('problem');
    part.hidden = true;
    work().catch((cause: unknown) => {
      part.textContent = textOf(this.#language, 'failed', isCtiError(cause) ? cause.code : 'unknown');
      part.hidden = false;
    });
  }

  /** Asks for day or night, or sets it: a parameter of the PBX, which the server of this page writes. */
  async #setMode(mode?: string): Promise<void> {
    const init = mode === undefined ? {} : { method: 'PUT', body: JSON.stringify({ mode }) };
    const answer = await fetch('/board/mode', { ...init, headers: { 'content-type': 'application/json' } });
    if (answer.ok) this.#mode = ((await answer.json()) as { readonly mode: string }).mode;
    for (const button of document.querySelectorAll<HTMLElement>('#mode button')) {
      button.setAttribute('aria-pressed', String(button.dataset.mode === this.#mode));
    }
    if (!answer.ok) throw new Error('the mode was not set');
  }

  /** `/` goes to the number field; arrows move between the cards' buttons. */
  #key(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping) {
      event.preventDefault();
      this.#bar.shadowRoot?.querySelector<HTMLElement>('input[type=tel]')?.focus();
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || isTyping || !(target instanceof HTMLElement)) return;
    const buttons = [...document.querySelectorAll<HTMLElement>('main button')];
    const at = buttons.indexOf(target);
    if (at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  #translate(): void {
    document.documentElement.lang = this.#language === 'zh' ? 'zh-CN' : 'en';
    document.title = textOf(this.#language, 'title');
    this.#bar.setAttribute('lang', this.#language);
    for (const part of document.querySelectorAll<HTMLElement>('[data-text]')) {
      part.textContent = textOf(this.#language, part.dataset.text as TextKey);
    }
    const other = byId('language');
    other.textContent = this.#language === 'en' ? '中文' : 'English';
    other.lang = this.#language === 'en' ? 'zh' : 'en';
    this.#drawLink();
  }

  #drawLink(): void {
    const link = this.#board?.link ?? 'connecting';
    const key: TextKey = link === 'online' && this.#switch === 'down' ? 'switch.down' : `link.${link}`;
    const part = byId('link');
    part.textContent = textOf(this.#language, key);
    part.dataset.state = link === 'online' && this.#switch === 'up' ? 'good' : 'bad';
  }

  #drawAll(): void {
    this.#drawLink();
    const devices = [...(this.#board?.devices.values() ?? [])];
    for (const device of devices) this.#draw(device);
    const present = new Set<string>(devices.map(({ id }) => id));
    for (const [id, card] of this.#cards) {
      if (present.has(id)) continue;
      card.element.remove();
      this.#cards.delete(id);
    }
  }

  #draw(device: BoardDevice): void {
    if (!isPlaced(device)) return;
    const known = this.#cards.get(device.id);
    const card = known ?? new Card((work) => this.#attempt(work));
    if (known === undefined) {
      this.#cards.set(device.id, card);
      this.#place(card, device);
    }
    card.draw({
      device,
      language: this.#language,
      title: this.#title(device),
      isOwn: this.#desk?.agent.seat === device.id,
      acts: actsOf(this.#desk, device),
      nowMs: this.#now(),
    });
  }

  /** In the order of their numbers, whenever they come. */
  #place(card: Card, device: Placed): void {
    const list = byId(PLACES[device.kind]);
    card.element.dataset.address = device.address;
    const next = [...list.children].find((other) => {
      const address = (other as HTMLElement).dataset.address ?? '';
      return address.localeCompare(device.address, undefined, { numeric: true }) > 0;
    });
    list.insertBefore(card.element, next ?? null);
  }

  #title({ kind, address }: Placed): string {
    if (kind === 'extension') return address;
    return textOf(this.#language, kind === 'line' ? 'line' : 'slot', address);
  }

  /** A telephone that begins to ring is told to who cannot see it. */
  #announce(device: BoardDevice): void {
    if (device.kind !== 'extension') return;
    if (stateOf(device) !== 'ringing') {
      this.#wasRinging.delete(device.id);
      return;
    }
    if (this.#wasRinging.has(device.id)) return;
    this.#wasRinging.add(device.id);
    byId('news').textContent = textOf(this.#language, 'say.ringing', device.address, whoText(this.#language, device));
  }

  #now(): number {
    return this.#board?.serverNow() ?? Date.now();
  }

  #tick(): void {
    const now = this.#now();
    for (const card of this.#cards.values()) card.tick(now);
  }
}

async function tokenOf(): Promise<string> {
  const answer = await fetch('/board/token');
  return ((await answer.json()) as { readonly token: string }).token;
}

defineElements();
void new Page().open();
