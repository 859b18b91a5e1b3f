import {
  type Clock,
  type CtiDriver,
  CtiError,
  type DriverFacets,
  type Logger,
  type ParameterAt,
  type ParameterOutcome,
  type ParameterValue,
  type RoomCommand,
  type SwitchId,
} from '@cordboard/cti-core';
import { type RoomView, SWITCH_FACETS } from '@cordboard/cti-protocol';
import { checkValue, sameValue } from './check-value.js';
import { RoomBook } from './rooms.js';

/** A request that touches one thing of a switch, ms. */
const ONE_MS = 60_000;
/** A request for many parameters: 2,000 of them written and read back take a slow line minutes. */
const MANY_MS = 900_000;

/** What the desk of the switches works with. */
export interface SwitchDeskOptions {
  readonly switches: readonly SwitchId[];
  readonly driver: (switchId: SwitchId) => CtiDriver | undefined;
  readonly links: () => Readonly<Record<string, 'up' | 'down'>>;
  readonly clock: Clock;
  readonly log: Logger;
  /** IANA zone of the site. */
  readonly timeZone: string;
}

/** The outcome of one parameter, with what a dry run found. */
export interface WrittenOutcome extends ParameterOutcome {
  readonly change?: 'changes' | 'same';
}

/** A parameter with the value that it should get. */
export type ParameterWish = ParameterAt & { readonly value: ParameterValue };

/** What people do with the switches themselves: their parameters, clocks and rooms. */
export class SwitchDesk {
  readonly #options: SwitchDeskOptions;
  readonly #stopping = new AbortController();
  readonly #rooms = new Map<SwitchId, RoomBook>();
  readonly #listening: (() => void)[] = [];

  constructor(options: SwitchDeskOptions) {
    this.#options = options;
  }

  /** Listens to the rooms of every switch that has some. */
  start(): void {
    for (const id of this.#options.switches) {
      const hotel = this.#options.driver(id)?.facets?.hotel;
      if (hotel === undefined) continue;
      const book = new RoomBook(this.#options.clock);
      this.#rooms.set(id, book);
      this.#listening.push(hotel.listen((event) => book.note(event)));
    }
  }

  /** Ends what is under way. Twice is once. */
  stop(): void {
    this.#stopping.abort(new CtiError('server.draining', 'the server stops'));
    for (const end of this.#listening.splice(0)) end();
  }

  /** The switches, in the order of the configuration. */
  list() {
    const links = this.#options.links();
    return this.#options.switches.flatMap((id) => {
      const driver = this.#options.driver(id);
      if (driver === undefined) return [];
      const { facets = {}, profile } = driver;
      return [
        {
          id,
          profile,
          link: links[id] ?? 'down',
          facets: SWITCH_FACETS.filter((facet) => facets[facet] !== undefined),
        },
      ];
    });
  }

  /** @throws {CtiError} `resource.notFound`, `command.notSupported` */
  facet<F extends keyof DriverFacets>(switchId: string, name: F): NonNullable<DriverFacets[F]> {
    const facet = this.#options.driver(this.known(switchId))?.facets?.[name];
    if (facet === undefined) throw new CtiError('command.notSupported', `this switch has no ${name}`);
    return facet;
  }

  /** @throws {CtiError} `resource.notFound` */
  known(switchId: string): SwitchId {
    const id = this.#options.switches.find((one) => one === switchId);
    if (id === undefined) throw new CtiError('resource.notFound', 'there is no switch of this name');
    return id;
  }

