import {
  asId,
  type ConnectionId,
  type CtiDriver,
  type DriverCommand,
  type DriverEvent,
  type DriverReply,
  type DriverSink,
  type LinkId,
  type RecordingId,
} from '@cordboard/cti-core';
import type { SimulatorWorld } from './simulator-world.js';

/** Tells the events that take the place of one event, now and in this order. */
type Bend = (event: DriverEvent, tell: DriverSink) => void;
type Execute = (
  command: DriverCommand,
  execute: (command: DriverCommand) => Promise<DriverReply>,
) => Promise<DriverReply>;

/** A driver that breaks one guarantee, and the case or law that must notice. */
export interface BrokenDriver {
  readonly name: string;
  readonly caughtBy: string;
  readonly bend?: () => Bend;
  readonly execute?: Execute;
  readonly wrap?: (driver: CtiDriver, world: SimulatorWorld) => Partial<CtiDriver>;
}

/** Holds back events of one type until one of another type has been told. */
function swapped(first: DriverEvent['type'], after: (event: DriverEvent) => boolean): Bend {
  let held: DriverEvent | undefined;
  return (event, tell) => {
    if (event.type === first && held === undefined) {
      held = event;
      return;
    }
    tell(event);
    if (held !== undefined && after(event)) {
      tell(held);
      held = undefined;
    }
  };
}

/** Tells a changed event in its place. */
function changed(change: (event: DriverEvent) => readonly DriverEvent[]): Bend {
  return (event, tell) => {
    for (const item of change(event)) tell(item);
  };
}

const SECOND_LINK = asId<LinkId>('second');

/**
 * Makes one link two: the second one is up and synced after the first, and outlives it by one digit, which it may tell. `tells`: another digit when
 * it is gone as well, as no driver may.
 */
export function withSecondLink(options: { readonly afterTheLast: 'tells' | 'says nothing' }): Bend {
  let last: ConnectionId | undefined;
  let shown: DriverEvent | undefined;
  return (event, tell) => {
    if (event.type === 'created') last = event.connectionId;
    if (event.type === 'cleared' && event.connectionId === last) last = undefined;
    if (event.type === 'snapshot') {
      shown = event;
      if (!event.snapshot.connections.some((item) => item.connectionId === last)) last = undefined;
    }
    tell(event);
    const press = (): void => {
      if (last !== undefined) tell({ type: 'digit', connectionId: last, digit: '1' });
    };
    if (event.type === 'linkSynced' && shown !== undefined) {
      tell({ type: 'linkUp', linkId: SECOND_LINK });
      press();
      tell(shown);
      tell({ type: 'linkSynced', linkId: SECOND_LINK, capabilities: event.capabilities });
    }
    if (event.type !== 'linkDown') return;
    press();
    tell({ ...event, linkId: SECOND_LINK });
    if (options.afterTheLast === 'tells') press();
  };
}

