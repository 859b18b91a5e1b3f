import type { Clock, LinkDownReason } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, type LinkPolicy, type LinkSession } from '@cordboard/driver-kit';
import type { OpenTransport, Transport } from '../../profile/transport.js';

/** Bytes that did not get through. */
export interface ForwardLoss {
  /** Bytes that had no room while the other side was away or slow. */
  readonly droppedBytes: number;
  /** Bytes that were handed to the port when it went, of which nobody knows. */
  readonly uncertainBytes: number;
}

/** What {@link forwardBytes} is given. */
export interface ForwardOptions {
  readonly clock: Clock;
  /** 0 <= x < 1; jitter of the back-off. */
  readonly random: () => number;
  /** Opens the second port. */
  readonly open: OpenTransport;
  /** Most bytes that wait, 1,024 to 64 Mi, and the rest of a line that has begun; default 262,144. */
  readonly limitBytes?: number;
  /** Told at the first loss and then at most once a second, with all that was lost so far. */
  readonly lost?: (loss: ForwardLoss) => void;
  /** The port is there, or gone. */
  readonly state?: (state: 'up' | 'down') => void;
  readonly policy?: Partial<LinkPolicy>;
}

/** A second port that gets the same bytes. */
export interface ByteForward {
  /** Takes the next bytes; never waits and never throws. */
  write(bytes: Uint8Array): void;
  readonly waitingBytes: number;
  readonly loss: ForwardLoss;
  /** Waits until everything that waits is out, at most `drainMs` (default 0), and ends. May be called again. */
  stop(options?: { readonly drainMs: number }): Promise<void>;
}

const PIECE_BYTES = 1_024;
const LF = 0x0a;
const TELL_MS = 1_000;
/** A line of which the beginning was taken is taken to its end where it is no longer than this: half a line would spoil the next one. */
const LINE_BYTES = 4_096;

/**
 * Sends bytes on, byte for byte and in order, to a port that may be slow or away. What has no room is dropped from the end of a line to the end of a line, so that what follows can be
 * read, and counted.
 */
export function forwardBytes(options: ForwardOptions): ByteForward {
  const { clock, random, open, limitBytes = 262_144, lost, state, policy } = options;
  const queue: Uint8Array[] = [];
  let waitingBytes = 0;
  let inFlight = 0;
  let isDropping = false;
  // The last byte that was taken is none that ends a line.
  let isWithin = false;
  let droppedBytes = 0;
  let uncertainBytes = 0;
  let cancelTell: (() => void) | undefined;
  let empty: (() => void) | undefined;
  let stopped: Promise<void> | undefined;

  const loss = (): ForwardLoss => ({ droppedBytes, uncertainBytes });
  const tell = (): void => {
    if (cancelTell !== undefined || stopped !== undefined) return;
    lost?.(loss());
    const told = droppedBytes + uncertainBytes;
    cancelTell = clock.setTimer(TELL_MS, () => {
      cancelTell = undefined;
      if (droppedBytes + uncertainBytes > told) tell();
    });
  };
  const pump = (session: PortSession | undefined): void => {
    if (session === undefined || inFlight > 0) return;
    const piece = queue.shift();
    if (piece === undefined) return empty?.();
    waitingBytes -= piece.length;
    inFlight = piece.length;
    // The callback comes when the port has taken them: backpressure is one piece.
    session.write(piece, () => {
      inFlight = 0;
      pump(session);
    });
  };
  const loop = new LinkLoop<PortSession>({
    clock,
    random,
    policy: { ...DEFAULT_LINK_POLICY, connectTimeoutMs: 60_000, giveUpOn: [], ...policy },
    dial: async (signal) => new PortSession(await open(signal)),
    logIn: async () => undefined,
    probe: async () => undefined,
    heardAtMs: () => clock.nowMs(),
    up: (session) => {
      state?.('up');
      pump(session);
    },
    down: () => {
      if (inFlight > 0) {
        uncertainBytes += inFlight;
        inFlight = 0;
        tell();
      }
      state?.('down');
    },
  });
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) queue.push(bytes.slice(at, at + PIECE_BYTES));
    waitingBytes += bytes.length;
    pump(loop.session);
  };
  const drop = (count: number): void => {
    if (count === 0) return;
    droppedBytes += count;
    tell();
  };
  const write = (bytes: Uint8Array): void => {
    if (stopped !== undefined) return;
    let rest = bytes;
    if (isDropping) {
      const end = rest.indexOf(LF);
      const hasRoom = waitingBytes + inFlight + rest.length <= limitBytes;
      if (end < 0 || !hasRoom) return drop(rest.length);
      drop(end + 1);
      isDropping = false;
      rest = rest.subarray(end + 1);
    }
    if (isWithin) {
      const end = rest.indexOf(LF) + 1;
      const same = end === 0 ? rest : rest.subarray(0, end);
      isWithin = end === 0;
      rest = rest.subarray(same.length);
      if (waitingBytes + inFlight + same.length <= limitBytes + LINE_BYTES) put(same);
      else {
        isDropping = isWithin;
        isWithin = false;
        drop(same.length);
      }
    }
    if (rest.length === 0) return;
    const room = limitBytes - waitingBytes - inFlight;
    const fits = rest.length <= room ? rest.length : rest.subarray(0, Math.max(0, room)).lastIndexOf(LF) + 1;
    if (fits > 0) put(rest.subarray(0, fits));
    const ends = rest.at(-1) === LF;
    if (fits === rest.length) isWithin = !ends;
    else isDropping = !ends;
    drop(rest.length - fits);
  };
  const stop = async (drainMs: number): Promise<void> => {
    if (drainMs > 0 && waitingBytes + inFlight > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.setTimer(drainMs, resolve);
        empty = () => {
          cancel();
          resolve();
        };
      });
    }
    cancelTell?.();
    await loop.stop();
  };
  loop.start();
  return {
    write,
    get waitingBytes() {
      return waitingBytes + inFlight;
    },
    get loss() {
      return loss();
    },
    stop({ drainMs } = { drainMs: 0 }) {
      stopped ??= stop(drainMs);
      return stopped;
    },
  };
}

/** One life of the second port. What it says is not listened to. */
class PortSession implements LinkSession {
  readonly closed: Promise<LinkDownReason>;
  readonly #port: Transport;
  #resolve: (reason: LinkDownReason) => void = () => undefined;

  constructor(port: Transport) {
    this.#port = port;
    this.closed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    port.on('data', () => undefined);
    port.on('error', () => this.close('closed'));
    port.on('end', () => this.close('closed'));
    port.on('close', () => this.close('closed'));
  }

  write(bytes: Uint8Array, taken: () => void): void {
    this.#port.write(bytes, (error) => {
      if (error === undefined || error === null) taken();
    });
  }

  close(reason: LinkDownReason): void {
    this.#port.destroy();
    this.#resolve(reason);
  }
}