  async read(switchId: string, asked: { readonly items: readonly ParameterAt[]; readonly password?: string }) {
    const programming = this.facet(switchId, 'programming');
    const { items, ...secret } = asked;
    const outcomes = await this.#bounded(MANY_MS, (signal) => programming.get(items, { signal, ...secret }));
    return { items: this.#shown(switchId, outcomes) };
  }

  /** Writes, or says what writing would do. */
  async write(
    switchId: string,
    asked: {
      readonly items: readonly ParameterWish[];
      readonly password: string;
      readonly mode: 'write' | 'dryRun';
    },
  ) {
    const programming = this.facet(switchId, 'programming');
    const { items, password, mode } = asked;
    if (mode === 'dryRun') return { items: this.#shown(switchId, await this.#try(switchId, items, password)) };
    const outcomes = await this.#bounded(MANY_MS, (signal) => programming.set(items, { signal, password }));
    const done = outcomes.filter(({ code }) => code === 'ok' || code === 'unverified').length;
    this.#options.log.info('parameters of a switch were written', { switchId, items: items.length, done });
    return { items: this.#shown(switchId, outcomes) };
  }

  async clock(switchId: string) {
    const clock = this.facet(switchId, 'clock');
    const { timeZone = this.#options.timeZone } = clock;
    const { at, aheadMs } = await this.#bounded(ONE_MS, (signal) => clock.get({ signal, timeZone }));
    return { at, aheadMs: Math.round(aheadMs), timeZone };
  }

  async setClock(switchId: string) {
    const clock = this.facet(switchId, 'clock');
    const { timeZone = this.#options.timeZone } = clock;
    await this.#bounded(ONE_MS, (signal) => clock.set({ signal, timeZone }));
    this.#options.log.info('the clock of a switch was set', { switchId });
    return this.clock(switchId);
  }

  /** @throws {CtiError} `argument.invalid` a room of another switch, and what the switch says */
  async commandRoom(switchId: string, command: RoomCommand): Promise<void> {
    const hotel = this.facet(switchId, 'hotel');
    const rooms = command.type === 'move' ? [command.room, command.to] : [command.room];
    if (!rooms.every((room) => room.startsWith(`${switchId}:extension:`))) {
      throw new CtiError('argument.invalid', 'room: expected an extension of this switch', {
        details: { path: 'room' },
      });
    }
    await this.#bounded(ONE_MS, (signal) => hotel.carryOut(command, { signal }));
  }

  /** @throws {CtiError} `resource.notFound`, `command.notSupported` */
  rooms(switchId: string): readonly RoomView[] {
    this.facet(switchId, 'hotel');
    return this.#rooms.get(switchId as SwitchId)?.all ?? [];
  }

  /** Checks every wish, and reads what stands where it would be written. */
  async #try(switchId: string, items: readonly ParameterWish[], password: string): Promise<readonly WrittenOutcome[]> {
    const programming = this.facet(switchId, 'programming');
    const catalogue = new Map(programming.catalogue.map((one) => [one.id, one]));
    const checked = items.map((wish) => {
      const definition = catalogue.get(wish.id);
      return { wish, code: definition === undefined ? ('unsupported' as const) : checkValue(definition, wish) };
    });
    const good = checked.filter(({ code }) => code === 'ok').map(({ wish: { id, index } }) => ({ id, index }));
    const read =
      good.length === 0 ? [] : await this.#bounded(MANY_MS, (signal) => programming.get(good, { signal, password }));
    const now = read[Symbol.iterator]();
    return checked.map(({ wish, code }) => {
      const { id, index, value } = wish;
      if (code !== 'ok') return { id, index, code };
      const there = now.next().value;
      if (there === undefined) return { id, index, code: 'failed' };
      return there.code === 'ok' ? { ...there, change: sameValue(there.value, value) ? 'same' : 'changes' } : there;
    });
  }

  /** Secret values stay on the switch. */
  #shown(switchId: string, outcomes: readonly WrittenOutcome[]): readonly WrittenOutcome[] {
    const secret = new Set(
      this.facet(switchId, 'programming').catalogue.flatMap((one) => (one.secret === undefined ? [] : [one.id])),
    );
    return outcomes.map((outcome) => {
      if (!secret.has(outcome.id)) return outcome;
      const { value: _value, ...rest } = outcome;
      return rest;
    });
  }

  async #bounded<T>(boundMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const bound = new AbortController();
    const cancel = this.#options.clock.setTimer(boundMs, () =>
      bound.abort(new CtiError('driver.timeout', `the switch did not finish within ${boundMs} ms`)),
    );
    try {
      return await work(AbortSignal.any([this.#stopping.signal, bound.signal]));
    } finally {
      cancel();
    }
  }
}
