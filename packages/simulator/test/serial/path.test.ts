import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPath, SerialPbx } from '../../src/serial/index.js';
import { openTty } from '../../src/serial/port/open-path.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const N81 = { baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

describe.skipIf(!hasSocat)('a PBX on one end of a real pair of ptys', () => {
  let folder: string;
  let socat: ChildProcess;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordboard-path-'));
    const pty = (name: string): string => `pty,raw,echo=0,link=${join(folder, name)}`;
    socat = spawn('socat', ['-d', '-d', pty('host'), pty('pbx')], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const said of socat.stderr ?? []) if (String(said).includes('starting data transfer loop')) break;
  });
  afterEach(async () => {
    const gone = once(socat, 'exit');
    if (socat.exitCode === null && socat.kill()) await gone;
    await rm(folder, { recursive: true, force: true });
  });

  const ways: Readonly<Record<string, (path: string) => Promise<Duplex>>> = {
    'by the package serialport': (path) => openPath(path, N81),
    'by what Node has': openTty,
  };
  it.each(Object.entries(ways))('%s', async (_, open) => {
    const sim = new SerialPbx({ clock: systemClock, profile: 'kts-bin/1', kts: { baudRate: 19_200 } });
    sim.port.connect(await open(join(folder, 'pbx')));
    const host = await open(join(folder, 'host'));
    try {
      let text = Buffer.alloc(0);
      const heard = new Promise<void>((resolve) => {
        host.on('data', (chunk: Buffer) => {
          text = Buffer.concat([text, chunk]);
          if (text.includes(Buffer.from([0xaa, 0x55, 0x12, 0x00, 0x00, 0x03]))) resolve();
        });
      });
      sim.start();
      // Worked in docs/protocols/kts-1.md, section 18.
      host.write(Buffer.from('AA5510000001090002040700000009010444 91'.replace(' ', ''), 'hex'));
      await heard;
      expect(text.subarray(0, 6).toString('hex')).toBe('aa5514000004');
    } finally {
      host.destroy();
      await sim.close();
    }
  });

  it('says what the system says of a path that is not there', async () => {
    await expect(openTty(join(folder, 'none'))).rejects.toThrow(/ENOENT/u);
    await expect(openPath(join(folder, 'none'), N81)).rejects.toThrow();
  });
});
