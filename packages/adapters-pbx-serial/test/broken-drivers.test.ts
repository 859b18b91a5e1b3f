import type { ConnectionId, CtiDriver, DriverCommand, DriverEvent, DriverReply } from '@cordboard/cti-core';
import { runConformance } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import { KtsWorld } from './driver/world.js';

type Execute = (command: DriverCommand) => Promise<DriverReply>;
type Bend = (event: DriverEvent) => readonly DriverEvent[];

/** A driver of a PBX with one defect, and the case or law that must notice. `bend` is made anew for each driver. */
interface Broken {
  readonly name: string;
  readonly caughtBy: string;
  readonly case?: string;
  readonly bend?: () => Bend;
  readonly execute?: () => (command: DriverCommand, execute: Execute) => Promise<DriverReply>;
}

type Type = DriverEvent['type'];
const drop = (type: Type, when: (event: never) => boolean = () => true): (() => Bend) => {
  return () => (event) => (event.type === type && when(event as never) ? [] : [event]);
};
const change = <T extends Type>(
  type: T,
  how: (event: Extract<DriverEvent, { type: T }>) => DriverEvent,
): (() => Bend) => {
  return () => (event) => [event.type === type ? how(event as never) : event];
};
const cause = (from: string, to: string): (() => Bend) =>
  change('cleared', (event) =>
    event.release.cause === from ? { ...event, release: { ...event.release, cause: to as never } } : event,
  );
const without = <T extends object>(value: T, key: string): T =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as T;
const other = (id: ConnectionId): ConnectionId => `${id}-b` as ConnectionId;
const onSnapshot = (how: (one: { readonly connectionId: ConnectionId }) => object): (() => Bend) =>
  change('snapshot', (event) => ({
    ...event,
    snapshot: { ...event.snapshot, connections: event.snapshot.connections.map((one) => how(one) as never) },
  }));

