import type { AgentDesk, Call } from '../desk/types.js';
import type { CallAction } from '../model/words.js';
import { clockText, make, pushButton, setText, showPart } from './dom.js';
import { keypad } from './keypad.js';
import { NotePanel } from './note-panel.js';
import { ParkMenu } from './park-menu.js';
import { actionKey, callKey, type TextKey, type Texts } from './texts.js';

/** Actions that need no more than a press, in the order of the buttons. */
const PRESSES = [
  ['answer', 'go'],
  ['complete', 'go'],
  ['retrieve', ''],
  ['cancel', ''],
  ['swap', ''],
  ['conference', ''],
  ['hold', ''],
  ['mute', ''],
  ['unmute', ''],
  ['startRecording', ''],
  ['pauseRecording', ''],
  ['resumeRecording', ''],
  ['stopRecording', ''],
  ['flash', ''],
  ['reject', 'stop'],
  ['hangUp', 'stop'],
] as const satisfies readonly (readonly [CallAction, string])[];

type Press = (typeof PRESSES)[number][0];

/** Actions that need a number. */
const TARGETS = ['consult', 'transfer', 'addParty'] as const;

/** What a card tells its bar. */
export interface CardHost {
  readonly desk: AgentDesk;
  readonly texts: () => Texts;
  /** Carries something out and shows what went wrong. */
  readonly attempt: (work: () => Promise<unknown>) => void;
  /** A call of this desk waits on a park slot now. */
  readonly onParked?: (slot: number | undefined) => void;
}

/** Who a call is with, in one line. */
export function peerText(call: Call, texts: Texts): string {
  const { name, number, presentation } = call.peer;
  const shown = presentation === 'allowed' || number !== '' ? number : '';
  if (name !== undefined && name !== '') return shown === '' ? name : `${name} · ${shown}`;
  return shown === '' ? texts.text('call.withheld') : shown;
}

/** Why a call that was made from here reached nobody, in a sentence; nothing for other ends. */
export function failedText(call: Call, texts: Texts): string | undefined {
  const cause = call.end?.cause;
  // Only who has called is told that the other side is busy; of the rest a caller's own giving up could be the cause.
  const isMine = call.direction === 'outbound' || call.consultOf !== undefined || cause === 'busy';
  return isMine ? texts.find(`end.${cause}`)?.replace('{0}', () => peerText(call, texts)) : undefined;
}

/** What the card says that the call is doing. Whose own phone is up while nobody has answered yet does not talk. */
export function stateOf(call: Call): TextKey {
  if (call.awaits !== undefined) return 'call.release';
  const { others, state } = call;
  const isUnanswered = others.length > 0 && others.every((one) => one.state === 'dialing' || one.state === 'alerting');
  if (state !== 'connected' || !isUnanswered) return callKey(state);
  return others.some((one) => one.state === 'alerting') ? 'call.ringsThere' : 'call.dialing';
}

/** Was the other side heard to answer, in a way that an announcement of the network sounds like? */
export function isUnsure(call: Call): boolean {
  return call.others.some(({ state, evidence }) => state === 'connected' && (evidence?.confidence ?? 1) < 0.9);
}

let serial = 0;

/** One call on the bar. */
export class CallCard {
  readonly element = make('li', { class: 'call' });
  readonly call: Call;
  readonly #host: CardHost;
  readonly #who = make('span', { class: 'who' });
  readonly #state = make('span');
  readonly #time = make('span', { class: 'time' });
  readonly #facts = make('div', { class: 'facts' });
  readonly #presses = new Map<Press, HTMLButtonElement>();
  readonly #actions = make('div', { class: 'actions', attributes: { role: 'group' } });
  readonly #target = make('div', { class: 'target' });
  readonly #to: HTMLInputElement;
  readonly #note: HTMLInputElement;
  readonly #targets = new Map<(typeof TARGETS)[number], HTMLButtonElement>();
  readonly #openTarget: HTMLButtonElement;
  readonly #openPad: HTMLButtonElement;
  readonly #pad: HTMLElement;
  readonly #openNote: HTMLButtonElement;
  /** What is being written on it. */
  readonly notes: NotePanel;
  readonly #park: ParkMenu;

