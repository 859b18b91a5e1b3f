import type { Clock } from '@cordboard/cti-core';
import type { LineDeviceEvent } from '../../device/port.js';
import { type CodeMeaning, meaningOf } from '../../map/v253/codes.js';
import { KeyMerge } from '../../map/v253/keys.js';
import { ModemTones } from '../../map/v253/tones.js';
import { Timers } from '../../timers.js';
import { CallerIdLines, readCallerIdHex } from '../../wire/v253/caller-id.js';
import type { V253Line } from '../../wire/v253/lines.js';
import type { V253Options } from './options.js';

/** Modems tell that the bell rings, and not for how long: a second, as it does nearly everywhere. */
const RING_MS = 1_000;
/** The lines of one caller ID come one after the other without a pause. */
const CALLER_ID_PAUSE_MS = 300;

/** Turns what a modem says by itself into what its line does. Keeps nothing of calls. */
export class Told {
  readonly #parts: {
    readonly clock: Clock;
    readonly options: V253Options;
    readonly tell: (event: LineDeviceEvent) => void;
    readonly flow: (may: 'go' | 'stop') => void;
    readonly ears: () => 'ours' | 'theirs';
  };
  readonly #timers: Timers<'ring' | 'callerId' | 'tones'>;
  readonly #keys = new KeyMerge();
  readonly #callerId = new CallerIdLines();
  readonly #tones: ModemTones;
  #lastRingMs = Number.NEGATIVE_INFINITY;
  /** Codes without a meaning. */
  unknown = 0;

  constructor(parts: {
    readonly clock: Clock;
    readonly options: V253Options;
    readonly tell: (event: LineDeviceEvent) => void;
    readonly flow: (may: 'go' | 'stop') => void;
    /** Who hears the line now: while a half-duplex modem plays, it alone does. */
    readonly ears: () => 'ours' | 'theirs';
  }) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
    this.#tones = new ModemTones({ least: parts.options.toneCodes });
  }

  /** When the bell last rang, ms of the clock. */
  get lastRingMs(): number {
    return this.#lastRingMs;
  }

  /** A line that came by itself. */
  line(line: V253Line): void {
    if (line.type !== 'callerId' && !this.#callerId.isEmpty) this.#callerIdEnds();
    if (line.type === 'ring') this.#ring();
    else if (line.type === 'callerId') {
      if (line.field === 'message') this.#hex(line.value);
      else this.#callerId.take(line);
      this.#timers.set('callerId', CALLER_ID_PAUSE_MS, () => this.#callerIdEnds());
    } else if (line.type === 'callerIdHex') this.#hex(line.hex);
  }

  /** The result code of a modem that dials and hears ringback: believed at once. */
  ringing(): void {
    for (let times = 0; times < this.#parts.options.toneCodes; times++) this.#tone('ringback');
  }

  /** A shielded code. */
  code(code: string): void {
    const meaning = meaningOf(code);
    if (meaning === undefined) this.unknown += 1;
    else this.#mean(meaning);
  }

  /** A key that the signal code heard. */
  key(digit: string, toneMs: number): void {
    if (this.#keys.isNew(digit, 'sound', this.#parts.clock.nowMs()))
      this.#parts.tell({ type: 'digit', from: 'line', digit, toneMs });
  }

  /** A new use of the line: what sounded in the one before is forgotten. */
  fresh(): void {
    this.#keys.reset();
    this.#tones.end();
    this.#timers.cancel('tones');
  }

  /** Ends every timer. */
  stop(): void {
    this.#timers.cancelAll();
  }

  #mean(meaning: CodeMeaning): void {
    const { tell, clock, options, flow } = this.#parts;
    switch (meaning.type) {
      case 'digit':
        if (this.#keys.isNew(meaning.digit, 'modem', clock.nowMs()))
          tell({ type: 'digit', from: 'line', digit: meaning.digit });
        return;
      case 'ring':
        return this.#ring();
      case 'tone':
        return this.#tone(meaning.tone);
      case 'polarity':
        return tell({ type: 'signal', signal: 'polarity' });
      case 'phone':
        return options.phone === 'none' ? undefined : tell({ type: 'phoneHook', hook: meaning.hook });
      case 'currentBroken':
        return tell({ type: 'remoteHangup', by: 'current' });
      case 'presumedEnd':
        return options.silenceEnds === 0 ? undefined : tell({ type: 'remoteHangup', by: 'modem' });
      case 'flow':
        return flow(meaning.may);
      case 'digitBegins':
      case 'digitEnds':
      case 'voice':
      case 'lostSound':
      case 'nothing':
        return;
    }
  }

  #tone(tone: 'dial' | 'ringback' | 'busy' | 'fax' | 'modem'): void {
    const { tell, clock, options, ears } = this.#parts;
    if (options.progress !== 'modem' && ears() === 'ours') return;
    for (const event of this.#tones.told(tone, clock.nowMs())) tell(event);
    this.#watchTones();
  }

  #watchTones(): void {
    this.#timers.set('tones', 500, () => {
      const events = this.#tones.passed(this.#parts.clock.nowMs());
      for (const event of events) this.#parts.tell(event);
      if (this.#tones.isOpen) this.#watchTones();
    });
  }

  #ring(): void {
    const { tell, clock } = this.#parts;
    const nowMs = clock.nowMs();
    // Some modems say it twice, as a line and as a code.
    if (nowMs - this.#lastRingMs < RING_MS) return;
    this.#lastRingMs = nowMs;
    tell({ type: 'signal', signal: 'ringStart' });
    this.#timers.set('ring', RING_MS, () => tell({ type: 'signal', signal: 'ringEnd' }));
  }

  #hex(hex: string): void {
    const callerId = readCallerIdHex(hex);
    if (callerId !== undefined) this.#parts.tell({ type: 'callerId', callerId });
  }

  #callerIdEnds(): void {
    this.#timers.cancel('callerId');
    const callerId = this.#callerId.finish();
    if (callerId !== undefined) this.#parts.tell({ type: 'callerId', callerId });
  }
}
