import type { DriverEvent, LinkDownReason, Logger, SwitchId } from '@cordboard/cti-core';

type State = 'up' | 'down';

/** Follows the links of the switches for health checks, and tells people of each change once. */
export class LinkWatch {
  readonly #log: Logger;
  readonly #switches: ReadonlyMap<SwitchId, { state: State }>;
  readonly #links = new Map<string, State>();
  /** What was told last of a link. */
  readonly #told = new Map<string, 'up' | LinkDownReason>();

  constructor(switchIds: readonly SwitchId[], log: Logger) {
    this.#log = log;
    this.#switches = new Map(switchIds.map((id) => [id, { state: 'down' }]));
  }

  /** Each switch by its id: can anything be done there? And each link that was ever up, by `<switch>/<link>`. */
  get states(): Readonly<Record<string, State>> {
    const switches = [...this.#switches].map(([id, { state }]) => [id as string, state] as const);
    return Object.fromEntries([...switches, ...this.#links]);
  }

  /** Is the state of every switch known: was each synced, and is none of its links down? */
  get isWhole(): boolean {
    return Object.values(this.states).every((state) => state === 'up');
  }

  /** Takes an event of a switch. */
  see(switchId: SwitchId, event: DriverEvent): void {
    if (event.type !== 'linkSynced' && event.type !== 'linkDown') return;
    const key = `${switchId}/${event.linkId}`;
    const one = this.#switches.get(switchId);
    if (event.type === 'linkSynced') {
      this.#links.set(key, 'up');
      if (one !== undefined) one.state = 'up';
      this.#tell(key, { switchId, event, word: 'up' });
      return;
    }
    this.#links.set(key, 'down');
    if (one !== undefined && event.capabilities.length === 0) one.state = 'down';
    this.#tell(key, { switchId, event, word: event.reason });
  }

  #tell(
    key: string,
    news: {
      readonly switchId: SwitchId;
      readonly event: Extract<DriverEvent, { type: 'linkSynced' | 'linkDown' }>;
      readonly word: 'up' | LinkDownReason;
    },
  ): void {
    const { switchId, event, word } = news;
    if (this.#told.get(key) === word) return;
    this.#told.set(key, word);
    const { linkId } = event;
    if (word === 'up') this.#log.info('a link to a switch is up', { switchId, linkId });
    else if (word === 'stopped') this.#log.info('a link to a switch was closed', { switchId, linkId });
    else this.#log.warn('a link to a switch is down', { switchId, linkId, reason: word });
  }
}
