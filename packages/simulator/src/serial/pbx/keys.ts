import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Joining } from './joining.js';
import type { Outgoing } from './outgoing.js';
import type { Extension, ExtLeg, LineLeg } from './parts.js';
import type { Services } from './services.js';
import type { Tone } from './status.js';
import { activeLeg } from './status-of.js';

/** Keys are gathered for so long before they are told (docs/protocols/kts-1.md, section 10), ms. */
const GATHER_MS = 500;

/** The telephone, or the outside line, from which somebody programs the PBX by keys. */
export interface KeypadSeat {
  readonly ext?: string;
  /** A line from outside, let in by DISA. */
  readonly line?: number;
  /** Lets it hear a tone. */
  tone(tone: Tone): void;
  /** Programming is over: the seat hears the dial tone (`ext`) or is let go (`line`). */
  release(): void;
}

/** Who reads the keys of one seat from now on. */
export interface KeypadSession {
  /** One of `0-9*#A-D`. */
  key(key: string): void;
  /** The seat hung up, or the power went. */
  hungUp(): void;
}

/** Opens a session; the digits that led to it are the prefix it was registered with. */
export type OpenKeypad = (seat: KeypadSeat) => KeypadSession;

/** What happens at telephones when they are lifted, put down, and their keys are pressed. */
export class Keys {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  readonly #outgoing: Outgoing;
  readonly #joining: Joining;
  readonly #services: Services;
  readonly #keypads = new Map<string, OpenKeypad>();
  readonly #lineKeypads = new Map<LineLeg, KeypadSession>();
  readonly #lineKeys = new Map<LineLeg, string>();

  constructor(parts: {
    readonly core: PbxCore;
    readonly calls: Calls;
    readonly outgoing: Outgoing;
    readonly joining: Joining;
    readonly services: Services;
  }) {
    this.#core = parts.core;
    this.#calls = parts.calls;
    this.#outgoing = parts.outgoing;
    this.#joining = parts.joining;
    this.#services = parts.services;
  }

  /** Registers who takes over when these keys are pressed at the dial tone. @returns its end */
  register(prefix: string, open: OpenKeypad): () => void {
    this.#keypads.set(prefix, open);
    return () => this.#keypads.delete(prefix);
  }

  /** The handset is lifted, or the loudspeaker key pressed. */
  lift(ext: Extension, how: 'off' | 'handsFree'): void {
    if (ext.outOfService) return;
    const was = ext.hook;
    ext.hook = how;
    const ringing = ext.legs.find(({ state }) => state === 'ringing');
    if (ringing !== undefined && activeLeg(ext) === undefined) {
      this.#joining.answer(ringing);
      return;
    }
    if (was === 'handsFree' || activeLeg(ext) !== undefined) return;
    this.#dialTone(ext);
  }

  /** The handset is put down. */
  putDown(ext: Extension): void {
    ext.keypad?.hungUp();
    ext.keypad = undefined;
    ext.keys = '';
    const active = activeLeg(ext);
    ext.hook = 'on';
    if (active !== undefined) this.#services.drop(active);
    this.#tellGathered(ext);
  }

  /** A key is pressed at a telephone. */
  press(ext: Extension, key: string): void {
    this.#core.tell({ type: 'key', ext: ext.number, key });
    if (ext.keypad !== undefined) return ext.keypad.key(key);
    const leg = activeLeg(ext);
    if (leg === undefined) {
      const canDial = ext.legs.some(({ state }) => state === 'holding') && ext.hook !== 'on';
      if (canDial) {
        this.#dialTone(ext);
        this.press(ext, key);
      }
      return;
    }
    if (leg.state === 'offHook' || leg.state === 'dialling') return this.#dial(leg, key);
    this.#gather(ext, key);
    if (leg.state !== 'talking') return;
    for (const { line, state } of leg.call.lines) if (state === 'talking') this.#core.exchange.key?.(line.number, key);
  }

  /** A key is heard from outside. */
  pressOutside(leg: LineLeg, key: string): void {
    this.#core.tell({ type: 'key', line: leg.line.number, key });
    const session = this.#lineKeypads.get(leg);
    if (session !== undefined) return session.key(key);
    const keys = this.#lineKeys.get(leg);
    if (keys === undefined) return;
    this.#dialByDisa(leg, keys + key);
  }