const BROKEN: readonly Broken[] = [
  {
    name: 'does not say that its switch carries services out',
    caughtBy: 'DRV-CC-01',
    bend: change('linkSynced', (event) => without(event, 'profile')),
  },
  {
    name: 'gives each connection a call of its own',
    caughtBy: 'DRV-CC-02',
    bend: change('created', (event) => ({ ...event, nativeCallRef: event.connectionId })),
  },
  {
    name: 'takes a phone that stopped ringing for a caller who gave up',
    caughtBy: 'DRV-CC-03',
    bend: cause('answeredElsewhere', 'cancelled'),
  },
  { name: 'tells nothing of what is answered by hand', caughtBy: 'DRV-CC-04', bend: drop('connected') },
  {
    name: 'takes a caller who gave up for one whom nobody answered',
    caughtBy: 'DRV-CC-05',
    bend: cause('cancelled', 'noAnswer'),
  },
  { name: 'does not tell who calls when that is known late', caughtBy: 'DRV-CC-06', bend: drop('identified') },
  {
    name: 'forgets the name of a caller',
    caughtBy: 'DRV-CC-06',
    bend: change('identified', (event) =>
      event.calling === undefined ? event : { ...event, calling: without(event.calling, 'name') },
    ),
  },
  {
    name: 'gives what a command brings an id of its own',
    caughtBy: 'DRV-CC-07',
    bend: () => {
      const chosen = new Set<ConnectionId>();
      return (event) => {
        if (event.type === 'created' && event.callId !== undefined) chosen.add(event.connectionId);
        return [
          'connectionId' in event && chosen.has(event.connectionId)
            ? { ...event, connectionId: other(event.connectionId) }
            : event,
        ];
      };
    },
  },
  {
    name: 'takes ringback for an answer',
    caughtBy: 'DRV-CC-08',
    bend: () => {
      const early = new Set<ConnectionId>();
      return (event) => {
        if (event.type === 'alerting') {
          early.add(event.connectionId);
          return [event, { type: 'connected', connectionId: event.connectionId }];
        }
        return event.type === 'connected' && early.has(event.connectionId) ? [] : [event];
      };
    },
  },
  {
    name: 'takes an engaged number for a conversation that ended',
    caughtBy: 'DRV-CC-09',
    bend: cause('busy', 'normalClearing'),
  },
  { name: 'does not tell what is held', caughtBy: 'DRV-CC-10', bend: drop('heldByDevice') },
  {
    name: 'gives a connection that was held another id',
    caughtBy: 'DRV-CC-10',
    bend: () => {
      const held = new Set<ConnectionId>();
      return (event) => {
        if (event.type === 'heldByDevice') held.add(event.connectionId);
        return [
          'connectionId' in event && event.type !== 'heldByDevice' && held.has(event.connectionId)
            ? { ...event, connectionId: other(event.connectionId) }
            : event,
        ];
      };
    },
  },
  { name: 'forgets why a command ends a call', caughtBy: 'DRV-CC-11', bend: cause('forcedRelease', 'normalClearing') },
  { name: 'does not tell keys', caughtBy: 'DRV-CC-12', bend: drop('digit') },
  {
    name: 'sends keys that are none',
    caughtBy: 'DRV-CC-12',
    execute: () => async (command, execute) =>
      command.type === 'sendDigits' && /x/u.test(command.digits) ? { outcome: 'accepted' } : execute(command),
  },
  {
    name: 'takes what the switch refuses for done',
    caughtBy: 'DRV-CC-14',
    execute: () => async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'conflict' ? { outcome: 'accepted' } : reply;
    },
  },
  {
    name: 'takes a held call for one that ended when another is made',
    caughtBy: 'DRV-CC-15',
    bend: () => {
      let held: ConnectionId | undefined;
      return (event) => {
        if (event.type === 'heldByDevice') held = event.connectionId;
        if (event.type !== 'created' || event.direction !== 'incoming' || held === undefined) return [event];
        const gone = held;
        held = undefined;
        return [{ type: 'cleared', connectionId: gone, release: { cause: 'normalClearing' } }, event];
      };
    },
  },
  { name: 'does not tell that calls were joined', caughtBy: 'DRV-CC-16', bend: drop('movedCall') },
  {
    name: 'tells a transfer as the end of a call',
    caughtBy: 'DRV-CC-17',
    bend: cause('transferred', 'normalClearing'),
  },
  {
    name: 'leaves a phone twice in a conference',
    caughtBy: 'DRV-CC-18',
    bend: drop('cleared', ({ release }: { release: { cause: string } }) => release.cause === 'transferred'),
  },
  { name: 'does not tell who is parked', caughtBy: 'DRV-CC-20', bend: drop('parked') },
  {
    name: 'leaves on the slot who was taken back',
    caughtBy: 'DRV-CC-20',
    bend: drop('parked', ({ slot }: { slot: number | null }) => slot === null),
  },
  {
    name: 'takes an empty slot for done',
    caughtBy: 'DRV-CC-21',
    execute: () => async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'gone' ? { outcome: 'accepted' } : reply;
    },
  },
  {
    name: 'sends commands to one phone out of their order',
    caughtBy: 'DRV-CC-25',
    execute: () => {
      let first: Promise<unknown> | undefined;
      return (command, execute) => {
        if (command.type === 'makeCall') {
          const reply = execute(command);
          first = reply;
          return reply;
        }
        return command.type === 'hold'
          ? Promise.resolve()
              .then(() => first)
              .then(() => execute(command))
          : execute(command);
      };
    },
  },
  {
    name: 'tells a call by hand as one that the switch has made',
    caughtBy: 'DRV-CC-26',
    bend: change('created', (event) => ({ ...event, direction: 'outgoing' })),
  },
  {
    name: 'says of no device what it does',
    caughtBy: 'DRV-CC-27',
    bend: change('snapshot', (event) => ({
      ...event,
      snapshot: { ...event.snapshot, devices: event.snapshot.devices.map((one) => without(one, 'detail')) },
    })),
  },
  { name: 'does not follow the board', caughtBy: 'DRV-CC-28', bend: drop('devicePresence') },
  {
    name: 'leaves a line in its guard time for ever',
    caughtBy: 'DRV-CC-28',
    bend: drop(
      'devicePresence',
      ({ device, presence }: { device: string; presence: string }) => /:line:/u.test(device) && presence === 'idle',
    ),
  },
  {
    name: 'does not tell whom a phone calls',
    caughtBy: 'DRV-CC-29',
    bend: () => (event) => {
      if (event.type === 'identified') return [];
      return [event.type === 'created' ? { ...event, called: { number: '', presentation: 'allowed' } } : event];
    },
  },
  {
    name: 'shows a held phone as busy',
    caughtBy: 'DRV-CC-30',
    bend: change('devicePresence', (event) => (event.presence === 'held' ? { ...event, presence: 'busy' } : event)),
  },
  {
    name: 'shows other ids after an outage',
    caughtBy: 'DRV-CC-31',
    bend: onSnapshot((one) => ({ ...one, connectionId: other(one.connectionId) })),
  },
  {
    name: 'shows no hold after an outage',
    caughtBy: 'DRV-CC-31',
    bend: onSnapshot((one) => without(one, 'heldByDevice')),
  },
  {
    name: 'shows nobody on a slot after an outage',
    caughtBy: 'DRV-CC-32',
    bend: onSnapshot((one) => without(one, 'parkedAt')),
  },
  {
    name: 'tells as created what the snapshot shows',
    caughtBy: 'DRV-CC-33',
    bend: () => (event) => {
      if (event.type !== 'snapshot') return [event];
      const created = event.snapshot.connections.map(
        (one) => ({ ...one, type: 'created', connectionId: other(one.connectionId) }) as unknown as DriverEvent,
      );
      return [event, ...created];
    },
  },
  {
    name: 'begins with an empty snapshot',
    caughtBy: 'DRV-CC-34',
    bend: change('snapshot', (event) => ({ ...event, snapshot: { ...event.snapshot, connections: [] } })),
  },
  {
    name: 'tells nothing of a restart but that the link was lost',
    caughtBy: 'DRV-CC-35',
    bend: () => {
      const known = new Map<ConnectionId, object>();
      return (event) => {
        if (event.type === 'created') known.set(event.connectionId, { ...event, state: 'connected' });
        if (event.type === 'cleared') known.delete(event.connectionId);
        if (event.type !== 'snapshot') return [event];
        return [{ ...event, snapshot: { ...event.snapshot, connections: [...known.values()] as never } }];
      };
    },
  },
  {
    name: 'takes a lost link for a refusal',
    caughtBy: 'DRV-CC-36',
    execute: () => async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'linkLost' ? { ...reply, code: 'rejected' } : reply;
    },
  },
  {
    name: 'has more patience than it was given',
    caughtBy: 'DRV-CC-37',
    execute: () => (command, execute) => execute({ ...command, boundMs: 60_000 }),
  },
  {
    name: 'answers a timeout when it is stopped',
    caughtBy: 'DRV-CC-38',
    execute: () => async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'stopped' ? { ...reply, code: 'timeout' } : reply;
    },
  },
  { name: 'forgets what came to nothing', caughtBy: 'DRV-CC-39', bend: drop('cleared') },
  {
    name: 'tells of connections before it has shown them',
    caughtBy: 'DRV-ORDER-01',
    case: 'DRV-CC-03',
    bend: drop('created', ({ device }: { device: string }) => /:line:/u.test(device)),
  },
  {
    name: 'goes on telling of what has ended',
    caughtBy: 'DRV-ORDER-02',
    case: 'DRV-CC-11',
    bend: () => (event) =>
      event.type === 'cleared' ? [event, { type: 'retrievedByDevice', connectionId: event.connectionId }] : [event],
  },
];

