import { type Clock, CtiError } from '@cordboard/cti-core';
import { type NecFrame, type NecReport, type NecText, reportOf } from '../wire/nec-pms/index.js';
import { NEC_PMS, NEC_TIMES } from './nec-pms.js';
import type { Transport } from './transport.js';

/** What a link to a NEAX is made of. */
export interface NecLinkOptions {
  /** Open already; the link owns it and destroys it. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** Rate of the line, by which the answer to a text is awaited only from its last byte on. Default the profile's; 0: no such line in between. */
  readonly baudRate?: number;
  readonly onReport: (report: NecReport) => void;
  /** A call record: 128 characters. */
  readonly onRecord: (data: string) => void;
  /** Bytes that were no frame, at most 133 of them. */
  readonly onDamaged?: (sample: Uint8Array) => void;
  /** The line is gone. Called once. */
  readonly onClosed?: () => void;
}

interface Sending {
  readonly text: NecText;
  /** Transmissions that the other side broke off. */
  broken: number;
  readonly resolve: () => void;
  readonly reject: (error: CtiError) => void;
}

type State =
  | 'idle'
  /** A transmission of ours is over, the next must wait. */
  | 'resting'
  /** The start sequence is out. */
  | 'bidding'
  /** The text is out. */
  | 'sending'
  /** The other side asked for a pause. */
  | 'pausing'
  /** The other side has the right to send. */
  | 'receiving';

const MAX_WAITING = 256;
const MAX_BROKEN = 10;

/**
 * The host's side of the contention protocol of the NEC hotel link: one text at a time, each confirmed by the PBX's line; when both ask to send at once, the host gives
 * way. Call records that come without being asked for (`free wheel`) are taken at any time and not answered.
 */
export class NecLink {
  readonly #options: NecLinkOptions;
  readonly #decoder = NEC_PMS.createDecoder();
  readonly #waiting: Sending[] = [];
  #state: State = 'idle';
  #closed: 'closed' | undefined;
  #noAnswers = 0;
  #rejects = 0;
  #pauses = 0;
  #stopTimer: () => void = () => undefined;
  #stopGap: () => void = () => undefined;
  /** What was said last to a text, for a query; and that text, which is not handed on twice within a transmission. */
  #answer: 'ack' | 'nak' = 'nak';
  #taken: string | undefined;

