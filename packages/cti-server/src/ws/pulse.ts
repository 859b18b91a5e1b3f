import { type Clock, CtiError } from '@cordboard/cti-core';

/** How long a socket may stay without its first frame. */
const HELLO_MS = 10_000;
/** A silent page is closed with this code; `client.timeout` has none of its own. */
const LAPSED = 4408;
/** A page whose last word is older than this part of the period is asked for one. */
const QUIET_SHARE = 0.9;

/** What a pulse asks and tells. */
export interface PulsePorts {
  readonly clock: Clock;
  readonly pingMs: number;
  /** After so much silence the page is taken for gone. */
  readonly leaseMs: () => number;
  /** Epoch ms at which the token ends; `undefined` before there is one. */
  readonly endsWallMs: () => number | undefined;
  /** Since when the client has been reading too slowly. */
  readonly slowSinceMs: () => number | undefined;
  /** The page has said something since the last time this was told. */
  readonly alive: () => void;
  /** The page was silent: it is to be asked. */
  readonly probe: () => void;
  /** Ends the client and says why. */
  readonly end: (error: CtiError, code?: number) => void;
  /** Ends it without a word, since none would arrive. */
  readonly drop: () => void;
  readonly lapsed: () => void;
}

/** Knows by one timer whether a client still lives: asks silent pages for a word, ends those that give none, and those whose token has ended. */
export class Pulse {
  readonly #ports: PulsePorts;
  #heardMs: number;
  /** Has it said anything since that was told last? */
  #heard: 'heard' | 'silent' = 'silent';
  #cancel: () => void;

  /** Waits for the first frame. */
  constructor(ports: PulsePorts) {
    this.#ports = ports;
    this.#heardMs = ports.clock.nowMs();
    this.#cancel = ports.clock.setTimer(HELLO_MS, () => {
      ports.end(new CtiError('auth.missing', 'the first frame did not come in time'));
    });
  }

  /** The client said something. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#heard = 'heard';
  }

  /** The client is let in: beats from here on. */
  begin(): void {
    this.#cancel();
    this.#heard = 'silent';
    this.#arm();
  }

  /** Ends it. Twice is once. */
  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#ports.clock.setTimer(this.#ports.pingMs, () => this.#beat());
  }

  #beat(): void {
    const { clock, pingMs, leaseMs, endsWallMs, slowSinceMs, alive, probe, end, drop, lapsed } = this.#ports;
    const nowMs = clock.nowMs();
    const silentMs = nowMs - this.#heardMs;
    const slowMs = nowMs - (slowSinceMs() ?? nowMs);
    if (clock.wallMs() > (endsWallMs() ?? Number.POSITIVE_INFINITY)) {
      return end(new CtiError('auth.expired', 'the token has ended'));
    }
    if (silentMs >= leaseMs()) {
      lapsed();
      return end(new CtiError('client.timeout', 'the page was silent for too long'), LAPSED);
    }
    if (slowMs > leaseMs()) return drop();
    // Asking and telling are two things: a page that speaks only when it is asked (hidden ones do) is always silent here, and lives.
    if (this.#heard === 'heard') {
      this.#heard = 'silent';
      alive();
    }
    if (silentMs >= pingMs * QUIET_SHARE) probe();
    this.#arm();
  }
}
