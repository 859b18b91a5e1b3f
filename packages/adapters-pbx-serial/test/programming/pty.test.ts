import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asId, type CtiDriver, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { type SerialPbx, serialPbx } from '@cordboard/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPbxSerialDriver } from '../../src/index.js';
import { programme } from './programme.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe.skipIf(!hasSocat)('a PBX on a real pair of ptys', () => {
  let folder: string;
  let socat: ChildProcess;
  let sim: SerialPbx | undefined;
  let driver: CtiDriver | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordboard-pty-'));
    const pty = (name: string): string => `pty,raw,echo=0,link=${join(folder, name)}`;
    socat = spawn('socat', ['-d', '-d', pty('host'), pty('pbx')], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const said of socat.stderr ?? []) if (String(said).includes('starting data transfer loop')) break;
  });

  afterEach(async () => {
    await driver?.stop();
    await sim?.close();
    const gone = once(socat, 'exit');
    if (socat.exitCode === null && socat.kill()) await gone;
    await rm(folder, { recursive: true, force: true });
  });

  it('300 parameters written and verified by kts-bin/1; backup, wipe, restore, equal', {
    timeout: 180_000,
  }, async () => {
    const own = serialPbx({
      clock: systemClock,
      profile: 'kts-bin/1',
      lines: 8,
      extensions: 16,
      line: { pace: 'none' },
    });
    sim = own.start();
    await own.openPath(join(folder, 'pbx'));
    const made = createPbxSerialDriver({ profile: 'kts-bin/1', transport: { port: join(folder, 'host') } })(
      asId<SwitchId>('main'),
      { clock: systemClock, random: Math.random, log: LOG },
    );
    driver = made;
    await new Promise<void>((resolve, reject) => {
      const { signal } = new AbortController();
      made
        .start(
          (event) => {
            if (event.type === 'linkSynced') resolve();
          },
          { signal },
        )
        .catch(reject);
    });
    const facet = made.facets?.programming;
    if (facet === undefined) throw new Error('no programming');
    const done = await programme({
      facet,
      password: '1967590',
      lines: 8,
      ports: 16,
      wipe: () => own.pbx.memory.parameters.clear(),
    });
    expect(done).toMatchObject({ refused: 0, readOtherwise: 0, differencesAfterRestore: 0, wipedNothing: 0 });
    expect(done.written).toBeGreaterThanOrEqual(300);
  });
});
