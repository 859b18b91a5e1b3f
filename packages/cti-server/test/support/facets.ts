import {
  CtiError,
  type DeviceId,
  type DriverFacets,
  type ParameterDefinition,
  type ParameterOutcome,
  type ParameterValue,
  type RoomCommand,
  type RoomEvent,
  type SwitchCallRecord,
} from '@cordboard/cti-core';

/** The system password of the fake switch. */
export const PASSWORD = '19675901';
/** A caller in the fake switch's archive. */
export const ARCHIVED = '13912345678';

const CATALOGUE: readonly ParameterDefinition[] = [
  {
    id: 'name',
    group: 'extensions',
    scope: 'extension',
    type: { kind: 'text', max: 16 },
    help: 'What displays show.',
  },
  {
    id: 'classOfService.day',
    group: 'extensions',
    scope: 'extension',
    type: { kind: 'number', min: 1, max: 6 },
    help: 'Where it may call by day.',
  },
  {
    id: 'password.personal',
    group: 'dialling',
    scope: 'table',
    places: 10,
    type: { kind: 'digits', min: 0, max: 8 },
    help: 'Lets a person call from any telephone.',
    secret: 'secret',
  },
  {
    id: 'ring.day',
    group: 'lines',
    scope: 'line',
    places: 4,
    type: { kind: 'set', of: 'port', max: 128 },
    help: 'Who rings by day.',
  },
];

/** A switch with parameters, a clock, rooms and an archive, kept in memory. */
export class FakeFacets implements DriverFacets {
  readonly values = new Map<string, ParameterValue>();
  readonly rooms: RoomCommand[] = [];
  readonly archive: SwitchCallRecord[] = [];
  aheadMs = 125_000;
  #listener: ((event: RoomEvent) => void) | undefined;

  readonly programming: NonNullable<DriverFacets['programming']> = {
    catalogue: CATALOGUE,
    get: async (what, { password }) =>
      what.map(({ id, index }): ParameterOutcome => {
        const one = CATALOGUE.find((each) => each.id === id);
        if (one === undefined) throw new CtiError('argument.invalid', 'no such parameter');
        if (one.secret !== undefined && password !== PASSWORD) return { id, index, code: 'denied' };
        const value = this.values.get(`${id}@${index}`);
        return value === undefined ? { id, index, code: 'noDevice' } : { id, index, code: 'ok', value };
      }),
    set: async (what, { password }) => {
      if (password !== PASSWORD) throw new CtiError('auth.forbidden', 'the switch refuses the password');
      return what.map(({ id, index, value }): ParameterOutcome => {
        if (!this.values.has(`${id}@${index}`)) return { id, index, code: 'noDevice' };
        this.values.set(`${id}@${index}`, value);
        return { id, index, code: 'ok', value };
      });
    },
  };

  readonly clock: NonNullable<DriverFacets['clock']> = {
    get: async () => ({ at: '2026-11-22T10:02:05', aheadMs: this.aheadMs }),
    set: async () => {
      this.aheadMs = 0;
    },
  };

  readonly hotel: NonNullable<DriverFacets['hotel']> = {
    carryOut: async (command) => {
      if (command.type === 'checkIn' && command.room.endsWith('8004'))
        throw new CtiError('driver.refused', 'the switch refused it: DENIED');
      this.rooms.push(command);
    },
    listen: (listener) => {
      this.#listener = listener;
      return () => {
        this.#listener = undefined;
      };
    },
  };

  readonly records: NonNullable<DriverFacets['records']> = {
    query: ({ extension, number }) => {
      const found = this.archive.filter(
        (one) =>
          (extension === undefined || one.extension === extension) &&
          (number === undefined || one.number?.startsWith(number) === true),
      );
      return (async function* () {
        yield* found;
      })();
    },
  };

  constructor() {
    for (const index of [8001, 8002]) {
      this.values.set(`name@${index}`, 'nobody');
      this.values.set(`classOfService.day@${index}`, 3);
    }
    this.values.set('password.personal@1', '4711');
    this.values.set('ring.day@1', [1, 2]);
    this.archive.push({
      start: '2026-11-20T09:00:00',
      durationMs: 61_000,
      extension: '8001',
      line: '1',
      direction: 'out',
      number: ARCHIVED,
      accountCode: '77',
      costMinor: 30,
      doubts: [],
    });
  }

  /** Something happens at a room. */
  tell(event: RoomEvent): void {
    this.#listener?.(event);
  }

  /** Is anybody listening to the rooms? */
  get isHeard(): boolean {
    return this.#listener !== undefined;
  }
}

/** The room of an extension of the fake switch. */
export const room = (extension: string): DeviceId => `main:extension:${extension}` as DeviceId;
