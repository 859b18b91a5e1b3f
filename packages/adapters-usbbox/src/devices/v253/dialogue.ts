import { type Clock, CtiError } from '@cordboard/cti-core';
import { V253Decoder } from '../../wire/v253/decoder.js';
import { type FinalResult, readLine, type V253Line } from '../../wire/v253/lines.js';

/** What the modem answered to one order. */
export interface Answer {
  readonly result: FinalResult;
  /** Lines before the result, at most {@link MAX_INFORMATION}. */
  readonly information: readonly string[];
}

/** What comes by itself, or while something is under way. */
export interface DialogueEvents {
  line(line: V253Line): void;
  code(code: string): void;
  sound(bytes: Uint8Array): void;
  /** A stream of sound has ended, whoever ended it. */
  soundEnd(): void;
}

/** A list of sound formats has about ten lines. */
export const MAX_INFORMATION = 64;

interface Waiting {
  readonly information: string[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: CtiError) => void;
  readonly cancel: () => void;
}

/** Orders to a modem and their answers, one at a time, with what it tells by itself beside them. */
export class Dialogue {
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #events: DialogueEvents;
  readonly decoder: V253Decoder;
  #waiting: Waiting | undefined;
  /** Results that nobody waited for: late answers, and nonsense. */
  strayResults = 0;

  constructor(parts: {
    readonly clock: Clock;
    readonly write: (bytes: Uint8Array) => void;
    readonly events: DialogueEvents;
  }) {
    this.#clock = parts.clock;
    this.#write = parts.write;
    this.#events = parts.events;
    const { events } = parts;
    this.decoder = new V253Decoder({
      line: (text) => this.#line(text),
      code: (code) => events.code(code),
      packet: () => undefined,
      sound: (bytes) => events.sound(bytes),
      soundEnd: () => events.soundEnd(),
    });
  }

  /** Is an answer waited for? */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /**
   * Sends a command line, or bytes within a stream, and waits for the result.
   * Rejects with `device.timeout`, or with what {@link Dialogue.fail} says.
   */
  order(what: string | Uint8Array, timeoutMs: number): Promise<Answer> {
    if (this.#waiting !== undefined)
      return Promise.reject(new CtiError('device.refused', 'the modem has not answered the order before'));
    return new Promise<Answer>((resolve, reject) => {
      const cancel = this.#clock.setTimer(timeoutMs, () => {
        this.#waiting = undefined;
        reject(new CtiError('device.timeout', 'the modem did not answer', { details: { timeoutMs } }));
      });
      this.#waiting = { information: [], resolve, reject, cancel };
      this.#write(typeof what === 'string' ? line(what) : what);
    });
  }

  /** Whoever waits for an answer waits in vain. */
  fail(error: CtiError): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.cancel();
    waiting?.reject(error);
  }

  #line(text: string): void {
    const read = readLine(text);
    const waiting = this.#waiting;
    if (read.type === 'echo') return;
    if (read.type === 'final') {
      if (waiting === undefined) this.strayResults += 1;
      else {
        this.#waiting = undefined;
        waiting.cancel();
        waiting.resolve({ result: read.result, information: waiting.information });
      }
    } else if (read.type === 'information' && waiting !== undefined && waiting.information.length < MAX_INFORMATION)
      waiting.information.push(read.text);
    this.#events.line(read);
  }
}

function line(text: string): Uint8Array {
  return Uint8Array.from(`${text}\r`, (each) => each.charCodeAt(0) & 0x7f);
}
