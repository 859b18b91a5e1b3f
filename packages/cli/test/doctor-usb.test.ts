import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { examineUsb, type UsbPlace } from '../src/doctor/usb/examine.js';
import { runCommandLine } from '../src/program.js';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A machine that is made of files. */
class Machine {
  readonly root = mkdtempSync(join(tmpdir(), 'machine-'));

  constructor() {
    roots.push(this.root);
    mkdirSync(join(this.root, 'sys/class'), { recursive: true });
    this.file('etc/group', `root:x:99999:\ndialout:x:${process.getgid?.() ?? 0}:ann\n`);
    for (const name of ['arecord', 'aplay']) chmodSync(this.file(`usr/bin/${name}`, ''), 0o755);
  }

  file(path: string, content: string): string {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
    return at;
  }

  usb(port: string, ids: readonly [string, string], product = 'a box'): string {
    const at = `sys/devices/pci0/usb1/${port}`;
    this.file(`${at}/idVendor`, `${ids[0]}\n`);
    this.file(`${at}/idProduct`, `${ids[1]}\n`);
    this.file(`${at}/product`, `${product}\n`);
    return at;
  }

  part(usb: string, part: { readonly class: string; readonly name: string; readonly node?: number }): void {
    const at = join(this.root, usb, `1.0/${part.class}/${part.name}`);
    mkdirSync(at, { recursive: true });
    mkdirSync(join(this.root, 'sys/class', part.class), { recursive: true });
    symlinkSync(at, join(this.root, 'sys/class', part.class, part.name));
    if (part.node !== undefined) chmodSync(this.file(`dev/${part.name}`, ''), part.node);
  }

  cm108(port: string, number: number): void {
    const usb = this.usb(port, ['0d8c', '013a'], 'USB PnP Sound Device');
    this.part(usb, { class: 'hidraw', name: `hidraw${number}`, node: 0o666 });
    this.part(usb, { class: 'sound', name: `card${number}` });
    this.file(`proc/asound/card${number}/usbid`, '0d8c:013a\n');
  }

  look(more: Partial<UsbPlace> = {}): ReturnType<typeof examineUsb> {
    return examineUsb({
      root: this.root,
      user: { uid: 4_242, gids: [4_242] },
      path: join(this.root, 'usr/bin'),
      probe: async () => 'works',
      ...more,
    });
  }
}

async function levels(machine: Machine, more: Partial<UsbPlace> = {}): Promise<Record<string, string>> {
  const { findings } = await machine.look(more);
  return Object.fromEntries(findings.map(({ id, level }) => [id, level]));
}

const FINE = { 'package.node-hid': 'ok', 'package.serialport': 'ok', 'program.alsa-utils': 'ok' };

describe('what is plugged in', () => {
  it('is named with how a configuration says it', async () => {
    const machine = new Machine();
    machine.part(machine.usb('1-1', ['0572', '1349']), { class: 'tty', name: 'ttyACM0', node: 0o666 });
    machine.part(machine.usb('1-2', ['0403', '6001']), { class: 'tty', name: 'ttyUSB0', node: 0o666 });
    machine.part(machine.usb('1-5', ['1234', 'abcd'], 'Something'), { class: 'tty', name: 'ttyUSB1', node: 0o666 });
    machine.cm108('1-3', 1);
    machine.cm108('1-4', 2);
    machine.file(
      'proc/asound/cards',
      ' 0 [PCH            ]: HDA-Intel - HDA\n                      HDA\n 1 [Device         ]: USB-Audio - USB PnP\n 2 [Device_1       ]: USB-Audio - USB PnP\n',
    );
    machine.part(machine.usb('1-6', ['046d', 'c31c']), { class: 'hidraw', name: 'hidraw9', node: 0o600 });
    for (const [name, type] of [
      ['ttyS0', '4'],
      ['ttyS1', '0'],
    ] as const) {
      machine.file(`sys/devices/platform/tty/${name}/type`, `${type}\n`);
      symlinkSync(join(machine.root, `sys/devices/platform/tty/${name}`), join(machine.root, 'sys/class/tty', name));
    }
    machine.file('dev/ttyS0', '');
    chmodSync(join(machine.root, 'dev/ttyS0'), 0o666);
    const { findings, devices } = await machine.look();
    expect(findings.map(({ level }) => level)).not.toContain('failed');
    const all = findings.map(({ text }) => text).join('\n');
    expect(all).toContain("device: { kind: 'v253', path: '/dev/ttyACM0' }");
    expect(all).toContain("device: { kind: 'cm108', hid: '/dev/hidraw1', card: 'plughw:CARD=Device,DEV=0' }");
    expect(all).toContain("device: { kind: 'cm108', hid: '/dev/hidraw2', card: 'plughw:CARD=Device_1,DEV=0' }");
    expect(all).toContain('FTDI serial adapter (0403:6001)');
    expect(all).toContain('in no table "Something" (1234:abcd)');
    expect(all).toContain('/dev/ttyS0');
    expect(all).not.toContain('ttyS1');
    expect(all).not.toContain('hidraw9');
    expect(devices.map(({ name, kind }) => [name, kind])).toEqual([
      ['ttyACM0', 'v253'],
      ['ttyS0', undefined],
      ['ttyUSB0', 'serial'],
      ['ttyUSB1', undefined],
      ['hidraw1', 'cm108'],
      ['hidraw2', 'cm108'],
      ['card1', 'cm108'],
      ['card2', 'cm108'],
    ]);
  });

  it('is nothing on a machine without, and nothing is a failure then', async () => {
    expect(await levels(new Machine())).toEqual({ 'usb.none': 'warning', ...FINE });
    expect(await levels(new Machine(), { probe: async () => 'missing', path: '' })).toEqual({
      'usb.none': 'warning',
      'package.node-hid': 'warning',
      'package.serialport': 'warning',
      'program.alsa-utils': 'warning',
    });
  });

  it('cannot be told where there is no sysfs', async () => {
    const machine = new Machine();
    rmSync(join(machine.root, 'sys'), { recursive: true });
    expect(await levels(machine)).toEqual({ 'usb.system': 'unknown' });
  });
});

