import { freeswitch } from '@cordboard/adapters-freeswitch';
import { asId, type Clock, type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { World, WorldAbility } from '@cordboard/driver-kit/conformance';
import { LAB_SECRET } from './asterisk.js';
import { Cable } from './cable.js';
import { channelsOf, type FreeswitchSite, quietFreeswitch } from './lab-switch.js';
import { Phone } from './phone.js';
import type { SwitchSite } from './site.js';
import { pause } from './wait.js';
import { OutsideParty, PhoneParty } from './world-parties.js';

/**
 * The switch that the environment names.
 *
 * @returns `undefined` where it names none
 * @throws {Error} for a password of the phones that cannot be given to them
 */
export function freeswitchSite(env: NodeJS.ProcessEnv): FreeswitchSite | undefined {
  const { FREESWITCH_ESL: address, FREESWITCH_ESL_PASSWORD: password } = env;
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(address ?? '') ?? [];
  if (host === '' || password === undefined || password === '') return undefined;
  const [phones = 5060, outside = 5080, provider = 5090] = (env.FREESWITCH_SIP_PORTS ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number);
  const { FREESWITCH_PHONE_PASSWORD: phonePassword = LAB_SECRET } = env;
  // It stands in a line of baresip's accounts, where these end a value.
  if (!/^[^\s;,"<>]+$/.test(phonePassword)) {
    throw new Error('FREESWITCH_PHONE_PASSWORD must be one word without any of ; , " < >');
  }
  return { esl: { host, port: Number(port), password }, sip: { phones, outside, provider }, phonePassword };
}

/** The world of the conformance suite on a real FreeSWITCH of this machine: three baresip phones, a sipp outside, a cable for the driver's link. */
export class FreeswitchWorld implements World {
  readonly switchId: SwitchId = asId('lab');
  // A switch that belongs to somebody is not restarted, and baresip can not take another phone's call.
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'hold',
    'transfer',
    'attendedTransfer',
    'digitsHeard',
    'cutLink',
    'freeze',
  ]);
  readonly phones: readonly [PhoneParty, PhoneParty, PhoneParty];
  readonly outsider: OutsideParty;
  readonly unreachable: DeviceId;
  readonly trunk: DeviceId;
  readonly inboundNumber = '4008001000';
  readonly redirectNumber = '8900';
  readonly prompts = { short: 'welcome', long: 'long-notice', missing: 'no-such-prompt' };
  readonly patienceMs = 20_000;
  /** Warnings and errors that drivers logged, for a failure's report. */
  readonly log: string[] = [];
  readonly #site: FreeswitchSite;
  readonly #desk: readonly [Phone, Phone, Phone];
  readonly #cable: Cable;
  readonly #timers = new Set<object>();
  #mend: ReturnType<typeof setTimeout> | undefined;

  private constructor(parts: {
    readonly site: FreeswitchSite;
    readonly desk: readonly [Phone, Phone, Phone];
    readonly cable: Cable;
  }) {
    this.#site = parts.site;
    this.#desk = parts.desk;
    this.#cable = parts.cable;
    const { outside, provider } = parts.site.sip;
    const extension = (address: string): DeviceId => deviceId(this.switchId, 'extension', address);
    this.trunk = deviceId(this.switchId, 'trunk', 'carrier');
    this.unreachable = extension('8006');
    const party = (phone: Phone): PhoneParty => new PhoneParty(phone, extension(phone.extension));
    const [a, b, c] = parts.desk;
    this.phones = [party(a), party(b), party(c)];
    const public_: SwitchSite = { ports: { sip: outside, trunk: provider } };
    this.outsider = new OutsideParty(public_, { device: this.trunk, number: '13900000001' });
  }

  /** Registers the phones; the switch runs already. */
  static async open(site: FreeswitchSite): Promise<FreeswitchWorld> {
    const phones: Phone[] = [];
    const ports = { sip: site.sip.phones, trunk: site.sip.provider };
    const internal: SwitchSite = { ports, password: site.phonePassword };
    try {
      for (const extension of ['8001', '8002', '8003'] as const)
        phones.push(await Phone.start(internal, { extension }));
      const [a, b, c] = phones;
      if (a === undefined || b === undefined || c === undefined) throw new Error('three phones are needed');
      return new FreeswitchWorld({ site, desk: [a, b, c], cable: await Cable.to(site.esl.port) });
    } catch (error) {
      for (const phone of phones) await phone.close();
      throw error;
    }
  }

  createDriver(): CtiDriver {
    const factory = freeswitch({
      esl: { host: '127.0.0.1', port: this.#cable.port, password: this.#site.esl.password },
      backoffFirst: '50ms',
      backoffMax: '400ms',
    });
    const log = (message: string): void => {
      if (this.log.length < 2_000) this.log.push(message);
    };
    return factory(this.switchId, {
      clock: this.#clock(),
      random: Math.random,
      log: { debug: () => undefined, info: () => undefined, warn: log, error: log },
    });
  }

  async until(condition: () => boolean, boundMs: number): Promise<boolean> {
    const end = performance.now() + boundMs;
    while (!condition()) {
      if (performance.now() >= end) return condition();
      await pause(4);
    }
    return true;
  }

  async pass(forMs: number): Promise<void> {
    await pause(forMs);
  }

  async cutLink(forMs: number): Promise<void> {
    clearTimeout(this.#mend);
    this.#cable.cut();
    this.#mend = setTimeout(() => this.#cable.mend(), forMs);
  }

  async freeze(forMs: number): Promise<void> {
    clearTimeout(this.#mend);
    this.#cable.hush();
    this.#mend = setTimeout(() => this.#cable.unhush(), forMs);
  }

  restartSwitch(): Promise<void> {
    return Promise.reject(new Error('a switch that belongs to somebody is not restarted'));
  }

  async liveConnections(): Promise<number> {
    return channelsOf(this.#site);
  }

  resources(): number {
    return this.#timers.size + this.#cable.connections;
  }

  async reset(): Promise<void> {
    clearTimeout(this.#mend);
    this.#cable.unhush();
    this.#cable.mend();
    await this.outsider.reset();
    for (const party of this.phones) await party.reset();
    await quietFreeswitch(this.#site);
  }

  async close(): Promise<void> {
    clearTimeout(this.#mend);
    await this.outsider.reset();
    for (const phone of this.#desk) await phone.close();
    await this.#cable.close();
  }

  /** Real time, with the timers counted that run. */
  #clock(): Clock {
    return {
      nowMs: () => performance.now(),
      wallMs: () => Date.now(),
      setTimer: (delayMs, callback) => {
        const running = {};
        this.#timers.add(running);
        const timer = setTimeout(() => {
          this.#timers.delete(running);
          callback();
        }, delayMs);
        return () => {
          clearTimeout(timer);
          this.#timers.delete(running);
        };
      },
    };
  }
}
