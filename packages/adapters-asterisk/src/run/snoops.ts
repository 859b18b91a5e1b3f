import type { DriverReply } from '@cordboard/cti-core';
import { part } from '../map/request.js';
import type { Arrivals } from './arrivals.js';
import { isOk, type Kit, replyOf } from './kit.js';

/** Which directions a snoop channel hears and speaks: `in` comes from the spied channel's phone, `out` goes to it. */
export interface SnoopWay {
  readonly spy: 'both' | 'in' | 'out';
  readonly whisper: 'none' | 'out';
}

/** Opens snoop channels: helpers of the driver that stand in the application under ids of their own. */
export class Snoops {
  readonly #kit: Kit;
  readonly #arrivals: Arrivals;

  constructor(kit: Kit, arrivals: Arrivals) {
    this.#kit = kit;
    this.#arrivals = arrivals;
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
    const arrival = this.#arrivals.expect(snoopId, signal);
    try {
      const answer = await this.#kit.send(
        {
          method: 'POST',
          path: `/channels/${part(targetId)}/snoop/${part(snoopId)}`,
          query: { spy, whisper, app: this.#kit.options.app, appArgs: 'helper' },
        },
        signal,
      );
      if (isOk(answer)) await arrival.here;
      return replyOf(answer);
    } finally {
      arrival.cancel();
    }
  }

  /** Ends one, whether or not it is still there. */
  close(snoopId: string): Promise<void> {
    return this.#kit.tidy({ method: 'DELETE', path: `/channels/${part(snoopId)}` });
  }
}
