import { type Clock, CtiError, type LinkDownReason } from '@cordboard/cti-core';
import {
  DEFAULT_LINK_POLICY,
  LinkLoop,
  type LinkPolicy,
  type LinkSession,
  type LinkState,
} from '@cordboard/driver-kit';
import { localClock } from '../hotel/local-time.js';
import type { OpenTransport, Transport } from '../profile/transport.js';
import type { SmdrArchive } from './archive-folder.js';
import { IntakeWriter } from './intake-writer.js';
import type { SmdrFormatName, SmdrOptions } from './options.js';
import { createSmdrParser, type SmdrParsed, type SmdrParser } from './parser.js';
import type { SmdrOther, SmdrRecord } from './record.js';
import { createRepeatFilter, type RepeatFilter, type RepeatOptions } from './repeats.js';

/** What an intake tells. Nothing of it may throw. */
export interface SmdrIntakeSink {
  /** Records that are on the disk (or were read, where there is no archive), in order, each once: for rating, hotel and board. */
  readonly records?: (records: readonly SmdrRecord[]) => void;
  /** Lines that are no record: headers, events, unreadable and partial ones, records told before. `lineNo` counts from the start. */
  readonly other?: (other: SmdrOther) => void;
  /** Every byte as it came, before it is read: for a second port that gets the same. The array is the receiver's only during the call. */
  readonly bytes?: (bytes: Uint8Array) => void;
  /** What the link is doing. */
  readonly state?: (state: LinkState, error?: unknown) => void;
  /** The archive could not be written to. The same records are tried again a second later. */
  readonly archiveFailed?: (error: unknown) => void;
}

/** What an intake is made of. */
export interface SmdrIntakeOptions {
  readonly clock: Clock;
  /** 0 <= x < 1; jitter of the back-off. */
  readonly random: () => number;
  readonly format: SmdrFormatName;
  /** How the PBX is set. `begins` is `midstream` here unless told otherwise, since the port may be opened inside a line; `arrivedAt` comes from the clock. */
  readonly settings?: Omit<SmdrOptions, 'arrivedAt'>;
  /** Zone of the PBX, such as `Asia/Shanghai`: for formats without a year or a date. */
  readonly timeZone: string;
  readonly open: OpenTransport;
  /** Where the records go; absent: only to the sink. Its last records are read at the start, so that a block that is replayed is known. */
  readonly archive?: SmdrArchive;
  readonly repeats?: RepeatOptions;
  /**
   * Sends a carriage return once after each opening, for PBXs and buffers that wait for one; default: nothing is ever sent. `afterMs` default
   * 10,000, 0-600,000, for `kx-td` at least 10,000: such a PBX must not get one earlier (Panasonic KX-TD816AL Installation Manual, p. 3-108).
   */
  readonly wake?: { readonly afterMs?: number };
  /** A line that says nothing for so long is opened anew, ms: 1,000-86,400,000. Default: never, since a quiet PBX is no fault. */
  readonly silentMs?: number;
  readonly policy?: Partial<LinkPolicy>;
  readonly sink?: SmdrIntakeSink;
}

/** What an intake has seen since it was made. */
export interface SmdrIntakeCounts {
  readonly bytes: number;
  /** Read and new. */
  readonly records: number;
  readonly repeats: number;
  readonly unreadable: number;
  /** Read, and not on the disk yet. */
  readonly waiting: number;
  readonly connections: number;
}

/** Reads call records from a line for as long as it runs. */
export interface SmdrIntake {
  readonly state: LinkState;
  readonly counts: SmdrIntakeCounts;
  /**
   * Opens the line, and again after each loss with growing pauses; returns at once.
   * @throws {CtiError} `driver.started`, `driver.stopped`
   */
  start(): void;
  /**
   * Ends the line and every timer, and brings what was read to the disk; may be called again. A line under way is told as `partial`.
   * @throws {CtiError} `store.unavailable` where records could not be brought to the disk; `details.records` says how many
   */
  stop(): Promise<void>;
}

const CR = Uint8Array.of(13);
/** Silence after which records that might begin a replay are known to be new. */
const QUIET_MS = 2_000;
const KX_TD_WAIT_MS = 10_000;
const REMEMBER = 2_000;
const FOR_EVER_MS = 86_400_000;

class LineSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly transport: Transport;
  heardAtMs: number;
  #isOver = false;
  #resolve: (reason: LinkDownReason) => void = () => undefined;

  constructor(transport: Transport, clock: Clock, heard: (bytes: Uint8Array) => void) {
    this.transport = transport;
    this.heardAtMs = clock.nowMs();
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    transport.on('data', (bytes: Uint8Array) => {
      if (this.#isOver) return;
      this.heardAtMs = clock.nowMs();
      heard(bytes);
    });
    for (const event of ['error', 'end', 'close'] as const) transport.on(event, () => this.close('closed'));
  }

  close(reason: LinkDownReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.transport.destroy();
    this.#resolve(reason);
  }
}

class Intake implements SmdrIntake {
  readonly #options: SmdrIntakeOptions;
  readonly #parser: SmdrParser;
  readonly #repeats: RepeatFilter;
  readonly #writer: IntakeWriter;
  readonly #loop: LinkLoop<LineSession>;
  readonly #local: () => string;
  #second = Number.NaN;
  #stamp = '';
  #isPrimed = false;
  #counts = { bytes: 0, records: 0, repeats: 0, unreadable: 0, connections: 0 };
  #cancelQuiet: (() => void) | undefined;
  #cancelWake: (() => void) | undefined;
  #isHeldBack = false;

