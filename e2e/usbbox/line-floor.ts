import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createUsbBoxDriver, type DeviceKinds, type UsbBoxOptionsInput } from '@cordboard/adapters-usbbox';
import { type FarStep, humSource, SimulatedBox, type SimulatedLine } from '@cordboard/adapters-usbbox/simulated';
import { type AgentDesk, connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import type { Cdr, RecordingRecord } from '@cordboard/cti-core';
import type { ConfigInput } from '@cordboard/cti-protocol';
import { type CtiServer, createServer, type ServerAddress } from '@cordboard/cti-server';
import { systemClock } from '@cordboard/driver-kit';
import { WebSocket } from 'ws';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { site as clinicSite } from '../../examples/ivr-clinic/site.js';
import { ask } from '../lab/ask.js';
import { deskPages } from '../lab/desk-pages.js';
import { openDay } from '../lab/ivr-site.js';
import { sine, wavOf } from '../lab/pcm.js';
import { until } from '../lab/wait.js';

/** What the voices of a call are told apart by, Hz; neither keys nor tones of a network. */
export const HUM = { caller: 1_080, agent: 620, prompt: 330, music: 2_100 } as const;
/** The number of the first line; those of the others follow. */
export const OWN = '01065001000';
/** The number of a line by its place. */
export const ownNumber = (index: number): string => `0106500${1_000 + index}`;

/** Far ends by the number that is dialled, without the outside prefix. */
export const FAR_ENDS: Readonly<Record<string, readonly FarStep[]>> = {
  '13900000001': [
    { do: 'ringback', cycles: 1 },
    { do: 'tone', tone: 'busy' },
  ],
  '13900000002': [{ do: 'tone', tone: 'congestion' }],
  '13900000003': [{ do: 'tone', tone: 'unobtainable' }],
  '13900000004': [{ do: 'ringback' }],
  '13900000005': [{ do: 'announce', forMs: 7_000 }],
  '13900000006': [{ do: 'colour', forMs: 7_000 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }],
  '13900000007': [{ do: 'ringback', cycles: 1 }, { do: 'answer' }, { do: 'say', forMs: 600_000 }],
  '13900000008': [
    { do: 'ringback', cycles: 1 },
    { do: 'answer', polarity: 'reversed' },
    { do: 'say', forMs: 600_000 },
  ],
};

/** Prompts of the flows that tests bring, without an ending. */
export const PROMPTS = ['hello', 'pin', 'wrong', 'message', 'menu', 'none', 'thanks', 'bye'] as const;

/** How a floor differs from its usual form. */
export interface LineFloorOptions {
  /** Names of the lines; the phone of the first is 8001 and ann's, and so on. */
  readonly lines: readonly string[];
  readonly config?: Partial<ConfigInput>;
  readonly options?: Partial<UsbBoxOptionsInput>;
  /** A data folder that is kept. */
  readonly dataDir?: string;
  /** Lines of which the telephone alone is of use: nothing is dialled on them. */
  readonly seats?: readonly string[];
  /** Kinds of device that {@link devices} name. */
  readonly kinds?: DeviceKinds;
  readonly devices?: (name: string, box: SimulatedBox) => UsbBoxOptionsInput['lines'][number]['device'];
}

/** A recording with the bytes that the server serves. */
export interface FetchedRecording {
  readonly record: RecordingRecord;
  readonly path: string;
  readonly bytes: Buffer;
}

/** Agents of the lines, in their order. */
export const PEOPLE = ['ann', 'bob', 'cat', 'sue', 'dan', 'eve', 'fay', 'gil', 'hal', 'ida', 'jan', 'kim'] as const;

/** A whole server in this process on a simulated box, on the real clock, with the clinic's flow. */
export class LineFloor {
  readonly box: SimulatedBox;
  readonly tokens: Record<string, string> = {};
  readonly dir: string;
  readonly #server: CtiServer;
  readonly #desks: AgentDesk[] = [];
  #address: ServerAddress | undefined;

  private constructor(dir: string, options: LineFloorOptions) {
    this.dir = dir;
    this.box = new SimulatedBox({ clock: systemClock, numbers: FAR_ENDS });
    const { devices = (name, box) => box.device(name) } = options;
    const driver = createUsbBoxDriver(
      {
        lines: options.lines.map((name, index) => ({
          name,
          ...(options.seats?.includes(name) ? {} : { trunk: 'city' }),
          ownNumber: ownNumber(index),
          device: devices(name, this.box),
          phone: { extension: `${8_001 + index}` },
        })),
        prompts: join(dir, 'prompts'),
        music: join(dir, 'music'),
        recordings: join(dir, 'line-recordings'),
        language: 'en',
        backoffFirst: '100ms',
        ...options.options,
      },
      options.kinds === undefined ? {} : { kinds: options.kinds },
    );
    this.#server = createServer(configOf({ dir, driver, lines: options.lines, more: options.config }), {
      extend: deskPages,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  }

  /** Starts it; every line is open when it resolves. */
  static async open(options: LineFloorOptions): Promise<LineFloor> {
    const dir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'cb-line-')));
    await sounds(dir);
    const floor = new LineFloor(dir, options);
    try {
      floor.#address = await floor.#server.start();
      for (const name of PEOPLE)
        floor.tokens[name] = (
          await floor.#server.makeToken({ userId: name, role: 'agent', agentId: name, ttlS: 3_600 })
        ).token;
      floor.tokens.admin = (await floor.#server.makeToken({ userId: 'admin', role: 'admin', ttlS: 3_600 })).token;
      await until(async () => (await ask(`${floor.url}/readyz`)).status === 200, { what: 'the lines to be open' });
    } catch (error) {
      await floor.close();
      throw error;
    }
    return floor;
  }

  get url(): string {
    return this.#address?.url ?? '';
  }

  /** A line of the box: its exchange, its phone. Whoever sits there hums, and leaves the end of a call to the driver. */
  line(name: string): SimulatedLine {
    const line = this.box.line(name);
    line.phone.patience = 1_000;
    line.phone.voice ??= () => humSource(HUM.agent);
    return line;
  }

  /** A desk in this process. */
  async desk(name: string): Promise<AgentDesk> {
    const desk = await connectAgent({
      url: this.url,
      getToken: async () => this.tokens[name] ?? '',
      WebSocket: WebSocket as unknown as SocketConstructor,
    });
    this.#desks.push(desk);
    return desk;
  }

  raw(path: string, init: RequestInit = {}): Promise<Response> {
    return ask(`${this.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.tokens.admin ?? ''}`, ...(init.headers as object) },
    });
  }

  async rest<T>(path: string, init: RequestInit = {}): Promise<T> {
    const answer = await this.raw(path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async cdrs(): Promise<readonly Cdr[]> {
    return (await this.rest<{ readonly items: readonly Cdr[] }>('/v1/cdrs')).items;
  }

  /** The one record of whoever called or was called by this number. */
  async cdrOf(number: string, withinMs = 60_000): Promise<Cdr> {
    const of = async (): Promise<readonly Cdr[]> =>
      (await this.cdrs()).filter(({ calling, called }) => calling.raw === number || called.raw.endsWith(number));
    let seen: unknown;
    const found = await until(
      async () => {
        const all = await of();
        if (all.length === 0) seen = await this.rest<unknown>('/v1/calls');
        return all.length > 0 ? all : undefined;
      },
      { what: 'a record of the call', withinMs, everyMs: 100, seen: () => seen },
    );
    if (found.length > 1) throw new Error(`${found.length} records of one call`);
    return found[0] as Cdr;
  }

  /** The recording of a record, once it is there, and its bytes. */
  async recordingOf(cdr: Cdr): Promise<FetchedRecording> {
    const [id] = cdr.recordings;
    const record = await until(
      async () => {
        const { items } = await this.rest<{ readonly items: readonly RecordingRecord[] }>('/v1/recordings');
        return items.find((one) => one.recordingId === id && one.state === 'done');
      },
      { what: 'the recording to be there', everyMs: 100, seen: () => cdr.recordings },
    );
    const path = `/v1/recordings/${encodeURIComponent(record.recordingId)}/files/0`;
    const answer = await until(
      async () => {
        const one = await this.raw(path);
        return one.status === 200 ? one : undefined;
      },
      { what: 'the file of the recording', everyMs: 100 },
    );
    return { record, path, bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#desks.splice(0).map((desk) => desk.close()));
    await this.#server.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

function configOf(made: {
  readonly dir: string;
  readonly driver: ReturnType<typeof createUsbBoxDriver>;
  readonly lines: readonly string[];
  readonly more: Partial<ConfigInput> | undefined;
}): ConfigInput {
  // Open now, whatever day it is.
  const { zone, date } = openDay(Date.now());
  const queues = Object.fromEntries(
    Object.entries(clinicSite.queues).map(([id, queue]) => [
      id,
      {
        ...queue,
        ringTimeout: '20s' as const,
        afterCallWork: '1s' as const,
        record: 'always' as const,
      },
    ]),
  );
  return {
    ...clinicSite,
    tenant: 'line',
    timeZone: zone,
    pop: { url: '/customer?number={caller.number}&path={ivr.path}&note={data.note}', at: 'alerting' },
    calendars: { clinic: { holidays: [], workdays: [date] } },
    server: { host: '127.0.0.1', port: 0, dataDir: join(made.dir, 'data') },
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8001', to: '8099' }],
      ownNumbers: made.lines.map((_line, index) => ownNumber(index)),
    },
    switches: {
      box: { driver: made.driver, defaultTrunk: 'trunk:city', callerNumber: OWN, behind: [{ from: '600', to: '699' }] },
    },
    agents: Object.fromEntries(
      made.lines.map((_line, index) => [
        PEOPLE[index] ?? `agent-${index}`,
        {
          name: PEOPLE[index] ?? `agent-${index}`,
          seat: `${8_001 + index}`,
          queues: index === 0 ? ['desk', 'nurse'] : [],
        },
      ]),
    ),
    queues,
    routes: [{ number: OWN, to: { ivr: clinic } }],
    recording: { basis: 'consentAnnounced', format: 'wav49' },
    notReadyReasons: ['lunch'],
    ...made.more,
  };
}

/** Prompts of the clinic, each half a second of one tone, numbers, and music of another tone. */
async function sounds(dir: string): Promise<void> {
  const files = Object.values(clinic.prompts).flatMap((languages) =>
    Object.values(languages).flatMap((prompt) =>
      typeof prompt === 'object' && prompt !== null && 'file' in prompt && typeof prompt.file === 'string'
        ? [prompt.file]
        : [],
    ),
  );
  const write = async (path: string, made: { readonly hz: number; readonly ms: number }): Promise<void> => {
    const file = join(dir, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, wavOf(sine([made.hz], { ms: made.ms, peak: 6_000 })));
  };
  for (const file of new Set([
    ...files,
    'beep',
    ...'0123456789'.split('').map((digit) => `en/digits/${digit}`),
    ...PROMPTS,
  ]))
    await write(join('prompts', `${file}.wav`), { hz: HUM.prompt, ms: 500 });
  await write('music/default.wav', { hz: HUM.music, ms: 5_000 });
}
