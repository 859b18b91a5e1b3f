import {
  type Actor,
  asId,
  type DriverCommand,
  type Engine,
  type EngineEffect,
  type SwitchId,
} from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { readServerConfig } from '../../src/config/read.js';
import { createSeal } from '../../src/journal/seal.js';
import { coreMaker } from '../../src/shell/core-maker.js';
import type { EffectSink, EngineMaker, ShellOptions } from '../../src/shell/ports.js';
import { Shell } from '../../src/shell/shell.js';
import type { CrashStorage } from './crash-storage.js';
import { CALLER, floorConfig } from './floor.js';
import { PhoneDriver } from './phone-driver.js';

/** The floor's switch. */
export const MAIN = asId<SwitchId>('main');
const { tenant } = readServerConfig({ ...floorConfig('unused'), switches: { main: () => undefined } });
/** A log that nobody reads. */
export const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
/** Ann at her page. */
export const ANN: Actor = { userId: asId('ann'), role: 'agent', agentId: asId('ann'), clientId: asId('page') };

/** A shell on a storage, with everything that came out of it, and the engine for looking inside. */
export async function openShell(storage: CrashStorage, more: Partial<ShellOptions> = {}) {
  const clock = new SimulatedClock(1000);
  storage.wallMs = () => clock.wallMs();
  const out: EngineEffect[] = [];
  const recalled: EngineEffect[] = [];
  const failures: unknown[] = [];
  let inside: Engine | undefined;
  const keep = (engine: Engine): Engine => {
    inside = engine;
    return engine;
  };
  const maker: EngineMaker = {
    version: coreMaker.version,
    create: () => keep(coreMaker.create()),
    restore: (text) => keep(coreMaker.restore(text)),
  };
  const driver = new PhoneDriver(MAIN);
  const sink: EffectSink = {
    carryOut: (effect) => {
      out.push(effect);
      if (effect.kind !== 'driver') return;
      void driver
        .execute(effect.command)
        .then((reply) => shell.submit({ kind: 'reply', commandId: effect.command.commandId, reply }));
    },
    recall: (effect) => recalled.push(effect),
    settle: () => undefined,
    flush: async () => undefined,
  };
  const shell = await Shell.open({
    maker,
    storage,
    seal: createSeal(new Uint8Array(32).fill(7)),
    sink,
    clock,
    random: () => 0.5,
    log: quiet,
    config: tenant,
    timeZone: 'Asia/Shanghai',
    keepMs: 1000,
    onFailure: (error) => failures.push(error),
    ...more,
  });
  return {
    sink,
    shell,
    driver,
    clock,
    out,
    recalled,
    failures,
    engine: (): Engine => {
      if (inside === undefined) throw new Error('no engine');
      return inside;
    },
    commands: (): DriverCommand[] => out.flatMap((effect) => (effect.kind === 'driver' ? [effect.command] : [])),
    /** Lets what was submitted and all that follows from it pass. */
    async quiet() {
      for (let turn = 0; turn < 20; turn++) {
        await shell.settled();
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** See {@link openShell}. */
export type Opened = Awaited<ReturnType<typeof openShell>>;

/** One call from the first ring to its record. */
export async function playCall(opened: Opened, upTo: 'talking' | 'ended' = 'ended'): Promise<void> {
  const { shell, driver } = opened;
  await shell.start();
  await driver.start((event) => shell.submit({ kind: 'driver', switchId: MAIN, event }));
  shell.submit({ kind: 'client', commandId: asId('1'), actor: ANN, command: { type: 'agent.logOn' } });
  shell.submit({ kind: 'client', commandId: asId('2'), actor: ANN, command: { type: 'agent.ready' } });
  await opened.quiet();
  const caller = driver.call(CALLER, '4008001000');
  await opened.quiet();
  if (upTo === 'talking') return;
  driver.hangUp(caller);
  await opened.quiet();
}
