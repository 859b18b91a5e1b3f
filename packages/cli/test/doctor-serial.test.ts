import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SERIAL_LANGUAGES,
  type SerialLanguage,
  type SerialSettings,
  settingsText,
} from '@cordboard/adapters-pbx-serial';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import {
  type FaceSettings,
  ktsFace,
  monthOfCalls,
  necFace,
  type PbxCall,
  PbxPort,
  type SerialFace,
  SIM_SMDR_FORMATS,
  type SimSmdrFormat,
  SmdrFeed,
  SmdrPrinter,
  type UartSettings,
  VirtualPbx,
  WireLine,
} from '@cordboard/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctorSerial } from '../src/commands/doctor-serial.js';
import { examineSerial, type SerialReport } from '../src/doctor/serial/examine.js';
import type { ModemLines, OpenPort, SerialSystem } from '../src/doctor/serial/system.js';
import { runCommandLine } from '../src/program.js';

const CALLS: readonly PbxCall[] = monthOfCalls({ seed: 9, calls: 400, firstExtension: 101 });

/** A printer port on which a record ends every half second. */
function printerFace(format: SimSmdrFormat, settings: FaceSettings): SerialFace {
  return {
    profile: `smdr-${format}`,
    settings,
    attach(line) {
      const printer = new SmdrPrinter(format);
      const feed = new SmdrFeed(printer, CALLS);
      line.write(Buffer.from(printer.open(CALLS[0]?.legs[0]?.startS ?? 0), 'latin1'));
      let stop = (): void => undefined;
      const next = (): void => {
        const piece = feed.take();
        if (piece === undefined) return;
        line.write(Buffer.from(piece.text, 'latin1'));
        stop = line.clock.setTimer(500, next);
      };
      stop = line.clock.setTimer(500, next);
      return { receive: () => undefined, close: () => stop() };
    },
  };
}

/** What the other end of the cable is. */
interface World {
  readonly face?: SerialFace;
  readonly lines?: ModemLines;
  /** What is said back to what is sent, in place of a PBX. */
  readonly echo?: 'echo';
  /** Said once a second, in place of a PBX. */
  readonly says?: string;
  readonly failure?: 'missing' | 'forbidden' | 'busy' | 'notSerial';
  readonly ports?: readonly string[] | 'unlistable';
  readonly library?: 'missing';
}

/** A machine whose port leads to a simulated PBX: each opening reads with its own settings what the PBX sends with its own. */
class SimulatedSystem implements SerialSystem {
  readonly clock = new SimulatedClock();
  readonly sent: Uint8Array[] = [];
  readonly #world: World;
  open_ = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async library() {
    return this.#world.library ?? 'there';
  }

  async list() {
    const { ports = ['/dev/ttyUSB7'] } = this.#world;
    return ports === 'unlistable' ? undefined : ports.map((path) => ({ path }));
  }

  async open(
    _path: string,
    settings: SerialSettings,
  ): Promise<OpenPort | { failure: 'missing' | 'forbidden' | 'busy' | 'notSerial'; text: string }> {
    const { face, lines, echo, says, failure } = this.#world;
    if (failure !== undefined) return { failure, text: failure };
    this.open_ += 1;
    const listeners: ((bytes: Uint8Array) => void)[] = [];
    const tell = (bytes: Uint8Array): void => {
      for (const listener of listeners) listener(bytes);
    };
    const { flow: _flow, ...host } = settings;
    const pbx = new VirtualPbx({ clock: this.clock });
    let send: (bytes: Uint8Array) => void = () => undefined;
    let stop = (): void => undefined;
    if (face !== undefined) {
      const line = new WireLine({
        clock: this.clock,
        settings: face.settings,
        host: host as UartSettings,
        jitterMs: 0,
      });
      const port = new PbxPort(pbx, face, line);
      send = line.connect(tell);
      pbx.powerOn();
      stop = () => {
        pbx.powerOff();
        void port.close();
      };
    }
    if (says !== undefined) {
      const again = (): void => {
        tell(Buffer.from(says));
        stop = this.clock.setTimer(1_000, again);
      };
      stop = this.clock.setTimer(200, again);
    }
    return {
      onBytes: (listener) => void listeners.push(listener),
      write: (bytes) => {
        this.sent.push(bytes);
        send(bytes);
        if (echo !== undefined) this.clock.setTimer(5, () => tell(bytes));
      },
      lines: async () => lines ?? (face === undefined ? undefined : { cts: true, dsr: true, dcd: true }),
      close: async () => {
        this.open_ -= 1;
        stop();
      },
    };
  }
}

