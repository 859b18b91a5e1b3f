import { type Clock, CtiError, isCtiError, type LinkDownReason } from '@cordboard/cti-core';
import { sleep } from './clock.js';

/** A socket (or cable) that is open. Made by `dial`, ended by whichever side comes first. */
export interface LinkSession {
  /** Resolves once, with the reason, when the session is over for whatever cause; never rejects. */
  readonly closed: Promise<LinkDownReason>;
  /** Closes it. May be called at any time, any number of times. `closed` resolves soon after. */
  close(reason: LinkDownReason): void;
}

/** When to try again, and when to give up: data, so that a test or a site can tell what a link will do. */
export interface LinkPolicy {
  /** Bound of dial and log-in together, ms. 100-60,000, default 10,000. */
  readonly connectTimeoutMs: number;
  /** Silence after which the peer is asked for a sign of life, ms. 100-600,000, default 15,000. */
  readonly probeEveryMs: number;
  /** Bound of that sign of life, ms; without it the link is down with `timeout`. 100-60,000, default 5,000. */
  readonly probeTimeoutMs: number;
  /** Back-off: the n-th wait is random in 0..min(max, first * 2^n), plus `backoffFloorMs`. Defaults 500, 15,000, 100. */
  readonly backoffFirstMs: number;
  readonly backoffMaxMs: number;
  readonly backoffFloorMs: number;
  /** A link that stayed up for so long starts its back-off anew, ms. Default 10,000. */
  readonly steadyAfterMs: number;
  /** Reasons after which no further attempt is made: trying again would harm (fighting another client) or can not help. */
  readonly giveUpOn: readonly LinkDownReason[];
  /** Attempts without a log-in between them after which it gives up; 0 = never. Default 0. */
  readonly giveUpAfterAttempts: number;
}

/** The policy of a switch on the same site: fast at first, at most 15 s between attempts, for ever. */
export const DEFAULT_LINK_POLICY: LinkPolicy = {
  connectTimeoutMs: 10_000,
  probeEveryMs: 15_000,
  probeTimeoutMs: 5_000,
  backoffFirstMs: 500,
  backoffMaxMs: 15_000,
  backoffFloorMs: 100,
  steadyAfterMs: 10_000,
  giveUpOn: ['replaced'],
  giveUpAfterAttempts: 0,
};

/** What a link is doing. */
export type LinkState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'up' }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly delayMs: number; readonly reason: LinkDownReason }
  | { readonly kind: 'gaveUp'; readonly reason: LinkDownReason }
  | { readonly kind: 'stopped' };

/** What a link is made of. The loop knows no protocol, the session knows no policy. */
export interface LinkLoopOptions<S extends LinkSession> {
  readonly clock: Clock;
  /** 0 <= x < 1; the jitter of the back-off. */
  readonly random: () => number;
  readonly policy: LinkPolicy;
  /** Opens the socket: the only place where one is opened. Must give up and leave nothing when the signal aborts. */
  readonly dial: (signal: AbortSignal) => Promise<S>;
  /** Logs in on the open session. */
  readonly logIn: (session: S, signal: AbortSignal) => Promise<void>;
  /** Asks the peer for a sign of life; resolves when it came. */
  readonly probe: (session: S, signal: AbortSignal) => Promise<void>;
  /** When the session last heard anything, on the loop's clock; a link that talks is not probed. */
  readonly heardAtMs?: (session: S) => number;
  /** The link is up. What it does with the session runs until `down`; it must not throw. */
  readonly up: (session: S) => void;
  /** The link that was `up` is down. Called exactly once for each `up`. */
  readonly down: (reason: LinkDownReason) => void;
  /** Each change of state, after it happened. */
  readonly state?: (state: LinkState, error?: unknown) => void;
}

/**
 * Keeps one link open: dial, log in, probe, and after a loss the same again with growing pauses.
 *
 * Inert until `start`. One loop dials at one place, so that the second connection is made exactly like the first.
 */
