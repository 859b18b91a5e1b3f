import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asId, type CommandId, type DriverCommand, type DriverEvent } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { afterEach, expect, it } from 'vitest';
import { createUsbBoxDriver, DEVICE_KINDS } from '../src/index.js';
import { openSerial } from '../src/serial/open-serial.js';
import { serveVirtualModem, VirtualModem } from '../src/simulated/index.js';
import { SWITCH } from './harness.js';
import { MemoryStorage } from './memory-storage.js';

const hasSocat = spawnSync('socat', ['-V']).status === 0;
if (!hasSocat) process.stdout.write('modem on a pty: skipped, socat is not there\n');

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Another process makes the ttys, and the machine may do much else. */
const BOUND_MS = 30_000;
async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (const endMs = Date.now() + BOUND_MS; !condition(); await wait(10)) if (Date.now() > endMs) expect.fail(what());
}

/** Two ttys that are one wire. */
async function ttys(folder: string): Promise<{ readonly near: string; readonly far: string; kill(): Promise<void> }> {
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const child: ChildProcess = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`]);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill();
    await gone;
  };
  ends.push(kill);
  await until(
    () => existsSync(near) && existsSync(far),
    () => 'socat made no ttys',
  );
  return { near, far, kill };
}

it.skipIf(!hasSocat)(
  'a modem on a real tty takes a call with caller ID, plays, hears keys, is pulled out in mid-call and comes back',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modem-'));
    ends.push(async () => rmSync(folder, { recursive: true }));
    const modem = new VirtualModem({ clock: systemClock });
    const plug = async (): Promise<{ readonly near: string; kill(): Promise<void> }> => {
      const pair = await ttys(folder);
      const far = await openSerial({ path: pair.far, baudRate: 115_200 }, { signal: new AbortController().signal });
      ends.push(await serveVirtualModem(modem, far));
      return pair;
    };
    const first = await plug();
    const storage = new MemoryStorage();
    storage.prompt('prompts/welcome.wav', { ms: 700 });
    const factory = createUsbBoxDriver(
      {
        lines: [{ name: 'one', device: { kind: 'v253', path: first.near, flow: 'none' } }],
        prompts: 'prompts',
        backoffMax: '300ms',
      },
      { storage, kinds: DEVICE_KINDS },
    );
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const driver = factory(SWITCH, { clock: systemClock, random: Math.random, log });
    ends.push(() => driver.stop());
    const events: DriverEvent[] = [];
    const sees = async <T extends DriverEvent['type']>(
      type: T,
      since = 0,
    ): Promise<Extract<DriverEvent, { type: T }>> => {
      const find = (): DriverEvent | undefined => events.slice(since).find((event) => event.type === type);
      await until(
        () => find() !== undefined,
        () => `${type} was not told: ${events.map((e) => e.type).join(' ')}; ${modem.commands.join(' ')}`,
      );
      return find() as Extract<DriverEvent, { type: T }>;
    };
    let ids = 0;
    const give = async (body: object): Promise<void> => {
      const command = { boundMs: 5_000, commandId: asId<CommandId>(`k${ids++}`), ...body } as DriverCommand;
      expect(await driver.execute(command)).toEqual({ outcome: 'accepted' });
    };
    await driver.start((event) => void events.push(event), { signal: new AbortController().signal });
    await sees('linkSynced');

    expect(modem.callIn({ number: '13900001111', name: '张三' })).toBe(true);
    const { connectionId, calling } = await sees('created');
    expect(calling).toEqual({ number: '13900001111', name: '张三', presentation: 'allowed' });
    await give({ type: 'answer', connectionId });
    await sees('connected');
    await give({ type: 'play', connectionId, playbackId: asId('p'), media: [{ kind: 'prompt', prompt: 'welcome' }] });
    expect((await sees('playbackFinished')).outcome).toBe('done');
    await until(
      () => modem.mode === 'hear',
      () => 'it does not hear',
    );
    modem.exchange.press('42#');
    await until(
      () => events.filter((event) => event.type === 'digit').length === 3,
      () => 'no keys',
    );
    expect(events.flatMap((event) => (event.type === 'digit' ? [event.digit] : [])).join('')).toBe('42#');

    const since = events.length;
    await first.kill();
    await sees('linkDown', since);
    expect((await sees('snapshot', since)).snapshot.connections).toEqual([]);
    // The driver reads one end of the wire and the modem the other: each finds for itself that it is gone.
    await until(
      () => !modem.isOpen,
      () => 'the modem did not notice that its wire is gone',
    );
    expect(modem.hook).toBe('on');
    await plug();
    await sees('linkSynced', since);
    await until(
      () => modem.exchange.isFree,
      () => 'the line is held',
    );
    expect(modem.callIn({ number: '13900002222' })).toBe(true);
    expect((await sees('created', since)).calling.number).toBe('13900002222');
  },
  300_000,
);
