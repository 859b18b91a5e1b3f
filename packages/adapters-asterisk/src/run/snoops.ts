import { CtiError, type DriverReply } from '@cordboard/cti-core';
import { part } from '../map/request.js';
import { isOk, type Kit, replyOf } from './kit.js';

/** Which directions a snoop channel hears and speaks: `in` comes from the spied channel's phone, `out` goes to it. */
export interface SnoopWay {
  readonly spy: 'both' | 'in' | 'out';
  readonly whisper: 'none' | 'out';
}

/** Bound of the time between Asterisk's answer and the snoop channel's arrival in the application. */
const ARRIVAL_MS = 2_000;

/** Opens snoop channels: helpers of the driver that stand in the application under ids of their own. */
export class Snoops {
  readonly #kit: Kit;
  readonly #waiting = new Map<string, () => void>();

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** A snoop channel has entered the application. */
  arrived(id: string): void {
    this.#waiting.get(id)?.();
  }

  /**
   * Opens one and waits until it takes commands.
   *
   * @throws {CtiError} `driver.linkLost`, `wait.aborted`, or `driver.timeout` when it never arrived
   */
  async open(
    targetId: string,
    snoopId: string,
    options: SnoopWay & { readonly signal: AbortSignal },
  ): Promise<DriverReply> {
    const { signal, spy, whisper } = options;
    let cancel: () => void = () => undefined;
    const arrival = new Promise<void>((resolve, reject) => {
      this.#waiting.set(snoopId, resolve);
      cancel = this.#kit.later(ARRIVAL_MS, () =>
        reject(new CtiError('driver.timeout', 'the snoop channel did not arrive')),
      );
    });
    // Nobody may wait for it: when the request itself fails.
    arrival.catch(() => undefined);
    try {
      const answer = await this.#kit.send(
        {
          method: 'POST',
          path: `/channels/${part(targetId)}/snoop/${part(snoopId)}`,
          query: { spy, whisper, app: this.#kit.options.app, appArgs: 'helper' },
        },
        signal,
      );
      if (isOk(answer)) await arrival;
      return replyOf(answer);
    } finally {
      cancel();
      this.#waiting.delete(snoopId);
    }
  }

  /** Ends one, whether or not it is still there. */
  close(snoopId: string): Promise<void> {
    return this.#kit.tidy({ method: 'DELETE', path: `/channels/${part(snoopId)}` });
  }
}
