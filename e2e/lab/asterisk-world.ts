import { asterisk } from '@cordboard/adapters-asterisk';
import { asId, type Clock, type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { World, WorldAbility } from '@cordboard/driver-kit/conformance';
import { RawAri } from './ari.js';
import { AsteriskLab, LAB_SECRET } from './asterisk.js';
import { Cable } from './cable.js';
import { Phone } from './phone.js';
import type { PhoneCall } from './phone-call.js';
import { SipPhone } from './sip-phone.js';
import { SipPhoneParty } from './sip-phone-party.js';
import { pause, until } from './wait.js';
import { OutsideParty, PhoneParty } from './world-parties.js';

/**
 * The world of the conformance suite on a real Asterisk: two baresip phones and, second of the three, one of the laboratory's own, a sipp
 * outside, a cable for each link of the driver. One switch serves all cases.
 */
export class AsteriskWorld implements World {
  readonly switchId: SwitchId = asId('lab');
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'hold',
    'transfer',
    'attendedTransfer',
    'pickUp',
    'digitsHeard',
    'cutLink',
    'freeze',
    'restartSwitch',
    'foreignCalls',
  ]);
  readonly phones: readonly [PhoneParty, SipPhoneParty, PhoneParty];
  readonly outsider: OutsideParty;
  readonly unreachable: DeviceId;
  readonly trunk: DeviceId;
  readonly inboundNumber = '4001';
  readonly redirectNumber = '8900';
  readonly prompts = { short: 'welcome', long: 'long-notice', missing: 'no-such-prompt' };
  readonly patienceMs = 20_000;
  /** Warnings and errors that drivers logged, for a failure's report. */
  readonly log: string[] = [];
  readonly lab: AsteriskLab;
  readonly desk: readonly [Phone, SipPhone, Phone];
  readonly #ari: Cable;
  readonly #ami: Cable;
  readonly #links: 'ari' | 'both';
  readonly #timers = new Set<object>();
  #mend: ReturnType<typeof setTimeout> | undefined;

  private constructor(parts: {
    readonly lab: AsteriskLab;
    readonly desk: readonly [Phone, SipPhone, Phone];
    readonly ari: Cable;
    readonly ami: Cable;
    readonly links: 'ari' | 'both';
  }) {
    this.#links = parts.links;
    this.lab = parts.lab;
    this.desk = parts.desk;
    this.#ari = parts.ari;
    this.#ami = parts.ami;
    const extension = (address: string): DeviceId => deviceId(this.switchId, 'extension', address);
    this.trunk = deviceId(this.switchId, 'trunk', 'trunk');
    this.unreachable = extension('8006');
    const party = (phone: Phone): PhoneParty => new PhoneParty(phone, extension(phone.extension));
    const [a, b, c] = parts.desk;
    // What a pick-up group or a busy lamp field tells a phone of its neighbours.
    const dialogueOf = (device: DeviceId): PhoneCall | undefined => {
      const phone = [a, c].find((one) => extension(one.extension) === device);
      return phone === undefined ? undefined : phone.ringing ? phone.ringingCall : phone.calls.at(-1);
    };
    this.phones = [party(a), new SipPhoneParty(b, { device: extension(b.extension), dialogueOf }), party(c)];
    this.outsider = new OutsideParty(parts.lab, { device: this.trunk, number: '13900000001' });
  }

  /** Starts switch and phones. `ari`: without the second link, for a comparison with a switch that has one; default `both`. */
  static async open(options: { readonly links?: 'ari' | 'both' } = {}): Promise<AsteriskWorld> {
    const lab = await AsteriskLab.start();
    const open: { close(): void | Promise<void> }[] = [];
    const kept = <T extends { close(): void | Promise<void> }>(phone: T): T => {
      open.push(phone);
      return phone;
    };
    try {
      const a = kept(await Phone.start(lab, { extension: '8001' }));
      const b = kept(await SipPhone.start(lab, { extension: '8002' }));
      const c = kept(await Phone.start(lab, { extension: '8003' }));
      return new AsteriskWorld({
        lab,
        desk: [a, b, c],
        ari: await Cable.to(lab.ports.ari),
        ami: await Cable.to(lab.ports.ami),
        links: options.links ?? 'both',
      });
    } catch (error) {
      for (const phone of open) await phone.close();
      await lab.stop();
      throw error;
    }
  }

  createDriver(): CtiDriver {
    const factory = asterisk({
      ari: { url: `http://127.0.0.1:${this.#ari.port}`, user: 'cordboard', password: LAB_SECRET },
      ...(this.#links === 'ari'
        ? {}
        : { ami: { host: '127.0.0.1', port: this.#ami.port, user: 'cordboard', secret: LAB_SECRET } }),
      trunks: ['trunk'],
      promptPrefix: 'cordboard/',
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
    // One more look after the bound, as in `until` of the laboratory.
    for (let last = false; !condition(); await pause(4)) {
      if (last) return false;
      last = performance.now() >= end;
    }
    return true;
  }

  async pass(forMs: number): Promise<void> {
    await pause(forMs);
  }

  async cutLink(forMs: number): Promise<void> {
    clearTimeout(this.#mend);
    for (const cable of [this.#ari, this.#ami]) cable.cut();
    this.#mend = setTimeout(() => {
      for (const cable of [this.#ari, this.#ami]) cable.mend();
    }, forMs);
  }

  async freeze(forMs: number): Promise<void> {
    clearTimeout(this.#mend);
    for (const cable of [this.#ari, this.#ami]) cable.hush();
    this.#mend = setTimeout(() => {
      for (const cable of [this.#ari, this.#ami]) cable.unhush();
    }, forMs);
  }

  async restartSwitch(): Promise<void> {
    await this.lab.restart('now');
  }

  async liveConnections(): Promise<number> {
    const channels = (await new RawAri(this.lab).rest('GET', '/channels')).body as unknown as readonly {
      readonly name: string;
    }[];
    return channels.filter((channel) => channel.name.startsWith('PJSIP/')).length;
  }

  resources(): number {
    return this.#timers.size + this.#ari.connections + this.#ami.connections;
  }

  /** The last that the switch logged and that went over the wires of the two baresip phones, for a failure's report. */
  seen(): readonly string[] {
    const [a, , c] = this.desk;
    const wires = [a, c].flatMap(({ extension, tap }) => [
      `phone ${extension}`,
      ...tap.messages.slice(-40).map(({ by, sip }) => `  ${by}: ${sip.start}`),
    ]);
    return [...wires, this.lab.log().slice(-10_000)];
  }

  async reset(): Promise<void> {
    clearTimeout(this.#mend);
    for (const cable of [this.#ari, this.#ami]) {
      cable.unhush();
      cable.mend();
    }
    const rest = new RawAri(this.lab);
    await until(async () => (await rest.rest('GET', '/asterisk/ping')).status === 200, {
      what: 'the switch',
      ignore: () => true,
    });
    await this.lab.cli('channel request hangup all');
    await this.outsider.reset();
    for (const party of this.phones) await party.reset();
    await until(async () => (await this.lab.cli('core show channels count')).startsWith('0 active channels'), {
      what: 'a quiet switch',
      everyMs: 30,
    });
    const bridges = (await rest.rest('GET', '/bridges')).body as unknown as readonly { readonly id: string }[];
    for (const bridge of bridges) await rest.rest('DELETE', `/bridges/${bridge.id}`);
  }

  async close(): Promise<void> {
    clearTimeout(this.#mend);
    await this.outsider.reset();
    for (const phone of this.desk) await phone.close();
    await this.#ari.close();
    await this.#ami.close();
    await this.lab.stop();
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