export class LinkLoop<S extends LinkSession> {
  readonly #options: LinkLoopOptions<S>;
  readonly #stop = new AbortController();
  #state: LinkState = { kind: 'idle' };
  #session: S | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LinkLoopOptions<S>) {
    this.#options = options;
  }

  /** What it is doing now. */
  get state(): LinkState {
    return this.#state;
  }

  /** The session while the link is up. */
  get session(): S | undefined {
    return this.#state.kind === 'up' ? this.#session : undefined;
  }

  /**
   * Starts to keep the link up, and returns at once.
   *
   * @throws {CtiError} `driver.started` when it runs already, `driver.stopped` after stop
   */
  start(): void {
    if (this.#stop.signal.aborted) throw new CtiError('driver.stopped', 'this link was stopped; make a new one');
    if (this.#running !== undefined) throw new CtiError('driver.started', 'this link runs already');
    this.#running = this.#run();
  }

  /** Ends the link and every wait. Resolves when nothing of it is left; never rejects; may be called again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#session?.close('stopped');
    await this.#running;
    if (this.#state.kind !== 'stopped') this.#publish({ kind: 'stopped' });
  }

  async #run(): Promise<void> {
    const { policy, clock, random } = this.#options;
    const stop = this.#stop.signal;
    let attempt = 0;
    while (!stop.aborted) {
      this.#publish({ kind: 'connecting', attempt });
      const end = await this.#once();
      if (stop.aborted) break;
      attempt = end.upForMs !== undefined && end.upForMs >= policy.steadyAfterMs ? 0 : attempt + 1;
      const given = end.upForMs === undefined ? attempt : 0;
      if (
        policy.giveUpOn.includes(end.reason) ||
        (policy.giveUpAfterAttempts > 0 && given >= policy.giveUpAfterAttempts)
      ) {
        this.#publish({ kind: 'gaveUp', reason: end.reason }, end.error);
        return;
      }
      const delayMs = backoffMs(policy, attempt, random());
      this.#publish({ kind: 'waiting', attempt, delayMs, reason: end.reason }, end.error);
      await sleep(clock, delayMs, stop);
    }
    this.#publish({ kind: 'stopped' });
  }

  /** One life of the link, from dial to end. */
  async #once(): Promise<{ reason: LinkDownReason; upForMs?: number; error?: unknown }> {
    const { clock, policy } = this.#options;
    let session: S;
    try {
      session = await this.#connect();
    } catch (error) {
      return { reason: reasonOf(error), error };
    }
    const upAtMs = clock.nowMs();
    this.#session = session;
    this.#publish({ kind: 'up' });
    this.#options.up(session);
    const watch = new AbortController();
    const probing = this.#keepProbing(session, watch.signal);
    const reason = await session.closed;
    watch.abort();
    await probing;
    this.#session = undefined;
    const told = this.#stop.signal.aborted ? 'stopped' : reason;
    this.#state = { kind: 'connecting', attempt: 0 };
    this.#options.down(told);
    return { reason: told, upForMs: Math.min(clock.nowMs() - upAtMs, policy.steadyAfterMs) };
  }

  /** Dials and logs in within one bound; what was opened is closed again when it fails. */
  async #connect(): Promise<S> {
    const { clock, policy } = this.#options;
    const bound = new AbortController();
    const stopped = (): void => bound.abort(new CtiError('driver.stopped', 'the link was stopped'));
    this.#stop.signal.addEventListener('abort', stopped, { once: true });
    const cancel = clock.setTimer(policy.connectTimeoutMs, () =>
      bound.abort(
        new CtiError('driver.timeout', `no log-in within ${policy.connectTimeoutMs} ms`, {
          details: { timeoutMs: policy.connectTimeoutMs },
        }),
      ),
    );
    let session: S | undefined;
    try {
      if (this.#stop.signal.aborted) stopped();
      bound.signal.throwIfAborted();
      session = await this.#options.dial(bound.signal);
      bound.signal.throwIfAborted();
      const opened = session;
      await Promise.race([
        this.#options.logIn(opened, bound.signal),
        opened.closed.then((reason) => {
          throw closedEarly(reason);
        }),
        rejectOnAbort(bound.signal),
      ]);
      return opened;
    } catch (error) {
      const cause = bound.signal.aborted ? bound.signal.reason : error;
      if (session !== undefined) {
        session.close(reasonOf(cause));
        await session.closed;
      }
      throw cause;
    } finally {
      cancel();
      this.#stop.signal.removeEventListener('abort', stopped);
    }
  }

  async #keepProbing(session: S, signal: AbortSignal): Promise<void> {
    const { clock, policy, probe, heardAtMs } = this.#options;
    let waitMs = policy.probeEveryMs;
    while (await sleep(clock, waitMs, signal)) {
      const silentMs = heardAtMs === undefined ? policy.probeEveryMs : clock.nowMs() - heardAtMs(session);
      if (silentMs < policy.probeEveryMs) {
        // Of a clock with fractions of a millisecond the rest may be too small to move it on.
        waitMs = Math.max(1, policy.probeEveryMs - silentMs);
        continue;
      }
      waitMs = policy.probeEveryMs;
      const bound = new AbortController();
      const ended = (): void => bound.abort();
      signal.addEventListener('abort', ended, { once: true });
      const cancel = clock.setTimer(policy.probeTimeoutMs, ended);
      try {
        await Promise.race([probe(session, bound.signal), rejectOnAbort(bound.signal)]);
      } catch {
        // Whatever kept the sign of life from coming, the link is of no use; its end says why by `timeout`.
        if (!signal.aborted) session.close('timeout');
        return;
      } finally {
        cancel();
        signal.removeEventListener('abort', ended);
      }
    }
  }

  #publish(state: LinkState, error?: unknown): void {
    this.#state = state;
    this.#options.state?.(state, error);
  }
}

/** The pause before attempt number `attempt` (1 is the first repeat); `random` 0 <= x < 1. */
export function backoffMs(policy: LinkPolicy, attempt: number, random: number): number {
  const ceiling = Math.min(policy.backoffMaxMs, policy.backoffFirstMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return policy.backoffFloorMs + random * ceiling;
}

/** Sorts what ended a dial or a log-in into the closed list of reasons. */
export function reasonOf(error: unknown): LinkDownReason {
  if (isCtiError(error)) {
    const told = error.details.linkDown;
    if (isReason(told)) return told;
    if (error.code === 'link.auth') return 'authFailed';
    if (error.code === 'driver.timeout') return 'timeout';
    if (error.code === 'driver.stopped') return 'stopped';
    if (error.code === 'wire.frameTooLarge') return 'overflow';
    if (error.code === 'wire.frameInvalid') return 'protocol';
    return 'closed';
  }
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ETIMEDOUT') return 'timeout';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'closed' : 'refused';
}

const REASONS: readonly LinkDownReason[] = [
  'closed',
  'refused',
  'authFailed',
  'timeout',
  'protocol',
  'overflow',
  'replaced',
  'stopped',
];

function isReason(value: unknown): value is LinkDownReason {
  return REASONS.some((reason) => reason === value);
}

/** The session ended while it logged in: its own reason goes on. */
function closedEarly(reason: LinkDownReason): CtiError {
  return new CtiError('link.closed', 'the switch closed the link before the log-in was done', {
    details: { linkDown: reason },
  });
}

/** Rejects when the signal aborts; the listener goes with the signal, which lives no longer than the wait. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
