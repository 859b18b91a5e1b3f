import {
  type Clock,
  type CtiDriver,
  CtiError,
  type DriverCommand,
  type DriverFactory,
  type DriverReply,
  type EngineInputBody,
  type Logger,
  type SwitchId,
} from '@cordboard/cti-core';
import { LinkWatch } from './link-watch.js';

/** What a fleet of drivers works with. */
export interface FleetOptions {
  readonly factories: ReadonlyMap<SwitchId, DriverFactory>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly submit: (input: EngineInputBody) => void;
  /** Counts a command's way. */
  readonly measure: (type: string, outcome: string, tookMs: number) => void;
}

/** The drivers of all switches: their events and replies become inputs, the engine's commands reach them. */
export class DriverFleet {
  readonly #options: FleetOptions;
  readonly #drivers = new Map<SwitchId, CtiDriver>();
  readonly #links: LinkWatch;
  readonly #stopping = new AbortController();

  constructor(options: FleetOptions) {
    this.#options = options;
    const { clock, random, log } = options;
    this.#links = new LinkWatch([...options.factories.keys()], log);
    for (const [switchId, factory] of options.factories) {
      this.#drivers.set(switchId, factory(switchId, { clock, random, log }));
    }
  }

  /** What is known of the switches' links. */
  get links(): Pick<LinkWatch, 'states' | 'isWhole'> {
    return this.#links;
  }

  /** The driver of a switch. */
  driver(switchId: SwitchId): CtiDriver | undefined {
    return this.#drivers.get(switchId);
  }

  /** Starts every driver. Links may come up later. */
  async start(): Promise<void> {
    const { signal } = this.#stopping;
    await Promise.all(
      [...this.#drivers].map(([switchId, driver]) =>
        driver.start(
          (event) => {
            this.#links.see(switchId, event);
            if (event.type === 'unreadable') {
              this.#options.log.warn('a switch said what nobody understands', { switchId, count: event.count });
            }
            this.#options.submit({ kind: 'driver', switchId, event });
          },
          { signal },
        ),
      ),
    );
  }

  /** Carries out a command; its reply becomes an input. */
  execute(switchId: SwitchId, command: DriverCommand): void {
    const beganMs = this.#options.clock.nowMs();
    this.#reply(switchId, command)
      .then((reply) => {
        const outcome = reply.outcome === 'accepted' ? 'accepted' : reply.code;
        this.#options.measure(command.type, outcome, this.#options.clock.nowMs() - beganMs);
        this.#options.submit({ kind: 'reply', commandId: command.commandId, reply });
      })
      .catch(() => this.#options.log.error('a reply of a driver was lost', { switchId, type: command.type }));
  }

  /** Stops every driver. Calls on the switches live on. Twice is once. */
  async stop(): Promise<void> {
    this.#stopping.abort(new CtiError('driver.stopped', 'the server stops'));
    await Promise.all([...this.#drivers.values()].map((driver) => driver.stop()));
  }

  async #reply(switchId: SwitchId, command: DriverCommand): Promise<DriverReply> {
    const driver = this.#drivers.get(switchId);
    if (driver === undefined) return { outcome: 'refused', code: 'linkLost' };
    try {
      return await driver.execute(command);
    } catch {
      // The contract forbids it; a driver of somebody else may still do it, and what became of the command is not known.
      return { outcome: 'refused', code: 'timeout' };
    }
  }
}
