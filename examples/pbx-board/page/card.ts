import type { BoardDevice } from '@cordboard/agent-sdk';
import { type Language, type TextKey, textOf } from './texts.js';

/** What can be done at a card now. */
export interface CardAct {
  readonly key: TextKey;
  readonly do: () => Promise<unknown>;
}

/** What a card is drawn from. */
export interface CardLook {
  readonly language: Language;
  readonly title: string;
  readonly device: BoardDevice;
  readonly isOwn: boolean;
  readonly acts: readonly CardAct[];
  readonly nowMs: number;
}

const make = <K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  element.className = className;
  return element;
};

const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};

/** `m:ss`, from an hour `h:mm:ss`. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  return minutes < 60
    ? `${minutes}:${tail}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}

/** Who is at the other side, in one line. */
export function whoText(language: Language, { party, peer }: BoardDevice): string {
  if (party === undefined) return peer?.split(':')[2] ?? '';
  if (party.number === '') return party.name ?? textOf(language, 'withheld');
  return party.name === undefined || party.name === '' ? party.number : `${party.name} · ${party.number}`;
}

/** The state as the switch tells it, else what its presence amounts to. */
export function stateOf({ state, presence }: BoardDevice): NonNullable<BoardDevice['state']> {
  if (state !== undefined) return state;
  if (presence === 'alerting') return 'ringing';
  if (presence === 'busy') return 'talking';
  if (presence === 'unreachable') return 'outOfService';
  return presence === 'held' || presence === 'idle' ? presence : 'unknown';
}

/** One line, extension or park slot: what it does, with whom, since when, and the buttons of what can be done. */
export class Card {
  readonly element = make('li', 'card');
  readonly #name = make('strong', 'name');
  readonly #state = make('span', 'state');
  readonly #time = make('span', 'time');
  readonly #who = make('span', 'who');
  readonly #marks = make('span', 'marks');
  readonly #acts = make('span', 'acts');
  readonly #attempt: (work: () => Promise<unknown>) => void;
  #sinceMs = 0;
  #counts: 'counts' | 'rests' = 'rests';

  constructor(attempt: (work: () => Promise<unknown>) => void) {
    this.#attempt = attempt;
    const head = make('span', 'head');
    head.append(this.#name, this.#marks);
    const what = make('span', 'what');
    what.append(this.#state, this.#time);
    this.element.append(head, what, this.#who, this.#acts);
  }

  /** The buttons, for moving between them. */
  get buttons(): readonly HTMLButtonElement[] {
    return [...this.#acts.querySelectorAll('button')];
  }

  draw(look: CardLook): void {
    const { device, language, title } = look;
    const state = stateOf(device);
    this.element.dataset.state = state;
    this.element.dataset.device = device.id;
    this.element.toggleAttribute('data-own', look.isOwn);
    setText(this.#name, title);
    const way = device.direction === undefined ? '' : ` · ${textOf(language, `direction.${device.direction}`)}`;
    setText(this.#state, `${textOf(language, `state.${state}`)}${way}`);
    const line = device.line === undefined ? '' : textOf(language, 'line', device.line.split(':')[2] ?? '');
    this.#drawWho([whoText(language, device), line].filter(Boolean));
    this.#drawMarks(look);
    this.#drawActs(look);
    this.#sinceMs = device.since;
    this.#counts = state === 'idle' || state === 'free' || state === 'outOfService' ? 'rests' : 'counts';
    this.tick(look.nowMs);
  }

  /** Moves the time on. */
  tick(nowMs: number): void {
    setText(this.#time, this.#counts === 'counts' ? spanText(nowMs - this.#sinceMs) : '');
  }

  /** Each part stays on one row where it fits. */
  #drawWho(parts: readonly string[]): void {
    if ([...this.#who.children].map((part) => part.textContent).join('\n') === parts.join('\n')) return;
    this.#who.replaceChildren(
      ...parts.map((text) => {
        const part = make('span', 'part');
        part.textContent = text;
        return part;
      }),
    );
  }

  #drawMarks({ device, language, isOwn }: CardLook): void {
    const marks = [
      ...(isOwn ? [textOf(language, 'mark.you')] : []),
      ...(device.doNotDisturb === undefined ? [] : [textOf(language, 'mark.doNotDisturb')]),
      ...(device.messageLamp === undefined ? [] : [textOf(language, 'mark.messageLamp')]),
      ...(device.forward === undefined ? [] : [textOf(language, 'mark.forward', device.forward.number)]),
    ];
    this.element.toggleAttribute('data-dnd', device.doNotDisturb !== undefined);
    if (this.#marks.textContent === marks.join('')) return;
    this.#marks.replaceChildren(
      ...marks.map((text) => {
        const mark = make('span', 'mark');
        mark.textContent = text;
        return mark;
      }),
    );
  }

  /** Buttons stay the same elements as long as they do the same, so that the focus stays where it is. */
  #drawActs({ acts, language, title }: CardLook): void {
    const known = new Map(this.buttons.map((button) => [button.dataset.act, button]));
    const buttons = acts.map((act) => {
      const button = known.get(act.key) ?? make('button', 'act');
      button.type = 'button';
      button.dataset.act = act.key;
      setText(button, textOf(language, act.key));
      button.setAttribute('aria-label', `${textOf(language, act.key)}: ${title}`);
      button.onclick = () => this.#attempt(act.do);
      return button;
    });
    const now = this.buttons;
    if (now.length === buttons.length && now.every((button, place) => button === buttons[place])) return;
    this.#acts.replaceChildren(...buttons);
  }
}