  /** A caller is let in: hears the dial tone and dials. */
  letIn(leg: LineLeg): void {
    leg.state = 'talking';
    leg.call.ringing?.cancel?.();
    delete leg.call.ringing;
    this.#core.exchange.answered?.(leg.line.number);
    this.#core.touch(leg.line);
    this.#core.tell({ type: 'tone', line: leg.line.number, tone: 'dial' });
    this.#lineKeys.set(leg, '');
    this.#waitForDisa(leg);
  }

  /** A line leaves its call. */
  lineReleased(leg: LineLeg): void {
    this.#lineKeys.delete(leg);
    this.#lineKeypads.get(leg)?.hungUp();
    this.#lineKeypads.delete(leg);
  }

  /** The power goes. */
  cut(): void {
    for (const ext of this.#core.extensions) ext.keypad?.hungUp();
    for (const session of this.#lineKeypads.values()) session.hungUp();
    this.#lineKeypads.clear();
    this.#lineKeys.clear();
  }

  #dialTone(ext: Extension): void {
    const call = this.#core.newCall();
    const leg = this.#calls.seat(ext, call, 'offHook');
    ext.keys = '';
    const seizure = this.#core.parameters.number(6, ext.port);
    if (seizure > 0) {
      const line = this.#outgoing.chooseLine(ext, '');
      if (typeof line !== 'string') return this.#takeLine(leg, line.number);
    }
    this.#core.tell({ type: 'tone', ext: ext.number, tone: 'dial' });
    leg.cancel = this.#core.after(this.#core.setup.times.dialToneMs, () => this.#calls.howl(leg));
  }

  #takeLine(leg: ExtLeg, number: number): void {
    const line = this.#core.line(number);
    if (line === undefined) return;
    const { times } = this.#core.setup;
    leg.cancel?.();
    leg.ext.keys = '';
    const lineLeg = this.#outgoing.seize(leg.call, line, { ext: leg.ext });
    lineLeg.cancel = this.#core.after(times.seizeMs, () =>
      this.#core.tell({ type: 'tone', ext: leg.ext.number, tone: 'dial' }),
    );
    leg.cancel = this.#core.after(times.dialToneMs, () => this.#calls.howl(leg));
  }

  #dial(leg: ExtLeg, key: string): void {
    const { ext, call } = leg;
    const { times, accessDigit } = this.#core.setup;
    const keys = ext.keys + key;
    ext.keys = keys;
    const [line] = call.lines;
    if (line !== undefined) return this.#dialOnLine(leg, line, keys);
    if (call.direction !== undefined) return;
    const isCode = [...this.#keypads.keys()].some((prefix) => prefix.startsWith(keys));
    const open = this.#keypads.get(keys);
    if (open !== undefined) return this.#openKeypad(leg, open);
    leg.cancel?.();
    leg.cancel = this.#core.after(times.interDigitMs, () => this.#complete(leg));
    if (isCode) return;
    this.#gather(ext, keys.length > 1 && ext.gathered === '' && /^[*#]/.test(keys) ? keys : key);
    if (keys === accessDigit) {
      const found = this.#outgoing.chooseLine(ext, '');
      if (typeof found === 'string') return this.#calls.busyTone(leg, 'failed');
      return this.#takeLine(leg, found.number);
    }
    const longer = this.#core.extensions.some(({ number }) => number.startsWith(keys) && number !== keys);
    if (!longer) this.#complete(leg);
  }

  #dialOnLine(leg: ExtLeg, line: LineLeg, keys: string): void {
    const { times } = this.#core.setup;
    const key = keys.at(-1) ?? '';
    if (line.state === 'seized' || line.state === 'dialling') {
      this.#gather(leg.ext, key);
      if (key !== '#') this.#core.exchange.key?.(line.line.number, key);
    } else return;
    const number = key === '#' ? keys.slice(0, -1) : keys;
    if (line.state === 'seized') {
      line.cancel?.();
      line.state = 'dialling';
      leg.state = 'dialling';
      this.#core.touch(line.line);
      this.#core.touch(leg.ext);
    }
    line.number = line.bill.number = number;
    const isEmergencyYet = this.#core.setup.emergency.some((one) => one.startsWith(number));
    leg.cancel?.();
    if (this.#outgoing.isBarred(leg.ext, number) && !isEmergencyYet) return this.#bar(leg, line);
    const isDone = key === '#' || this.#core.setup.emergency.includes(number);
    const complete = (): void => {
      if (this.#outgoing.isBarred(leg.ext, number)) return this.#bar(leg, line);
      leg.ext.lastNumber = number;
      leg.cancel = undefined;
      leg.call.dialled = number;
      this.#outgoing.complete(line, number);
      leg.call.direction = 'out';
    };
    if (isDone) complete();
    else leg.cancel = this.#core.after(times.interDigitMs, complete);
  }

  #bar(leg: ExtLeg, line: LineLeg): void {
    this.#calls.release(line, 'barred');
    this.#calls.busyTone(leg, 'barred');
  }

  #complete(leg: ExtLeg): void {
    const target = this.#core.extension(leg.ext.keys);
    const isBarred = this.#core.parameters.flag(14, leg.ext.port);
    if (target === undefined || target === leg.ext || isBarred) return this.#calls.busyTone(leg, 'failed');
    this.#outgoing.dialInside(leg, target);
  }

  #openKeypad(leg: ExtLeg, open: OpenKeypad): void {
    const { ext } = leg;
    leg.cancel?.();
    leg.state = 'programming';
    this.#core.touch(ext);
    const session = open({
      ext: ext.number,
      tone: (tone) => this.#core.tell({ type: 'tone', ext: ext.number, tone }),
      release: () => {
        if (ext.keypad !== session || !ext.legs.includes(leg)) return;
        ext.keypad = undefined;
        this.#core.act(() => {
          leg.state = 'offHook';
          ext.keys = '';
          this.#core.touch(ext);
          this.#core.tell({ type: 'tone', ext: ext.number, tone: 'dial' });
          leg.cancel = this.#core.after(this.#core.setup.times.dialToneMs, () => this.#calls.howl(leg));
        });
      },
    });
    ext.keypad = session;
  }

  #dialByDisa(leg: LineLeg, keys: string): void {
    this.#lineKeys.set(leg, keys);
    const open = this.#keypads.get(keys);
    if (open !== undefined) {
      leg.cancel?.();
      this.#lineKeys.delete(leg);
      const line = leg.line.number;
      const session = open({
        line,
        tone: (tone) => this.#core.tell({ type: 'tone', line, tone }),
        release: () => this.#core.act(() => this.#calls.end(leg.call, 'normal')),
      });
      this.#lineKeypads.set(leg, session);
      return;
    }
    this.#waitForDisa(leg);
    const target = this.#core.extension(keys);
    if (target === undefined) return;
    if (!this.#calls.isReachable(target)) {
      this.#core.tell({ type: 'tone', line: leg.line.number, tone: 'busy' });
      this.#lineKeys.set(leg, '');
      return;
    }
    leg.cancel?.();
    this.#lineKeys.delete(leg);
    this.#core.tell({ type: 'tone', line: leg.line.number, tone: 'ringback' });
    const rings = this.#calls.ring(target, leg.call, { reason: 'call' });
    this.#core.touch(leg.line);
    leg.call.waiting = {
      by: target,
      cancel: this.#core.after(this.#core.setup.times.noAnswerMs, () => {
        if (rings.state !== 'ringing') return;
        this.#calls.unseat(rings, 'noAnswer');
        this.#calls.end(leg.call, 'noAnswer');
      }),
    };
  }

  #waitForDisa(leg: LineLeg): void {
    leg.cancel?.();
    leg.cancel = this.#core.after(this.#core.setup.times.disaMs, () => this.#calls.end(leg.call, 'noAnswer'));
  }

  #gather(ext: Extension, keys: string): void {
    ext.gathered += keys;
    if (ext.gathered.length >= 32) return this.#tellGathered(ext);
    ext.cancelGathering ??= this.#core.after(GATHER_MS, () => this.#tellGathered(ext));
  }

  #tellGathered(ext: Extension): void {
    ext.cancelGathering?.();
    ext.cancelGathering = undefined;
    const digits = ext.gathered;
    ext.gathered = '';
    if (digits === '') return;
    const leg = activeLeg(ext);
    const line = leg?.call.lines[0];
    this.#core.tell({
      type: 'digits',
      ext: ext.number,
      digits,
      ...(line === undefined ? {} : { line: line.line.number }),
      ...(leg === undefined ? {} : { call: leg.call.id }),
    });
  }
}