const languageOf = (id: string): SerialLanguage => {
  const found = SERIAL_LANGUAGES.find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const at = (text: string): SerialSettings => {
  const [, baudRate, dataBits, parity, stopBits] = /^(\d+) ([78])([NEOMS])([12])$/u.exec(text) ?? [];
  const parities = { N: 'none', E: 'even', O: 'odd', M: 'mark', S: 'space' } as const;
  return {
    baudRate: Number(baudRate),
    dataBits: Number(dataBits) as 7 | 8,
    parity: parities[parity as 'N'],
    stopBits: Number(stopBits) as 1 | 2,
    flow: 'none',
  };
};
const face = (id: string, settings: SerialSettings): SerialFace => {
  const { flow: _, ...port } = settings;
  if (id === 'kts-bin' || id === 'kts-ascii')
    return { ...ktsFace(id === 'kts-bin' ? 'kts-bin/1' : 'kts-ascii/1'), settings: port };
  if (id === 'nec-pms') return necFace({ settings: port });
  if (id === 'shenou-uso') return printerFace('shenou', port);
  return printerFace(id.slice('smdr-'.length) as SimSmdrFormat, port);
};

async function examine(
  world: World,
  what: { readonly profile?: string; readonly settings: string; readonly listenMs?: number },
): Promise<SerialReport & { readonly system: SimulatedSystem }> {
  const system = new SimulatedSystem(world);
  const listenMs = what.listenMs ?? 3_000;
  const work = examineSerial(
    {
      path: '/dev/ttyUSB0',
      settings: at(what.settings),
      listenMs,
      searchMs: listenMs * 60,
      signal: new AbortController().signal,
      ...(what.profile === undefined ? {} : { language: languageOf(what.profile) }),
    },
    system,
  );
  let state: 'open' | 'over' = 'open';
  const seen = work.finally(() => {
    state = 'over';
  });
  for (let step = 0; step < 10_000 && state === 'open'; step += 1) await system.clock.tick(100);
  const report = await seen;
  expect(system.open_).toBe(0);
  return { ...report, system };
}

const SPEAKERS = [
  ['kts-ascii', '9600 8N1'],
  ['kts-bin', '9600 8N1'],
  ['nec-pms', '1200 7E2'],
  ['shenou-uso', '2400 8N2'],
  ...SIM_SMDR_FORMATS.filter((format) => format !== 'generic-csv').map(
    (format) => [`smdr-${format}`, '9600 8N1'] as const,
  ),
] as const;

describe('both ends alike', () => {
  it.each(SPEAKERS)('%s at %s is understood, at once', async (profile, settings) => {
    const report = await examine({ face: face(profile, at(settings)) }, { profile, settings });
    expect(report).toMatchObject({ verdict: 'ok', speaks: { language: profile, settings }, tried: [settings] });
  });
  it('without a profile the language is found', async () => {
    for (const [profile, settings] of [
      ['smdr-kx-ta', '9600 8N1'],
      ['smdr-ipoffice-csv', '9600 8N1'],
      ['smdr-dbs', '9600 8N1'],
    ] as const) {
      const report = await examine({ face: face(profile, at(settings)) }, { settings });
      expect(report, profile).toMatchObject({ verdict: 'ok', speaks: { language: profile } });
      expect(report.system.sent).toEqual([]);
    }
  });
});

describe('the confusion table', () => {
  const shapes = ['8N1', '8N2', '7E1', '7E2', '7O1', '8E1', '8O1', '7M1', '7S1'] as const;
  const rates = [1_200, 2_400, 9_600, 38_400] as const;

  it.each(shapes)('a printer port that is set to %s, read at every other shape', async (sent) => {
    for (const read of shapes) {
      const report = await examine(
        { face: face('smdr-kx-td', at(`9600 ${sent}`)) },
        { profile: 'smdr-kx-td', settings: `9600 ${read}` },
      );
      // What reads well is said to read well, whatever the bits that nobody looks at.
      expect(['ok', 'wrongParity'], `${sent} read as ${read}: ${report.verdict}`).toContain(report.verdict);
      if (sent === read) expect(report.verdict).toBe('ok');
      if (report.verdict !== 'wrongParity') continue;
      expect(report.speaks?.settings.startsWith('9600 ')).toBe(true);
      // What is recommended is true: at these settings the records are read.
      const again = await examine(
        { face: face('smdr-kx-td', at(`9600 ${sent}`)) },
        { profile: 'smdr-kx-td', settings: report.speaks?.settings ?? '' },
      );
      expect(again.verdict, `${sent} read as ${read}, told to use ${report.speaks?.settings}`).toBe('ok');
    }
  });

  it.each(rates)('a printer port at %d Bd, read at every other rate', async (sent) => {
    for (const read of rates) {
      const report = await examine(
        { face: face('smdr-panasonic-a', at(`${sent} 8N1`)) },
        { profile: 'smdr-panasonic-a', settings: `${read} 8N1`, listenMs: 4_000 },
      );
      expect(report.verdict, `${sent} read as ${read}`).toBe(sent === read ? 'ok' : 'wrongSpeed');
      expect(report.speaks?.settings).toBe(`${sent} 8N1`);
    }
  });

  it.each([
    ['kts-ascii', '4800 8N1', '9600 8N1'],
    ['kts-ascii', '19200 8N1', '9600 8N1'],
    ['kts-bin', '2400 8N1', '9600 8N1'],
    ['kts-bin', '9600 8E1', '9600 8N1'],
    ['nec-pms', '4800 7E2', '1200 7E2'],
    ['nec-pms', '1200 7O1', '1200 7E2'],
    ['shenou-uso', '9600 8N1', '2400 8N2'],
  ])('%s that is set to %s, asked at %s', async (profile, sent, read) => {
    const report = await examine({ face: face(profile, at(sent)) }, { profile, settings: read });
    expect(['wrongSpeed', 'wrongParity']).toContain(report.verdict);
    const again = await examine(
      { face: face(profile, at(sent)) },
      { profile, settings: report.speaks?.settings ?? '' },
    );
    expect(again.verdict).toBe('ok');
  });

  it('wrong speed and wrong parity at once', async () => {
    const report = await examine(
      { face: face('smdr-kx-ta', at('4800 7O1')) },
      { profile: 'smdr-kx-ta', settings: '9600 8N1' },
    );
    expect(report).toMatchObject({ verdict: 'wrongSpeed' });
    const again = await examine(
      { face: face('smdr-kx-ta', at('4800 7O1')) },
      { profile: 'smdr-kx-ta', settings: report.speaks?.settings ?? '' },
    );
    expect(again.verdict).toBe('ok');
  });

  it.each(SPEAKERS.filter(([profile]) => profile.startsWith('smdr-')))(
    '%s is not taken for another format',
    async (profile) => {
      for (const other of ['smdr-kx-td', 'smdr-dbs', 'smdr-ipoffice-csv', 'kts-ascii']) {
        const family = (id: string): string =>
          /panasonic-a|kx-td/u.test(id) ? 'the same columns' : /shenou/u.test(id) ? 'shenou' : id;
        if (family(other) === family(profile)) continue;
        const report = await examine({ face: face(profile, at('9600 8N1')) }, { profile: other, settings: '9600 8N1' });
        expect(report.verdict, `${profile} asked for as ${other}`).toBe('wrongLanguage');
        expect(family(report.speaks?.language ?? '')).toBe(family(profile));
      }
    },
  );
});

describe('defects that are planted', () => {
  const dead = { cts: false, dsr: false, dcd: false };
  it.each<[string, World, SerialReport['verdict']]>([
    ['no library', { library: 'missing' }, 'noLibrary'],
    ['no such port', { failure: 'missing' }, 'wrongPort'],
    ['no right to open it', { failure: 'forbidden' }, 'wrongPort'],
    ['another program has it', { failure: 'busy', ports: 'unlistable' }, 'wrongPort'],
    ['a file that is no port', { failure: 'notSerial', ports: [] }, 'wrongPort'],
    ['no cable, by the modem lines', { lines: dead }, 'noCable'],
    ['a silent PBX, by the modem lines', { lines: { ...dead, dsr: true } }, 'silentPbx'],
    ['silence where there are no modem lines', {}, 'unknown'],
    ['send and receive are joined', { echo: 'echo' }, 'echo'],
    ['another device', { says: '$GPGGA,092750.000,5321.6802,N,00630.3372,W*76\r\n' }, 'otherDevice'],
    ['noise', { says: '\u0001\u0007\u007f\u0003\u0002' }, 'garbled'],
  ])('%s', async (_, world, verdict) => {
    const report = await examine(world, { profile: 'kts-ascii', settings: '9600 8N1' });
    expect(report.verdict).toBe(verdict);
    expect(report.findings.at(-1)?.level).not.toBe('ok');
    expect(report.findings.at(-1)?.fix).toBeDefined();
  });

  it('says which ports there are where the one is not', async () => {
    const report = await examine(
      { failure: 'missing', ports: ['/dev/ttyUSB1', '/dev/ttyS0'] },
      { settings: '9600 8N1' },
    );
    expect(report.findings.at(-1)?.text).toContain('/dev/ttyUSB1, /dev/ttyS0');
  });

  it('sends nothing to a printer port, whatever happens', async () => {
    for (const world of [
      {},
      { face: face('smdr-kx-td', at('9600 8N1')) },
      { face: face('smdr-kx-td', at('1200 7E1')) },
      { says: 'x\r\n' },
    ]) {
      const { system } = await examine(world, { profile: 'smdr-kx-td', settings: '9600 8N1' });
      expect(system.sent).toEqual([]);
    }
  });

  it('leaves a PBX that it asked as it was', async () => {
    const { system } = await examine(
      { face: face('kts-ascii', at('9600 8N1')) },
      { profile: 'kts-ascii', settings: '9600 8N1' },
    );
    const words = system.sent.map((bytes) => Buffer.from(bytes).toString());
    expect(words.every((word) => /HELLO|BYE/u.test(word))).toBe(true);
    expect(words.at(-1)).toContain('BYE');
  });

  it('shows no digits of what it heard', async () => {
    const { findings } = await examine(
      { face: face('smdr-shenou', at('9600 8N1')) },
      { profile: 'smdr-shenou', settings: '9600 8N1' },
    );
    const heard = findings.find(({ id }) => id === 'serial.heard')?.text ?? '';
    expect(heard).toContain('54 3x 3x');
    expect(heard).not.toMatch(/ 3\d /u);
  });
});

describe('cordboard doctor serial', () => {
  const run = async (...argv: readonly string[]) => {
    const lines: string[] = [];
    const output = { out: (line: string) => void lines.push(line), err: (line: string) => void lines.push(line) };
    const code = await runCommandLine(['doctor', 'serial', ...argv], {
      output,
      folder: tmpdir(),
      signal: new AbortController().signal,
    });
    return { code, out: lines.join('\n') };
  };

  it('tells of a port that is not there, and of a file that is none', async () => {
    const missing = await run('/dev/ttyNOWHERE', '--json');
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.out)).toMatchObject({ verdict: 'wrongPort', healthy: false });
    const folder = mkdtempSync(join(tmpdir(), 'port-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const none = await run(folder);
    expect(none.out).toContain('verdict: wrongPort');
  });

  it('refuses a profile and a shape that there are not', async () => {
    expect((await run('/dev/ttyS0', '--profile', 'pigeons')).code).toBe(2);
    expect((await run('/dev/ttyS0', '--line', '9N1')).code).toBe(2);
    expect((await run('/dev/ttyS0', '--baud', 'fast')).code).toBe(2);
  });

  it('lists the ports of a machine, or says that it cannot', async () => {
    const lines: string[] = [];
    const context = {
      output: { out: (line: string) => void lines.push(line), err: () => undefined },
      folder: tmpdir(),
      signal: new AbortController().signal,
    };
    expect(await doctorSerial({}, context, new SimulatedSystem({ ports: ['/dev/ttyUSB1'] }))).toBe(0);
    expect(await doctorSerial({}, context, new SimulatedSystem({ ports: [] }))).toBe(0);
    expect(await doctorSerial({ json: 'json' }, context, new SimulatedSystem({ ports: 'unlistable' }))).toBe(1);
    expect(lines.join('\n')).toContain('/dev/ttyUSB1');
    expect((await run()).out.length).toBeGreaterThan(0);
  });

  it('knows every language by the settings that it leaves the factory with', () => {
    for (const { serial, rates } of SERIAL_LANGUAGES) expect(rates, settingsText(serial)).toContain(serial.baudRate);
  });
});