  constructor(host: CardHost, call: Call) {
    this.#host = host;
    this.call = call;
    serial += 1;
    const nameId = `who-${serial}`;
    this.#who.id = nameId;
    this.element.setAttribute('aria-labelledby', nameId);
    this.element.tabIndex = -1;
    this.#to = make('input', { attributes: { type: 'tel', autocomplete: 'off', inputmode: 'text' } });
    this.#note = make('input', {
      class: 'words',
      attributes: { type: 'text', autocomplete: 'off', maxlength: '1000' },
    });
    this.#openTarget = pushButton('', () => this.#toggle(this.#target, this.#openTarget));
    this.#pad = keypad((key) => this.#host.attempt(() => this.call.sendDigits(key)));
    this.#openPad = pushButton('', () => this.#toggle(this.#pad, this.#openPad));
    this.notes = new NotePanel(
      host,
      () => this.call.id,
      () => (this.notes.element.hidden ? undefined : this.#toggle(this.notes.element, this.#openNote)),
    );
    this.#openNote = pushButton('', () => {
      this.#toggle(this.notes.element, this.#openNote);
      if (!this.notes.element.hidden) this.notes.read();
    });
    this.#park = new ParkMenu(host, call);
    this.#build();
    this.update();
  }

  /** Shows the present state of the call. */
  update(): void {
    const { call } = this;
    const texts = this.#host.texts();
    const focused = this.#focusedPart();
    this.element.dataset.state = call.awaits ?? call.state;
    setText(this.#who, peerText(call, texts));
    const pending = call.pending === undefined ? '' : ` · ${texts.text('call.pending')}`;
    setText(this.#state, `${texts.text(stateOf(call))}${pending}`);
    this.#showFacts(texts);
    for (const [action, button] of this.#presses) {
      setText(button, texts.text(actionKey(action)));
      showPart(button, call.can(action) ? 'shown' : 'hidden');
    }
    this.#showTargets(texts);
    this.#park.update();
    setText(this.#openNote, texts.text('note.open'));
    this.notes.update();
    setText(this.#openPad, texts.text('action.sendDigits'));
    showPart(this.#openPad, call.can('sendDigits') ? 'shown' : 'hidden');
    if (!call.can('sendDigits')) showPart(this.#pad, 'hidden');
    this.tick();
    if (focused !== undefined && focused.closest('[hidden]') !== null) this.#firstButton()?.focus();
  }

  /** Moves the timer on. */
  tick(): void {
    setText(this.#time, clockText(this.#host.desk.serverNow() - this.call.since));
  }

  #build(): void {
    for (const [action, look] of PRESSES) {
      const button = pushButton(look, () => this.#host.attempt(() => this.call[action]()));
      button.dataset.action = action;
      this.#presses.set(action, button);
      this.#actions.append(button);
    }
    const last = this.#presses.get('reject');
    this.#openTarget.dataset.action = 'passOn';
    this.#openPad.dataset.action = 'sendDigits';
    this.#openNote.dataset.action = 'note';
    for (const button of [this.#openTarget, this.#openPad, this.#openNote]) {
      button.setAttribute('aria-expanded', 'false');
      this.#actions.insertBefore(button, last ?? null);
    }
    this.#actions.insertBefore(this.#park.element, last ?? null);
    this.#target.append(this.#to, this.#note);
    for (const action of TARGETS) {
      const button = pushButton('', () => this.#passOn(action));
      button.dataset.action = action;
      this.#targets.set(action, button);
      this.#target.append(button);
    }
    for (const field of [this.#to, this.#note]) {
      field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') this.#passOn(this.call.can('consult') ? 'consult' : 'transfer');
        if (event.key === 'Escape') this.#toggle(this.#target, this.#openTarget);
      });
    }
    showPart(this.#target, 'hidden');
    showPart(this.#pad, 'hidden');
    showPart(this.notes.element, 'hidden');
    const head = make('div', { class: 'head', children: [this.#who, this.#state, this.#time] });
    this.element.append(head, this.#facts, this.#actions, this.#target, this.#pad, this.notes.element);
  }

  #passOn(action: (typeof TARGETS)[number]): void {
    const to = this.#to.value.trim();
    const note = this.#note.value.trim();
    if (to === '') {
      this.#to.focus();
      return;
    }
    this.#host.attempt(async () => {
      const options = note === '' ? {} : { note };
      if (action === 'consult') await this.call.consult(to, options);
      else if (action === 'transfer') await this.call.transfer(to, options);
      else await this.call.addParty(to);
      this.#to.value = '';
      this.#note.value = '';
      showPart(this.#target, 'hidden');
      this.#openTarget.setAttribute('aria-expanded', 'false');
    });
  }

  #showTargets(texts: Texts): void {
    const { call } = this;
    setText(this.#openTarget, texts.text('target.open'));
    this.#to.placeholder = texts.text('target.label');
    this.#to.setAttribute('aria-label', texts.text('target.label'));
    this.#note.placeholder = texts.text('target.note');
    this.#note.setAttribute('aria-label', texts.text('target.note'));
    for (const [action, button] of this.#targets) {
      setText(button, texts.text(actionKey(action)));
      showPart(button, call.can(action) ? 'shown' : 'hidden');
    }
    const any = TARGETS.some((action) => call.can(action));
    showPart(this.#openTarget, any ? 'shown' : 'hidden');
    if (!any) showPart(this.#target, 'hidden');
  }

  #showFacts(texts: Texts): void {
    const { call } = this;
    const chips: string[] = [];
    if (call.consultOf !== undefined) chips.push(texts.text('call.consultation'));
    if (call.queue !== undefined) chips.push(call.queue.name);
    const lastNode = call.ivrPath.at(-1);
    if (lastNode !== undefined) chips.push(call.ivrPath.slice(-3).join(' › '));
    if (isUnsure(call)) chips.push(texts.text('call.unsure'));
    const parked = call.others.find((other) => other.parkedAt !== undefined)?.parkedAt;
    if (parked !== undefined) chips.push(texts.text('call.parked', String(parked)));
    if (call.muted !== undefined) chips.push(texts.text('call.muted'));
    if (call.recordings.some((item) => item.state === 'recording')) chips.push(`● ${texts.text('call.recording')}`);
    for (const [key, value] of Object.entries(call.data).slice(0, 6)) chips.push(`${key}: ${value}`);
    const shown = [...this.#facts.children].map((chip) => chip.textContent);
    if (shown.join('\n') === chips.join('\n')) return;
    this.#facts.replaceChildren(...chips.map((text) => make('span', { class: 'chip', text })));
  }

  #toggle(part: HTMLElement, button: HTMLButtonElement): void {
    const open = part.hidden;
    showPart(part, open ? 'shown' : 'hidden');
    button.setAttribute('aria-expanded', String(open));
    if (open) part.querySelector<HTMLElement>('input, button')?.focus();
    else button.focus();
  }

  #focusedPart(): HTMLElement | undefined {
    const root = this.element.getRootNode() as ShadowRoot | Document;
    const active = root.activeElement;
    return active instanceof HTMLElement && this.element.contains(active) ? active : undefined;
  }

  #firstButton(): HTMLElement | undefined {
    return [...this.#actions.querySelectorAll('button')].find((button) => !button.hidden) ?? this.element;
  }
}
