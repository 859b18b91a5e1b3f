import type { CtiDriver, DriverCommand, DriverEvent, DriverReply } from '@cordboard/cti-core';
import { runConformance } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import { BoxWorld } from './world.js';

type Execute = (command: DriverCommand) => Promise<DriverReply>;

/** A driver of lines with one defect, and the case or law that must notice. */
interface Broken {
  readonly name: string;
  readonly caughtBy: string;
  readonly case?: string;
  readonly event?: (event: DriverEvent) => readonly DriverEvent[];
  readonly execute?: (command: DriverCommand, execute: Execute) => Promise<DriverReply>;
}

const without = <T extends object>(value: T, key: string): T =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as T;

const BROKEN: readonly Broken[] = [
  {
    name: 'does not say that it is one of lines',
    caughtBy: 'DRV-LINE-01',
    event: (event) => [event.type === 'linkSynced' ? without(event, 'profile') : event],
  },
  {
    name: 'takes a second call on a taken line',
    caughtBy: 'DRV-LINE-02',
    execute: async (command, execute) => (command.type === 'originate' ? { outcome: 'accepted' } : execute(command)),
  },
  {
    name: 'says nothing of how it knows',
    caughtBy: 'DRV-LINE-03',
    event: (event) => [event.type === 'connected' ? without(event, 'evidence') : event],
  },
  {
    name: 'is surer than sound can make it',
    caughtBy: 'DRV-LINE-03',
    event: (event) => [
      event.type === 'connected' && event.evidence !== undefined
        ? { ...event, evidence: { ...event.evidence, confidence: 1 } }
        : event,
    ],
  },
  {
    name: 'takes busy tone for an answer',
    caughtBy: 'DRV-LINE-04',
    event: (event) =>
      event.type === 'cleared' && event.release.cause === 'busy'
        ? [{ type: 'connected', connectionId: event.connectionId }, event]
        : [event],
  },
  {
    name: 'takes ringback at the end of its time for an answer',
    caughtBy: 'DRV-LINE-05',
    event: (event) =>
      event.type === 'cleared' && event.release.cause === 'noAnswer'
        ? [{ type: 'connected', connectionId: event.connectionId }, event]
        : [event],
  },
  {
    name: 'takes a caller who gave up for one who was talked with',
    caughtBy: 'DRV-LINE-06',
    event: (event) => [
      event.type === 'cleared' && event.release.cause === 'cancelled'
        ? { ...event, release: { cause: 'normalClearing' } }
        : event,
    ],
  },
  {
    name: 'refuses by saying so and not by lifting',
    caughtBy: 'DRV-LINE-06',
    execute: async (command, execute) =>
      command.type === 'clear' && command.cause === 'blocked' ? { outcome: 'accepted' } : execute(command),
  },
  {
    name: 'stays after a flash that should leave',
    caughtBy: 'DRV-LINE-07',
    execute: (command, execute) => execute(command.type === 'flash' ? { ...command, after: 'stay' } : command),
  },
  {
    name: 'joins only who has answered',
    caughtBy: 'DRV-LINE-08',
    execute: async (command, execute) =>
      command.type === 'bridge' && command.connectionIds.length === 2
        ? { outcome: 'refused', code: 'conflict' }
        : execute(command),
  },
  {
    name: 'does not tell who lifts',
    caughtBy: 'DRV-LINE-09',
    event: (event) => (event.type === 'lifted' ? [] : [event]),
  },
  {
    name: 'says that it was lifted before it says that it is there',
    caughtBy: 'HB-LIFTED',
    case: 'DRV-LINE-09',
    event: (event) =>
      event.type === 'lifted' ? [{ ...event, targetId: event.connectionId.replace(/.$/, '_') as never }] : [event],
  },
];

function wrap(driver: CtiDriver, broken: Broken): CtiDriver {
  const execute: Execute = (command) => driver.execute(command);
  return {
    switchId: driver.switchId,
    profile: driver.profile,
    get capabilities() {
      return driver.capabilities;
    },
    start: (sink, options) =>
      driver.start((event) => {
        for (const item of broken.event?.(event) ?? [event]) sink(item);
      }, options),
    execute: (command) => broken.execute?.(command, execute) ?? execute(command),
    openRecording: (id, file, options) => driver.openRecording(id, file, options),
    stop: () => driver.stop(),
  };
}

describe('the cases of lines notice a driver that', () => {
  for (const broken of BROKEN) {
    it(`${broken.name} (${broken.caughtBy})`, async () => {
      const report = await runConformance({
        name: broken.name,
        only: [broken.case ?? broken.caughtBy],
        openWorld: () => Promise.resolve(new BoxWorld({ wrap: (driver) => wrap(driver, broken) })),
      });
      const failed = report.results.filter((result) => result.status === 'failed').map((result) => result.id);
      expect(failed).toContain(broken.caughtBy);
    });
  }
});