/** One defect each. The suite must fail on every one of them, in the case named here. */
export const BROKEN_DRIVERS: readonly BrokenDriver[] = [
  {
    name: 'syncs before the snapshot',
    caughtBy: 'HB-SYNCED',
    bend: () => swapped('snapshot', (event) => event.type === 'linkSynced'),
  },
  {
    name: 'asks before the link is up',
    caughtBy: 'HB-SNAPSHOT',
    bend: () => swapped('linkUp', (event) => event.type === 'snapshot'),
  },
  {
    name: 'tells the end twice',
    caughtBy: 'DRV-ORDER-02',
    bend: () => changed((event) => (event.type === 'cleared' ? [event, event] : [event])),
  },
  {
    name: 'forgets that a phone is dialled',
    caughtBy: 'DRV-ORDER-01',
    bend: () => changed((event) => (event.type === 'created' && event.direction === 'outgoing' ? [] : [event])),
  },
  {
    name: 'goes on telling when the link is down',
    caughtBy: 'DRV-ORDER-03',
    bend: () => {
      let last: DriverEvent | undefined;
      return (event, tell) => {
        if (event.type === 'created') last = event;
        tell(event);
        if (event.type === 'linkDown' && last?.type === 'created')
          tell({ type: 'digit', connectionId: last.connectionId, digit: '1' });
      };
    },
  },
  {
    name: 'goes on telling when the last of two links is down',
    caughtBy: 'DRV-ORDER-03',
    bend: () => withSecondLink({ afterTheLast: 'tells' }),
  },
  {
    name: 'tells an answer twice',
    caughtBy: 'DRV-ORDER-05',
    bend: () => changed((event) => (event.type === 'connected' ? [event, event] : [event])),
  },
  {
    name: 'ends a playback twice',
    caughtBy: 'DRV-MEDIA-07',
    bend: () => changed((event) => (event.type === 'playbackFinished' ? [event, event] : [event])),
  },
  {
    name: 'loses the end of a playback with its connection',
    caughtBy: 'DRV-MEDIA-04',
    bend: () => changed((event) => (event.type === 'playbackFinished' && event.outcome === 'stopped' ? [] : [event])),
  },
  {
    name: 'calls a stopped playback done',
    caughtBy: 'DRV-MEDIA-03',
    bend: () => changed((event) => (event.type === 'playbackFinished' ? [{ ...event, outcome: 'done' }] : [event])),
  },
  {
    name: 'tells keys in pairs the wrong way round',
    caughtBy: 'DRV-DIGIT-01',
    bend: () => swapped('digit', (event) => event.type === 'digit'),
  },
  {
    name: 'tells the newcomer after the replacement',
    caughtBy: 'HB-REPLACE',
    bend: () => {
      let held: DriverEvent | undefined;
      let calls = 0;
      return (event, tell) => {
        if (event.type === 'linkUp') calls = 0;
        if (event.type === 'created' && event.direction === 'incoming' && ++calls > 1) held = event;
        else if (held !== undefined && event.type === 'replaced') {
          tell(event);
          tell(held);
          held = undefined;
        } else tell(event);
      };
    },
  },
  {
    name: 'ends monitoring after its target',
    caughtBy: 'HB-MONITOR-END',
    bend: () => {
      let held: DriverEvent | undefined;
      return (event, tell) => {
        if (event.type === 'monitoring' && event.mode === null) {
          held = event;
          return;
        }
        tell(event);
        if (held !== undefined && event.type === 'cleared') {
          tell(held);
          held = undefined;
        }
      };
    },
  },
  {
    name: 'blames nobody for an end',
    caughtBy: 'DRV-ORIG-02',
    bend: () =>
      changed((event) => (event.type === 'cleared' ? [{ ...event, release: { cause: 'unknown' } }] : [event])),
  },
  {
    name: 'loses our mark',
    caughtBy: 'DRV-SNAP-01',
    bend: () =>
      changed((event) => {
        if (event.type !== 'snapshot') return [event];
        const connections = event.snapshot.connections.map(({ callId: _, ...rest }) => rest);
        return [{ ...event, snapshot: { ...event.snapshot, connections } }];
      }),
  },
  {
    name: 'forgets the calls of the time before the loss',
    caughtBy: 'DRV-LINK-03',
    bend: () =>
      changed((event) =>
        event.type === 'snapshot' ? [{ ...event, snapshot: { ...event.snapshot, connections: [] } }] : [event],
      ),
  },
  {
    name: 'tells a blind transfer without its goal',
    caughtBy: 'DRV-REFER-01',
    bend: () =>
      changed((event) =>
        event.type === 'transferRequested' && event.kind === 'blind'
          ? [{ ...event, to: { ...event.to, number: '' } }]
          : [event],
      ),
  },
  {
    name: 'waits for ever on a silent switch',
    caughtBy: 'DRV-REPLY-01',
    execute: async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'timeout' ? new Promise(() => undefined) : reply;
    },
  },
  {
    name: 'rejects instead of answering',
    caughtBy: 'DRV-CALL-05',
    execute: async (command, execute) => {
      const reply = await execute(command);
      if (reply.outcome === 'refused' && reply.code === 'gone') throw new TypeError('no such connection');
      return reply;
    },
  },
  {
    name: 'says accepted for what it never sent',
    caughtBy: 'DRV-LINK-02',
    execute: async (command, execute) => {
      const reply = await execute(command);
      return reply.outcome === 'refused' && reply.code === 'linkLost' ? { outcome: 'accepted' } : reply;
    },
  },
  {
    name: 'declares what it refuses',
    caughtBy: 'DRV-CAP-02',
    execute: async (command, execute) =>
      command.type === 'redirect' ? { outcome: 'refused', code: 'notSupported' } : execute(command),
  },
  {
    name: 'hangs up whom it was to give back',
    caughtBy: 'DRV-CALL-08',
    execute: async (command, execute) =>
      command.type === 'redirect' && command.number === undefined
        ? execute({ ...command, type: 'clear', cause: 'transferred' })
        : execute(command),
  },
  {
    name: 'does not find what it has recorded',
    caughtBy: 'DRV-PLAY-REC-01',
    execute: async (command, execute) =>
      command.type === 'play'
        ? execute({
            ...command,
            media: command.media.map((item) =>
              item.kind === 'recording' ? ({ kind: 'prompt', prompt: 'missing' } as const) : item,
            ),
          })
        : execute(command),
  },
  {
    name: 'leaves words out',
    caughtBy: 'DRV-PLAY-WORDS-01',
    execute: async (command, execute) =>
      command.type === 'play'
        ? execute({ ...command, media: command.media.filter(({ kind }) => kind !== 'speech') })
        : execute(command),
  },
  {
    name: 'starts as often as one likes',
    caughtBy: 'DRV-START-03',
    wrap: (driver) => ({ start: (sink, options) => driver.start(sink, options).catch(() => undefined) }),
  },
  {
    name: 'leaves a timer behind',
    caughtBy: 'DRV-STOP-04',
    wrap: (driver, world) => ({
      stop: () => {
        world.extraResources = 1;
        return driver.stop();
      },
      start: (sink, options) => {
        world.extraResources = 0;
        return driver.start(sink, options);
      },
    }),
  },
  {
    name: 'works before it is started',
    caughtBy: 'DRV-START-01',
    wrap: (driver, world) => {
      world.extraResources = 1;
      return {
        start: (sink, options) => {
          world.extraResources = 0;
          return driver.start(sink, options);
        },
        stop: () => {
          world.extraResources = 0;
          return driver.stop();
        },
      };
    },
  },
];

/** Puts the defect around a sound driver. */
export function breakDriver(broken: BrokenDriver, driver: CtiDriver, world: SimulatorWorld): CtiDriver {
  const sound: CtiDriver = {
    switchId: driver.switchId,
    profile: driver.profile,
    capabilities: driver.capabilities,
    start: (sink, options) => driver.start(sink, options),
    execute: (command) => driver.execute(command),
    openRecording: (recordingId: RecordingId, file, options) => driver.openRecording(recordingId, file, options),
    stop: () => driver.stop(),
  };
  const { execute } = broken;
  return {
    ...sound,
    ...(broken.bend === undefined ? {} : { start: bentStart(driver, broken.bend()) }),
    ...(execute === undefined ? {} : { execute: (command: DriverCommand) => execute(command, sound.execute) }),
    ...broken.wrap?.(driver, world),
  };
}

function bentStart(driver: CtiDriver, bend: Bend): CtiDriver['start'] {
  return (sink, options) => driver.start((event) => bend(event, sink), options);
}
