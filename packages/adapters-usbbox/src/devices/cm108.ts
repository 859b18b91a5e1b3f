import { type Clock, CtiError } from '@cordboard/cti-core';
import { sleep } from '@cordboard/driver-kit';
import type { DeviceKind } from '../device/kinds.js';
import type { Detection, DeviceLoss, LineAbilities, LineDevice, LineDeviceSink } from '../device/port.js';
import { decodeCm108Report, encodeCm108Report } from '../wire/cm108/report.js';
import { type AlsaFigures, AlsaSound } from './alsa.js';
import { Cm108Inputs } from './cm108-inputs.js';
import { type Cm108Options, type Cm108OutputPin, cm108Options } from './cm108-options.js';
import { type HidPort, type OpenHid, openHid } from './hid.js';
import { deviceOptions } from './options.js';
import { type SpawnSound, spawnSound } from './sound-child.js';

/** What a CM108 box is reached by. */
export interface Cm108World {
  /** Default by the package `node-hid`. */
  readonly openHid?: OpenHid;
  /** Default the programs of alsa-utils. */
  readonly spawnSound?: SpawnSound;
}

/**
 * The kind `cm108`: a C-Media CM108, CM109 or CM119 USB sound chip with a line interface behind it. A relay on a GPIO pin takes the line off-hook, pins or volume keys sense the
 * bell and the phone, and everything that is heard is heard by the signal code.
 */
export function createCm108Kind(world: Cm108World = {}): DeviceKind {
  return (input, { clock, log }) => {
    const options = deviceOptions(cm108Options, input);
    return () =>
      new Cm108Device(options, {
        clock,
        openHid: world.openHid ?? openHid,
        spawnSound: world.spawnSound ?? spawnSound,
        note: ({ restarts, xruns, dropped }) =>
          log.info('the sound of a box is closed', { restarts, xruns, droppedBlocks: dropped }),
      });
  };
}

interface Cm108Parts {
  readonly clock: Clock;
  readonly openHid: OpenHid;
  readonly spawnSound: SpawnSound;
  /** Told when the sound is closed and something went wrong in it. */
  readonly note: (figures: AlsaFigures) => void;
}

/** What a box with these pins is able to do. */
function abilitiesOf(options: Cm108Options): LineAbilities {
  const detects: Detection[] = [];
  if (options.ring !== undefined) detects.push('ring');
  if (options.polarity !== undefined) detects.push('polarity');
  if (options.phoneHook !== undefined) detects.push('phoneHook');
  const watched = options.phoneHook === undefined ? 'none' : 'parallel';
  return {
    detects: new Set(detects),
    sound: 'full',
    listensOnHook: options.listensOnHook,
    hook: 'soft',
    dials: 'sound',
    phone: options.cutPhone === undefined ? watched : 'switched',
    ringsPhone: 'silent',
  };
}

/** See {@link createCm108Kind}. */
class Cm108Device implements LineDevice {
  readonly abilities: LineAbilities;
  readonly #options: Cm108Options;
  readonly #parts: Cm108Parts;
  readonly #wanted = new Int16Array(160);
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #sink: LineDeviceSink | undefined;
  #hid: HidPort | undefined;
  #sound: AlsaSound | undefined;
  #inputs: Cm108Inputs | undefined;
  #hook: 'on' | 'off' = 'on';
  #phone: 'joined' | 'cut' = 'joined';

  constructor(options: Cm108Options, parts: Cm108Parts) {
    this.#options = options;
    this.#parts = parts;
    this.abilities = abilitiesOf(options);
  }

  async open(sink: LineDeviceSink, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock, openHid: open, spawnSound: spawn } = this.#parts;
    const options = this.#options;
    this.#state = 'opening';
    this.#sink = sink;
    const inputs = new Cm108Inputs({ options, clock, tell: (event) => this.#sink?.event(event) });
    this.#inputs = inputs;
    const sound = new AlsaSound({
      clock,
      spawn,
      card: options.card,
      rate: options.rate,
      heard: (samples) => this.#heard(samples),
      lost: (reason) => this.#lost(reason),
    });
    this.#sound = sound;
    this.#hid = await open(options.hid === undefined ? {} : { path: options.hid }, {
      listener: {
        report: (bytes) => {
          const bits = decodeCm108Report(bytes);
          if (bits !== undefined && this.#state !== 'closed') inputs.bits(bits);
        },
        lost: () => this.#lost('removed'),
      },
      signal,
    });
    await this.#drive();
    await sound.open({ signal });
    if (this.#state === 'opening') this.#state = 'open';
  }

  async hook(state: 'on' | 'off'): Promise<void> {
    this.#check();
    this.#hook = state;
    await this.#drive();
  }

  async flash(forMs: number, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#check();
    this.#hook = 'on';
    await this.#drive();
    try {
      await sleep(this.#parts.clock, forMs, signal);
    } finally {
      if (this.#state === 'open') {
        this.#hook = 'off';
        await this.#drive();
      }
    }
  }

  async switchPhone(way: 'joined' | 'cut'): Promise<void> {
    this.#check();
    if (this.#options.cutPhone === undefined)
      throw new CtiError('device.notSupported', 'this box has no relay for the phone');
    this.#phone = way;
    await this.#drive();
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#sink = undefined;
    this.#hook = 'on';
    this.#phone = 'joined';
    this.#inputs?.stop();
    const figures = this.#sound?.figures;
    this.#sound?.close();
    if (figures !== undefined && figures.restarts + figures.xruns + figures.dropped > 0) this.#parts.note(figures);
    // The line is let go even when the box does not answer any more: its relays fall off with it.
    await this.#drive().catch(() => undefined);
    await this.#hid?.close();
  }

  #heard(samples: Int16Array): void {
    const sink = this.#sink;
    if (sink === undefined || this.#state !== 'open') return;
    if (this.#hook === 'off' || this.#options.listensOnHook === 'listens') sink.heard(samples);
    const wanted = this.#wanted.fill(0);
    const has = this.#hook === 'off' ? sink.wanted(wanted) : 'nothing';
    this.#sound?.play(wanted, has === 'sound' ? 'sound' : 'quiet');
  }

  async #drive(): Promise<void> {
    const { hook, cutPhone } = this.#options;
    let data = level(hook, this.#hook === 'off' ? 'yes' : 'no');
    let direction = bitOf(hook);
    if (cutPhone !== undefined) {
      data |= level(cutPhone, this.#phone === 'cut' ? 'yes' : 'no');
      direction |= bitOf(cutPhone);
    }
    try {
      await this.#hid?.write(encodeCm108Report({ data, direction }));
    } catch (cause) {
      this.#lost('removed');
      throw new CtiError('device.lost', 'the box does not take its report', { cause });
    }
  }

  #lost(reason: DeviceLoss): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#sink = undefined;
    sink.event({ type: 'lost', reason });
  }

  #check(): void {
    if (this.#state !== 'open' || this.#sink === undefined) throw new CtiError('device.lost', 'the box is gone');
  }
}

const bitOf = ({ pin }: Cm108OutputPin): number => 1 << (pin - 1);

function level(output: Cm108OutputPin, is: 'yes' | 'no'): number {
  return (output.active === 'high') === (is === 'yes') ? bitOf(output) : 0;
}