describe('what is missing', () => {
  const modem = (node?: number): Machine => {
    const machine = new Machine();
    const part = { class: 'tty', name: 'ttyACM0', ...(node === undefined ? {} : { node }) };
    machine.part(machine.usb('1-1', ['0572', '1349']), part);
    return machine;
  };

  it('is a right, a node, a package or a program', async () => {
    expect(await levels(modem(0o660))).toMatchObject({ 'usb.ttyACM0': 'ok', 'usb.ttyACM0.access': 'failed' });
    const { findings } = await modem(0o660).look();
    expect(findings.find(({ id }) => id === 'usb.ttyACM0.access')?.fix).toContain('usermod -aG dialout');
    const gids = [process.getgid?.() ?? 0];
    expect(await levels(modem(0o660), { user: { uid: 4_242, gids } })).toEqual({ 'usb.ttyACM0': 'ok', ...FINE });
    expect(await levels(modem())).toMatchObject({ 'usb.ttyACM0.access': 'failed' });
    expect(await levels(modem(0o666), { probe: async () => 'missing' })).toMatchObject({
      'package.serialport': 'failed',
      'package.node-hid': 'warning',
    });
    expect(await levels(modem(0o666), { probe: async () => 'broken' })).toMatchObject({
      'package.serialport': 'failed',
    });
  });

  it('is half of a USB sound box', async () => {
    const machine = new Machine();
    machine.cm108('1-3', 1);
    expect(await levels(machine)).toMatchObject({ 'usb.hidraw1': 'failed' });
    const other = new Machine();
    other.file('proc/asound/cards', ' 1 [Device         ]: USB-Audio - USB PnP\n');
    other.file('proc/asound/card1/usbid', '0d8c:000c\n');
    expect(await levels(other, { path: '' })).toMatchObject({
      'usb.card1.hid': 'failed',
      'program.alsa-utils': 'failed',
    });
  });

  it('is told with a udev rule where no group helps', async () => {
    const machine = new Machine();
    const usb = machine.usb('1-3', ['0d8c', '000c']);
    machine.part(usb, { class: 'hidraw', name: 'hidraw0', node: 0o600 });
    const { findings } = await machine.look();
    expect(findings.find(({ id }) => id === 'usb.hidraw0.access')?.fix).toContain('ATTRS{idVendor}=="0d8c"');
  });
});

describe('cordboard doctor usb', () => {
  const run = async (...argv: readonly string[]): Promise<{ readonly code: number; readonly out: string }> => {
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    const signal = new AbortController().signal;
    const code = await runCommandLine(['doctor', ...argv], { output, folder: tmpdir(), signal });
    return { code, out: lines.join('\n') };
  };

  it('prints what it found, and ends with 1 when something is missing', async () => {
    const machine = new Machine();
    machine.part(machine.usb('1-1', ['0572', '1349']), { class: 'tty', name: 'ttyACM0' });
    const said = await run('usb', '--root', machine.root);
    expect(said.code).toBe(1);
    expect(said.out).toContain('ok      /dev/ttyACM0: Conexant CX93001');
    expect(said.out).toContain('FAILED  /dev/ttyACM0 is not there');
  });

  it('prints JSON, here and now', async () => {
    const { code, out } = await run('usb', '--json');
    const report = JSON.parse(out);
    expect(report.healthy).toBe(code === 0);
    expect(report.findings.length).toBeGreaterThan(0);
  });

  it('knows nothing else to examine', async () => {
    expect((await run('scsi')).code).toBe(2);
  });
});