  constructor(options: SmdrIntakeOptions) {
    const { clock, random, format, settings, archive, sink = {} } = options;
    this.#options = options;
    this.#parser = createSmdrParser(format, { begins: 'midstream', ...settings });
    this.#repeats = createRepeatFilter({ remember: REMEMBER, ...options.repeats });
    this.#local = localClock(clock, options.timeZone);
    this.#writer = new IntakeWriter({
      clock,
      archive,
      kept: (records) => sink.records?.(records),
      failed: (error) => sink.archiveFailed?.(error),
      pressure: (state) => this.#hold(state),
    });
    const { silentMs } = options;
    this.#loop = new LinkLoop<LineSession>({
      clock,
      random,
      policy: { ...DEFAULT_LINK_POLICY, probeEveryMs: silentMs ?? FOR_EVER_MS, ...options.policy },
      dial: (signal) => this.#dial(signal),
      logIn: async () => undefined,
      probe: async () => {
        if (silentMs !== undefined) throw new CtiError('driver.timeout', 'the line fell silent');
      },
      heardAtMs: (session) => session.heardAtMs,
      up: (session) => this.#up(session),
      down: () => this.#down(),
      ...(sink.state === undefined ? {} : { state: sink.state }),
    });
  }

  get state(): LinkState {
    return this.#loop.state;
  }

  get counts(): SmdrIntakeCounts {
    return { ...this.#counts, waiting: this.#writer.waiting };
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#flush();
    const left = await this.#writer.end();
    if (left === 0) return;
    throw new CtiError('store.unavailable', 'call records could not be archived', { details: { records: left } });
  }

  async #dial(signal: AbortSignal): Promise<LineSession> {
    await this.#prime();
    const transport = await this.#options.open(signal);
    if (this.#isHeldBack) transport.pause();
    return new LineSession(transport, this.#options.clock, (bytes) => this.#heard(bytes));
  }

  /** What the archive holds may be told again by a PBX that does not know that the host was away. */
  async #prime(): Promise<void> {
    if (this.#isPrimed) return;
    const { archive, repeats } = this.#options;
    if (archive !== undefined) this.#repeats.remember(await archive.latest(repeats?.remember ?? REMEMBER));
    this.#isPrimed = true;
  }

  #up(session: LineSession): void {
    this.#counts.connections += 1;
    // The first opening may be one after a restart of the host.
    this.#repeats.reconnected();
    const { wake, clock } = this.#options;
    if (wake === undefined) return;
    this.#cancelWake = clock.setTimer(wake.afterMs ?? KX_TD_WAIT_MS, () => session.transport.write(CR));
  }

  #down(): void {
    this.#cancelWake?.();
    this.#take(this.#parser.reconnected());
  }

  #heard(bytes: Uint8Array): void {
    this.#counts.bytes += bytes.length;
    this.#options.sink?.bytes?.(bytes);
    this.#take(this.#parser.push(bytes, this.#now()));
  }

  /** A line at full speed brings a hundred pieces a second. */
  #now(): string {
    const second = Math.floor(this.#options.clock.wallMs() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#stamp = this.#local();
    }
    return this.#stamp;
  }

  #take({ records, others }: SmdrParsed): void {
    const { sink } = this.#options;
    for (const other of others) {
      if (other.kind === 'unreadable') this.#counts.unreadable += 1;
      sink?.other?.(other);
    }
    if (records.length === 0) return;
    this.#keep(this.#repeats.push(records));
    this.#cancelQuiet?.();
    if (this.#repeats.held > 0) this.#cancelQuiet = this.#options.clock.setTimer(QUIET_MS, () => this.#flush());
  }

  #flush(): void {
    this.#cancelQuiet?.();
    this.#keep(this.#repeats.flush());
  }

  #keep({ kept, dropped }: { readonly kept: readonly SmdrRecord[]; readonly dropped: readonly SmdrRecord[] }): void {
    this.#counts.records += kept.length;
    this.#counts.repeats += dropped.length;
    this.#writer.push(kept);
  }

  /** A disk that is full or slow: TCP and handshake lines wait, others lose what their port cannot hold. Nothing here grows without bound. */
  #hold(state: 'full' | 'relieved'): void {
    this.#isHeldBack = state === 'full';
    const transport = this.#loop.session?.transport;
    if (state === 'full') transport?.pause();
    else transport?.resume();
  }
}

const within = (value: number | undefined, least: number, path: string): void => {
  if (value === undefined || (Number.isFinite(value) && value >= least && value <= FOR_EVER_MS)) return;
  throw new CtiError('argument.invalid', `${path} is ${least} ms to a day`, { details: { path } });
};

/**
 * Makes what reads call records from a line: a serial port, a socket, anything that {@link OpenTransport} opens. Inert until `start`.
 *
 * Each record goes to the archive and, when it is there, to the sink: once, in order. After a loss of the line the part of a line that came before it is
 * told as `partial`, and a block of records that the PBX replays is known and dropped, also when the host was killed in between.
 *
 * @throws {CtiError} `argument.invalid` options out of range, an unknown format or time zone
 */
export function openSmdrIntake(options: SmdrIntakeOptions): SmdrIntake {
  within(options.wake?.afterMs, options.format === 'kx-td' ? KX_TD_WAIT_MS : 0, 'wake.afterMs');
  within(options.silentMs, 1_000, 'silentMs');
  return new Intake(options);
}
