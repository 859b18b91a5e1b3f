import type { Clock } from '@cordboard/cti-core';
import type { LineDeviceEvent } from '../device/port.js';
import { CM108_INPUTS } from '../wire/cm108/report.js';
import type { Cm108InputBit, Cm108Options } from './cm108-options.js';

/** Both wires change within 10 ms, else it is an interruption (facts of GR-506 class exchanges); the bell's own turns are shorter. */
const POLARITY_MS = 30;
const LINE_MS = 200;
const LIFT_MS = 60;
/** An on-hook longer than that is no flash: vendors' boxes debounce the local phone by 300 ms. */
const LAY_MS = 300;
/** Shorter breaks are pulses of a dial. */
const FLASH_MS = 80;

type Watched = 'ring' | 'polarity' | 'phoneHook' | 'line';

/** Watches the bits of input reports: bounces and the bell's 25 Hz are taken out, the rest is told. */
export class Cm108Inputs {
  readonly #options: Cm108Options;
  readonly #clock: Clock;
  readonly #tell: (event: LineDeviceEvent) => void;
  readonly #cancels = new Map<Watched, () => void>();
  #bits = 0;
  #bell: 'silent' | 'rings' = 'silent';
  #told: { polarity: boolean | undefined; phone: 'on' | 'off'; line: 'present' | 'absent' | undefined } = {
    polarity: undefined,
    phone: 'on',
    line: undefined,
  };
  #laidAtMs: number | undefined;

  constructor(parts: {
    readonly options: Cm108Options;
    readonly clock: Clock;
    readonly tell: (event: LineDeviceEvent) => void;
  }) {
    this.#options = parts.options;
    this.#clock = parts.clock;
    this.#tell = parts.tell;
  }

  /** The bits of a report. */
  bits(bits: number): void {
    const before = this.#bits;
    this.#bits = bits;
    const { ring, polarity, phoneHook, line } = this.#options;
    if (changed(ring, before ^ bits) || (this.#bell === 'silent' && is(ring, bits))) this.#ring();
    if (changed(phoneHook, before ^ bits)) this.#phone();
    if (changed(polarity, before ^ bits)) this.#after('polarity', POLARITY_MS, () => this.#polarity());
    if (changed(line, before ^ bits)) this.#after('line', LINE_MS, () => this.#line());
    this.#told.polarity ??= is(polarity, before);
    this.#told.line ??= 'present';
  }

  /** Ends every timer. */
  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  #ring(): void {
    const active = is(this.#options.ring, this.#bits);
    this.#cancel('ring');
    if (active && this.#bell === 'silent') {
      this.#bell = 'rings';
      this.#tell({ type: 'signal', signal: 'ringStart' });
    }
    if (active || this.#bell === 'silent') return;
    this.#after('ring', this.#options.ringHoldMs, () => {
      this.#bell = 'silent';
      this.#tell({ type: 'signal', signal: 'ringEnd' });
    });
  }

  #polarity(): void {
    const now = is(this.#options.polarity, this.#bits);
    // While the bell rings the wires change places all the time.
    if (now === this.#told.polarity || this.#bell === 'rings') return;
    this.#told.polarity = now;
    this.#tell({ type: 'signal', signal: 'polarity' });
  }

  #phone(): void {
    const off = is(this.#options.phoneHook, this.#bits);
    this.#cancel('phoneHook');
    if (off && this.#told.phone === 'off') {
      const laidMs = this.#clock.nowMs() - (this.#laidAtMs ?? this.#clock.nowMs());
      this.#laidAtMs = undefined;
      if (laidMs >= FLASH_MS) this.#tell({ type: 'phoneFlash' });
      return;
    }
    if (!off) this.#laidAtMs = this.#clock.nowMs();
    this.#after('phoneHook', off ? LIFT_MS : LAY_MS, () => {
      const hook = off ? 'off' : 'on';
      if (hook === this.#told.phone) return;
      this.#told.phone = hook;
      this.#tell({ type: 'phoneHook', hook });
    });
  }

  #line(): void {
    const state = is(this.#options.line, this.#bits) ? 'present' : 'absent';
    if (state === this.#told.line) return;
    this.#told.line = state;
    this.#tell({ type: 'line', state });
  }

  #after(name: Watched, ms: number, run: () => void): void {
    this.#cancel(name);
    const cancel = this.#clock.setTimer(ms, () => {
      this.#cancels.delete(name);
      run();
    });
    this.#cancels.set(name, cancel);
  }

  #cancel(name: Watched): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }
}

function changed(bit: Cm108InputBit | undefined, difference: number): boolean {
  return bit !== undefined && (CM108_INPUTS[bit.from] & difference) !== 0;
}

function is(bit: Cm108InputBit | undefined, bits: number): boolean {
  if (bit === undefined) return false;
  return ((CM108_INPUTS[bit.from] & bits) !== 0) === (bit.active === 'high');
}