  constructor(options: NecLinkOptions) {
    this.#options = options;
    const { transport } = options;
    transport.on('data', (chunk: Uint8Array) => this.#bytes(chunk));
    transport.on('error', () => this.close());
    transport.on('close', () => this.close());
  }

  /** Texts that wait or are on their way. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Sends a text; resolves when the PBX's line has taken it whole. Whether the PBX could carry it out it tells, if at all, by a report `violation`.
   *
   * @throws {CtiError} by rejection: `driver.timeout` nobody answers; `driver.refused` it was rejected four times or broken off ten times; `driver.linkLost`;
   *   `wire.frameTooLarge`; `server.busy` more than 256 wait
   */
  send(text: NecText): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(lost());
      if (this.#waiting.length >= MAX_WAITING) return reject(new CtiError('server.busy', 'too many texts wait'));
      NEC_PMS.encode(text, undefined);
      this.#waiting.push({ text, broken: 0, resolve, reject });
      this.#bid();
    });
  }

  /** Ends it; what waits is answered `driver.linkLost`. May be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = 'closed';
    this.#stopTimer();
    this.#stopGap();
    this.#options.transport.destroy();
    for (const { reject } of this.#waiting.splice(0)) reject(lost());
    this.#options.onClosed?.();
  }

  #bytes(chunk: Uint8Array): void {
    this.#stopGap();
    this.#decoder.push(chunk, (frame) => this.#take(frame));
    if (this.#closed || this.#decoder.pendingBytes === 0) return;
    this.#stopGap = this.#options.clock.setTimer(NEC_PMS.timings.gapMs, () =>
      this.#decoder.giveUp((frame) => this.#take(frame)),
    );
  }

  #say(kind: 'start' | 'query' | 'ack' | 'nak' | 'eot'): void {
    this.#options.transport.write(NEC_PMS.encode({ kind }, undefined));
  }

  #wait(state: State, ms: number, then: () => void): void {
    this.#stopTimer();
    this.#state = state;
    this.#stopTimer = this.#options.clock.setTimer(ms, then);
  }

  #idle(): void {
    this.#stopTimer();
    this.#state = 'idle';
    this.#forget();
    this.#bid();
  }

  /** A transmission of the other side is over. */
  #forget(): void {
    this.#taken = undefined;
    this.#answer = 'nak';
  }

  #bid(): void {
    if (this.#state !== 'idle' || this.#waiting.length === 0 || this.#closed) return;
    this.#noAnswers = 0;
    this.#rejects = 0;
    this.#pauses = 0;
    this.#start();
  }

  #start(): void {
    this.#say('start');
    this.#wait('bidding', NEC_TIMES.senderMs, () => {
      this.#noAnswers += 1;
      if (this.#noAnswers <= NEC_TIMES.startsUnanswered) this.#start();
      else this.#over(new CtiError('driver.timeout', 'the PBX does not answer on its hotel link'));
    });
  }

  #transmit(): void {
    const [head] = this.#waiting;
    if (head === undefined) return this.#over(undefined);
    const bytes = NEC_PMS.encode(head.text, undefined);
    const { baudRate = NEC_PMS.serial.baudRate } = this.#options;
    this.#options.transport.write(bytes);
    // Start bit, seven data bits, parity, two stop bits.
    this.#awaitAnswer(baudRate === 0 ? 0 : (bytes.length * 11_000) / baudRate);
  }

  #awaitAnswer(leavesMs = 0): void {
    this.#wait('sending', NEC_TIMES.senderMs + leavesMs, () => {
      this.#noAnswers += 1;
      if (this.#noAnswers > NEC_TIMES.queries) {
        this.#over(new CtiError('driver.timeout', 'the PBX does not confirm a text on its hotel link'));
        return;
      }
      this.#say('query');
      this.#awaitAnswer();
    });
  }

  /** The transmission is over: without an error the text was taken. */
  #over(error: CtiError | undefined): void {
    const head = this.#waiting.shift();
    this.#rest();
    if (error === undefined) head?.resolve();
    else head?.reject(error);
  }

  /** The other side broke it off: it is tried again. */
  #broken(): void {
    const [head] = this.#waiting;
    if (head !== undefined) head.broken += 1;
    if (head !== undefined && head.broken > MAX_BROKEN) {
      this.#over(new CtiError('driver.refused', 'the PBX breaks off what is sent on its hotel link'));
    } else this.#rest();
  }

  #rest(): void {
    this.#say('eot');
    this.#wait('resting', NEC_TIMES.intervalMs, () => this.#idle());
  }

  #take(frame: NecFrame): void {
    if (this.#closed) return;
    if (frame.kind === 'damaged') this.#options.onDamaged?.(frame.sample);
    switch (this.#state) {
      case 'bidding':
        return this.#whileBidding(frame);
      case 'sending':
      case 'pausing':
        return this.#whileSending(frame);
      default:
        return this.#whileListening(frame);
    }
  }

  #whileBidding(frame: NecFrame): void {
    if (frame.kind === 'ack') {
      this.#noAnswers = 0;
      this.#rejects = 0;
      this.#transmit();
    } else if (frame.kind === 'nak') {
      this.#rejects += 1;
      if (this.#rejects > NEC_TIMES.rejects) this.#broken();
      else this.#start();
    } else if (frame.kind === 'interrupt' || frame.kind === 'abort' || frame.kind === 'pause') this.#broken();
    // Both asked at once, and the PBX comes first.
    else if (frame.kind === 'start') this.#receive();
    else if (frame.kind === 'record') this.#options.onRecord(frame.data);
  }

  #whileSending(frame: NecFrame): void {
    if (frame.kind === 'ack') this.#over(undefined);
    else if (frame.kind === 'nak') {
      this.#rejects += 1;
      if (this.#rejects > NEC_TIMES.rejects)
        this.#over(new CtiError('driver.refused', 'the PBX rejects a text again and again'));
      else this.#transmit();
    } else if (frame.kind === 'pause') {
      this.#pauses += 1;
      if (this.#pauses > NEC_TIMES.pauses) return this.#broken();
      this.#wait('pausing', NEC_TIMES.senderMs, () => this.#transmit());
    } else if (frame.kind === 'interrupt' || frame.kind === 'abort') this.#broken();
    else if (frame.kind === 'record') this.#options.onRecord(frame.data);
  }

  #receive(): void {
    this.#say('ack');
    this.#wait('receiving', NEC_TIMES.receiverMs, () => this.#idle());
  }

  #whileListening(frame: NecFrame): void {
    switch (frame.kind) {
      case 'start':
        this.#forget();
        return this.#receive();
      case 'text':
      case 'record': {
        const content = frame.kind === 'text' ? frame.feature + frame.function + frame.body : frame.data;
        const again = this.#taken === content;
        this.#answer = 'ack';
        this.#taken = content;
        if (this.#state === 'receiving') this.#receive();
        if (again) return;
        if (frame.kind === 'record') this.#options.onRecord(frame.data);
        else this.#report(frame);
        return;
      }
      case 'damaged':
        if (this.#state !== 'receiving') return;
        this.#answer = 'nak';
        this.#say('nak');
        return;
      case 'query':
        // Also where the right to send was never given here: its sender waits for this, and a no makes it tell its text again.
        this.#say(this.#answer);
        return;
      case 'eot':
        this.#forget();
        if (this.#state === 'receiving') this.#idle();
        return;
      default:
        return;
    }
  }

  #report(frame: NecText): void {
    const report = reportOf(frame);
    this.#options.onReport(report);
    if (report.type === 'releaseRequest') {
      this.send({ kind: 'text', feature: '70', function: '6', body: '' }).catch(() => undefined);
    }
  }
}

const lost = (): CtiError => new CtiError('driver.linkLost', 'the line to the PBX is gone');
