import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Clock, CtiError } from '@cordboard/cti-core';
import type { ResolvedConfig } from '@cordboard/cti-protocol';

type BoxChoices = ResolvedConfig['boxes'];

/** Wrong PINs of a box in a row before it is locked, and for how long: 10,000 PINs of four digits would take 20 days of calls. */
const MAX_WRONG = 5;
const LOCK_MS = 900_000;
const PIN = /^[0-9]{4,12}$/u;

/** The PINs of voice boxes. They are in no log and no dump. */
export class BoxPins {
  readonly #pins = new Map<string, Buffer>();
  readonly #wrong = new Map<string, { count: number; untilMs: number }>();
  readonly #clock: Clock;

  /** @throws {CtiError} `config.invalid` with the name of a box whose PIN cannot be read, never the PIN */
  constructor(boxes: BoxChoices, clock: Clock, environment: NodeJS.ProcessEnv = process.env) {
    this.#clock = clock;
    for (const [name, { pin }] of Object.entries(boxes)) {
      if (pin === undefined) continue;
      const value = typeof pin === 'string' ? pin : pinOf(pin, environment);
      if (value === undefined || !PIN.test(value)) {
        const path = `boxes.${name}.pin`;
        throw new CtiError('config.invalid', `${path}: expected 4-12 digits`, {
          details: { path, expected: '4-12 digits' },
        });
      }
      this.#pins.set(name, padded(value));
    }
  }

  /** Tries a PIN. A box without one is opened by none. */
  try(box: string, pin: string): 'open' | 'wrong' | 'locked' {
    const nowMs = this.#clock.nowMs();
    const wrong = this.#wrong.get(box);
    if (wrong !== undefined && wrong.count >= MAX_WRONG && nowMs < wrong.untilMs) return 'locked';
    const known = this.#pins.get(box);
    // Compared in the same way whether there is such a box or not.
    const isRight = timingSafeEqual(padded(pin), known ?? padded('')) && known !== undefined;
    if (isRight) {
      this.#wrong.delete(box);
      return 'open';
    }
    // Boxes that do not exist share one count: what callers key in fills no memory.
    const key = known === undefined ? '' : box;
    const before = this.#wrong.get(key);
    const count = before === undefined || nowMs >= before.untilMs ? 1 : before.count + 1;
    this.#wrong.set(key, { count, untilMs: nowMs + LOCK_MS });
    return known !== undefined && count >= MAX_WRONG ? 'locked' : 'wrong';
  }
}

const padded = (pin: string): Buffer => Buffer.from(pin.slice(0, 12).padEnd(16, '\0'), 'latin1');

function pinOf(
  from: { readonly env?: string; readonly file?: string },
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (from.env !== undefined) return environment[from.env];
  try {
    return readFileSync(from.file ?? '', 'utf8').trim();
  } catch {
    return undefined;
  }
}