function wrap(driver: CtiDriver, broken: Broken): CtiDriver {
  const bend = broken.bend?.() ?? ((event: DriverEvent) => [event]);
  const execute: Execute = (command) => driver.execute(command);
  const bent = broken.execute?.();
  return {
    switchId: driver.switchId,
    profile: driver.profile,
    capabilities: driver.capabilities,
    start: (sink, options) =>
      driver.start((event) => {
        for (const item of bend(event)) sink(item);
      }, options),
    execute: (command) => bent?.(command, execute) ?? execute(command),
    openRecording: (id, file, options) => driver.openRecording(id, file, options),
    stop: () => driver.stop(),
  };
}

describe('the cases of switches that carry services out themselves notice a driver that', () => {
  for (const broken of BROKEN) {
    it(`${broken.name} (${broken.caughtBy})`, async () => {
      const report = await runConformance({
        name: broken.name,
        only: [broken.case ?? broken.caughtBy],
        openWorld: () =>
          Promise.resolve(
            new KtsWorld({ profile: 'kts-bin/1', patienceMs: 8_000, wrap: (driver) => wrap(driver, broken) }),
          ),
      });
      const failed = report.results.filter((result) => result.status === 'failed').map((result) => result.id);
      expect(failed).toContain(broken.caughtBy);
    });
  }
});
