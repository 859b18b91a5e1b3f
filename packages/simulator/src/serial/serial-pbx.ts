import { type Clock, CtiError } from '@cordboard/cti-core';
import { necFace } from '../nec/index.js';
import { shenouFace } from '../shenou/index.js';
import { SIM_SMDR_FORMATS, smdrFace } from '../smdr/index.js';
import { EndingClock } from './ending-clock.js';
import { type KtsFaceOptions, ktsFace } from './kts/face.js';
import type { PbxOptions } from './pbx/options.js';
import { VirtualPbx } from './pbx/pbx.js';
import { Outside } from './people/outside.js';
import { Phone } from './people/phone.js';
import type { SerialFace } from './port/face.js';
import { openPath } from './port/open-path.js';
import { PbxPort } from './port/serial-port.js';
import { WireLine, type WireLineOptions } from './port/wire-line.js';

/** Where a profile's face comes from, by the profile's name. Another profile is one more entry. */
export const SERIAL_FACES: Readonly<Record<string, (options: KtsFaceOptions) => SerialFace>> = {
  'kts-bin/1': (options) => ktsFace('kts-bin/1', options),
  'kts-ascii/1': (options) => ktsFace('kts-ascii/1', options),
  'shenou-uso': (options) => atRate(shenouFace(), options),
  'nec-pms': (options) => atRate(necFace({ records: 'asked' }), options),
  ...Object.fromEntries(
    SIM_SMDR_FORMATS.map((format) => [
      `smdr-${format}`,
      (options: KtsFaceOptions) => atRate(smdrFace(format, { replay: 20 }), options),
    ]),
  ),
};

/** A face at another rate than the one that it leaves the factory with. */
function atRate(face: SerialFace, { baudRate }: KtsFaceOptions): SerialFace {
  return baudRate === undefined ? face : { ...face, settings: { ...face.settings, baudRate } };
}

/** How a PBX with one port is built. */
export interface SerialPbxOptions extends Omit<PbxOptions, 'clock'> {
  readonly clock: Clock;
  /** What it speaks: a name out of {@link SERIAL_FACES}, or a face. Default `kts-bin/1`. */
  readonly profile?: string | SerialFace;
  readonly kts?: KtsFaceOptions;
  /** The line of its port; `kind` default `serial`. */
  readonly line?: Omit<WireLineOptions, 'clock' | 'settings'>;
}

/**
 * A virtual PBX with one port, the exchange behind its lines, and hands for its telephones. It has no power before {@link SerialPbx.start}.
 *
 * Tests connect a host by {@link SerialPbx.hostEnd} on a virtual clock; the command line by a path or over TCP.
 */
export class SerialPbx {
  readonly pbx: VirtualPbx;
  readonly port: PbxPort;
  readonly outside: Outside;
  readonly #phones = new Map<string, Phone>();
  readonly #clock: EndingClock;

  /** @throws {CtiError} `config.invalid` for options out of range or an unknown profile */
  constructor(options: SerialPbxOptions) {
    const { profile = 'kts-bin/1', kts = {}, line = {}, ...rest } = options;
    const clock = new EndingClock(options.clock);
    this.#clock = clock;
    this.pbx = new VirtualPbx({ ...rest, clock });
    const face = typeof profile === 'string' ? faceOfProfile(profile, kts) : profile;
    const seed = this.pbx.setup.seed;
    this.port = new PbxPort(this.pbx, face, new WireLine({ seed, ...line, clock, settings: face.settings }));
    this.outside = new Outside(this.pbx);
  }

  /** The cable of its port, with what may go wrong on it. */
  get line(): WireLine {
    return this.port.line;
  }

  /** Gives it power. */
  start(): this {
    this.pbx.powerOn();
    return this;
  }

  /** The power fails for a while; 0: at once again. What is lasting is kept. */
  losePower(forMs = 0): void {
    this.pbx.powerOff();
    if (forMs === 0) this.pbx.powerOn();
    else this.pbx.clock.setTimer(forMs, () => this.pbx.powerOn());
  }

  /** The hands at a telephone. */
  phone(number: string): Phone {
    let phone = this.#phones.get(number);
    if (phone === undefined) {
      phone = new Phone(this.pbx, number);
      this.#phones.set(number, phone);
    }
    return phone;
  }

  /** The host's end of the line, in memory. */
  hostEnd(): ReturnType<PbxPort['hostEnd']> {
    return this.port.hostEnd();
  }

  /** Puts the port on a serial device or one end of a pair of ptys. @throws what the system says of the path */
  async openPath(path: string): Promise<void> {
    this.port.connect(await openPath(path, this.port.settings));
  }

  /** Listens for a host over TCP; `port` 0: any free one. The line must be of the kind `tcp`. */
  listen(at: { readonly port: number; readonly host?: string }): Promise<{ host: string; port: number }> {
    return this.port.listen(at);
  }

  /** Takes its power, closes its port and ends every timer of it and of its people: nothing of it goes on. Twice is once. */
  async close(): Promise<void> {
    this.#clock.end();
    this.pbx.powerOff();
    await this.port.close();
  }
}

/** Builds a {@link SerialPbx}. @throws {CtiError} `config.invalid` for options out of range or an unknown profile */
export function serialPbx(options: SerialPbxOptions): SerialPbx {
  return new SerialPbx(options);
}

function faceOfProfile(profile: string, options: KtsFaceOptions): SerialFace {
  const make = SERIAL_FACES[profile];
  if (make === undefined) {
    const expected = Object.keys(SERIAL_FACES).join(', ');
    throw new CtiError('config.invalid', `profile: expected one of ${expected}`, {
      details: { path: 'profile', expected },
    });
  }
  return make(options);
}
