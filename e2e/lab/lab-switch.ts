import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialEsl } from '@cordboard/adapters-freeswitch/esl';
import { asId, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { type EslFace, eslFace } from '../../packages/simulator/src/esl/index.js';
import type { Leg } from '../../packages/simulator/src/switch/model.js';
import { VirtualSwitch } from '../../packages/simulator/src/switch/virtual-switch.js';
import type { AsteriskLab } from './asterisk.js';
import type { LabCaller, LabPhone } from './party.js';
import { Phone, type PhoneOptions } from './phone.js';
import { type SippCallOptions, SippParty } from './sipp.js';
import type { SwitchSite } from './site.js';
import type { SwitchLink } from './switch-link.js';
import { PROMPTS, TONE } from './tone-plan.js';
import { VirtualCaller, VirtualPhone, type VirtualStage } from './virtual-phone.js';
import { until } from './wait.js';

/** A telephone of whichever switch; how it names its calls is its own affair. */
export type AnyPhone = LabPhone<unknown>;

/** The switch that a scenario is played on, whichever it is. */
export interface LabSwitch {
  readonly kind: 'asterisk' | 'freeswitch' | 'simulated';
  /** Port of the driver's link that calls depend on: a cable goes there. */
  readonly port: number;
  /** Where the driver reaches it; through the cable at `port` where one is given. */
  link(port?: number): SwitchLink;
  caller(options: SippCallOptions): Promise<LabCaller>;
  phone(options: PhoneOptions): Promise<AnyPhone & { close(): void | Promise<void> }>;
  /** Dies with all its calls, unheard, and comes back. @throws {Error} where the switch belongs to somebody */
  crash(): Promise<void>;
  /** Resolves when it has seen that the server is gone, where calls go elsewhere from then on. */
  isAlone(): Promise<void>;
  /** Channels that live. */
  channels(): Promise<number>;
  /** Ends whatever lives on it. */
  quiet(): Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

/** A private Asterisk. */
export class AsteriskSwitch implements LabSwitch {
  readonly kind = 'asterisk';
  readonly lab: AsteriskLab;

  constructor(lab: AsteriskLab) {
    this.lab = lab;
  }

  get port(): number {
    return this.lab.ports.ari;
  }
  link(port = this.port): SwitchLink {
    return { kind: 'asterisk', ariPort: port, amiPort: this.lab.ports.ami };
  }
  caller(options: SippCallOptions): Promise<SippParty> {
    return SippParty.call(this.lab, options);
  }
  async phone(options: PhoneOptions): Promise<Phone> {
    return Phone.start(this.lab, options);
  }
  async crash(): Promise<void> {
    // Of a switch that forgets its phones their agents are not ready for up to a minute, which is another story.
    await this.lab.registrationsKept();
    await this.lab.kill();
    await this.lab.boot();
  }
  async isAlone(): Promise<void> {
    // ARI lists an application as long as one of its calls lives, whether anybody runs it or not; the log tells.
    const said = (): readonly string[] => this.lab.log().match(/\w+ Stasis app 'cordboard'/g) ?? [];
    await until(() => !/^(Creating|Activating)/.test(said().at(-1) ?? ''), {
      what: 'Asterisk to see that nobody runs its application',
      seen: said,
    });
  }
  async channels(): Promise<number> {
    return Number.parseInt(await this.lab.cli('core show channels count'), 10);
  }
  async quiet(): Promise<void> {
    await this.lab.cli('channel request hangup all').catch(() => '');
    await until(async () => (await this.channels()) === 0, { what: 'a quiet switch', everyMs: 50 });
  }
  log(): string {
    return this.lab.log();
  }
  stop(): Promise<void> {
    return this.lab.stop();
  }
}

/** A FreeSWITCH that somebody has set up as docs/freeswitch.md and e2e/freeswitch.md tell. */
export interface FreeswitchSite {
  readonly esl: { readonly host: string; readonly port: number; readonly password: string };
  /** Port of the profile where phones register, of the one where calls from outside come in, and where its gateway `carrier` sends calls out. */
  readonly sip: { readonly phones: number; readonly outside: number; readonly provider: number };
  /** Password of the phones `8001` to `8006`. */
  readonly phonePassword: string;
}

/** Says one command past the driver, on a connection of its own. */
export async function askFreeswitch({ esl }: FreeswitchSite, line: string): Promise<string> {
  const signal = AbortSignal.timeout(5_000);
  const { host, port, password } = esl;
  const session = await dialEsl({ host, port }, { clock: systemClock, random: Math.random, signal });
  try {
    await session.logIn({ password }, { signal });
    return (await session.api(line, { signal })).text;
  } finally {
    session.close('stopped');
    await session.closed;
  }
}

/** Channels of the phones and of the callers of this laboratory, whoever holds them now. */
const OF_THE_LABORATORY = /^sofia\/[\w-]+\/(sip:)?(800[1-6]|139000000\d\d)\b/;

interface ChannelRow {
  readonly uuid: string;
  readonly name: string;
}

async function channelRows(site: FreeswitchSite): Promise<readonly ChannelRow[]> {
  const { rows = [] } = JSON.parse(await askFreeswitch(site, 'show channels as json')) as {
    readonly rows?: readonly ChannelRow[];
  };
  return rows;
}

/** Ends channels of ours alone: what the driver dialled, what the dialplan marked, and what of the laboratory it was given back. */
export async function quietFreeswitch(site: FreeswitchSite): Promise<void> {
  for (const mark of ['out', 'phone', 'trunk:carrier'])
    await askFreeswitch(site, `hupall NORMAL_CLEARING cordboard ${mark}`);
  // The dialplan may go on with the other one of two, and dial once more.
  const isQuiet = async (): Promise<boolean> => {
    const rows = await channelRows(site);
    for (const { uuid, name } of rows) if (OF_THE_LABORATORY.test(name)) await askFreeswitch(site, `uuid_kill ${uuid}`);
    return rows.length === 0 && (await sessionsOf(site)) === 0;
  };
  await until(isQuiet, { what: 'a quiet switch', everyMs: 50 });
}

/** FreeSWITCH counts its channels at once, and lists them from a database that is written a moment later. */
async function sessionsOf(site: FreeswitchSite): Promise<number> {
  return Number(/^(\d+) session\(s\) - peak/m.exec(await askFreeswitch(site, 'status'))?.[1] ?? 0);
}

/** How many channels live on it. Its list still shows for a moment what has been hung up. */
export async function channelsOf(site: FreeswitchSite): Promise<number> {
  let living = 0;
  await until(async () => (await channelRows(site)).length >= (await sessionsOf(site)), {
    what: 'all channels on the list',
    everyMs: 50,
  });
  for (const { uuid } of await channelRows(site))
    if ((await askFreeswitch(site, `uuid_exists ${uuid}`)).trim() === 'true') living += 1;
  return living;
}

/** A real FreeSWITCH that runs already. */
export class FreeswitchSwitch implements LabSwitch {
  readonly kind = 'freeswitch';
  readonly #site: FreeswitchSite;

  constructor(site: FreeswitchSite) {
    this.#site = site;
  }

  get port(): number {
    return this.#site.esl.port;
  }
  link(port = this.port): SwitchLink {
    return { kind: 'freeswitch', eslPort: port, password: this.#site.esl.password };
  }
  caller(options: SippCallOptions): Promise<SippParty> {
    return SippParty.call(this.#at(this.#site.sip.outside), options);
  }
  async phone(options: PhoneOptions): Promise<Phone> {
    return Phone.start(this.phones, options);
  }
  /** Where its phones register. */
  get phones(): SwitchSite {
    return this.#at(this.#site.sip.phones);
  }
  crash(): Promise<void> {
    return Promise.reject(new Error('a switch that belongs to somebody is not restarted'));
  }
  async isAlone(): Promise<void> {
    // It takes calls for the server until the server's lease ends.
  }
  channels(): Promise<number> {
    return channelsOf(this.#site);
  }
  quiet(): Promise<void> {
    return quietFreeswitch(this.#site);
  }
  log(): string {
    return '';
  }
  stop(): Promise<void> {
    return this.quiet();
  }

  #at(sip: number): SwitchSite {
    return { ports: { sip, trunk: this.#site.sip.provider }, password: this.#site.phonePassword };
  }
}

const EXTENSIONS = ['8001', '8002', '8003', '8004', '8005', '8006'] as const;
const PASSWORD = 'lab-secret';

/** The simulator's event socket in this process, in real time, with virtual telephones: laid out as e2e/freeswitch.md tells. */
export class SimulatedFreeswitch implements LabSwitch {
  readonly kind = 'simulated';
  readonly face: EslFace;
  readonly #folder: string;
  readonly #voices = new Map<string, number>();
  readonly #stage: VirtualStage;

  private constructor(face: EslFace, folder: string) {
    this.face = face;
    this.#folder = folder;
    const voiceOf = (leg: Leg): number => this.#voices.get(leg.party.address) ?? TONE.outside;
    this.#stage = { face, voiceOf };
  }

  static async start(): Promise<SimulatedFreeswitch> {
    const folder = mkdtempSync(join(tmpdir(), 'cb-esl-'));
    const pbx = new VirtualSwitch(
      { switchId: asId<SwitchId>('lab'), seed: 1, extensions: EXTENSIONS, trunks: ['carrier'], orders: 'plain' },
      systemClock,
    );
    const face = eslFace({
      clock: systemClock,
      pbx,
      password: PASSWORD,
      recordings: folder,
      soundMs: (path) => PROMPTS[(/([a-z-]+)\.wav$/.exec(path)?.[1] ?? '') as keyof typeof PROMPTS]?.ms,
      dialplan: [
        { number: '/^400\\d$/', apps: [['set', 'cordboard=trunk:carrier'], 'park'] },
        { number: '/^.*$/', context: 'cordboard-transfer', apps: ['park'] },
        { number: '8900', apps: ['answer', ['playback', 'cordboard/long-notice.wav']] },
        { number: 'cordboard-fallback', apps: ['answer', ['bridge', 'user/8002']] },
        {
          number: '/^(80\\d\\d|\\*5\\d+|9\\d+)$/',
          unless: 'cordboard_back',
          apps: [['set', 'cordboard=phone'], 'park'],
        },
      ],
    });
    await face.listen();
    return new SimulatedFreeswitch(face, folder);
  }

  get port(): number {
    return this.face.port;
  }
  link(port = this.port): SwitchLink {
    return { kind: 'freeswitch', eslPort: port, password: PASSWORD, recordings: this.#folder };
  }

  async caller(options: SippCallOptions): Promise<VirtualCaller> {
    this.#voices.set(options.from, options.voice ?? TONE.caller1);
    const { pbx } = this.face;
    const leg = pbx.dial(pbx.party(options.from), options.to);
    if (leg === undefined) throw new Error('the switch took no call');
    return new VirtualCaller(this.#stage, leg);
  }

  async phone(options: PhoneOptions): Promise<VirtualPhone> {
    const { extension, voice } = options;
    this.#voices.set(extension, voice ?? TONE[extension]);
    return new VirtualPhone(this.#stage, this.face.pbx.party(extension));
  }

  async crash(): Promise<void> {
    await this.face.restart(500);
    await until(() => this.face.port !== 0 && this.face.pbx.legs.size === 0, { what: 'the switch to be back' });
  }

  async isAlone(): Promise<void> {
    // As FreeSWITCH.
  }

  async channels(): Promise<number> {
    return this.face.sw.channels.size;
  }

  async quiet(): Promise<void> {
    const { pbx } = this.face;
    for (const leg of [...pbx.legs.values()]) pbx.end(leg, 'normalClearing');
    await until(() => this.face.sw.channels.size === 0, { what: 'a quiet switch' });
  }

  log(): string {
    return [...this.face.sw.channels.values()]
      .map((one) => `${one.uuid} ${one.name} ${one.app?.name ?? ''}`)
      .join('\n');
  }

  async stop(): Promise<void> {
    await this.face.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
