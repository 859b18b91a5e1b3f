import { type Clock, CtiError } from '@cordboard/cti-core';
import { z } from 'zod';
import type { DeviceContext, DeviceKind } from '../device/kinds.js';
import type { LineDevice, LineDeviceSink } from '../device/port.js';
import { within } from '../options.js';
import type { SimulatedLine } from '../simulated/box.js';
import { SimulatedBox } from '../simulated/box.js';
import type { FarStep, IncomingCall } from '../simulated/far-end.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const length = within(20, DAY_MS);
const number = z.string().regex(/^[0-9*#]{1,32}$/, 'expected 1 to 32 of 0-9, * and #');

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('ringback'), cycles: z.number().int().min(1).max(100).optional() }),
  z.strictObject({ do: z.literal('colour'), forMs: length }),
  z.strictObject({ do: z.literal('answer'), polarity: z.literal('reversed').optional() }),
  z.strictObject({ do: z.literal('say'), forMs: length }),
  z.strictObject({ do: z.literal('hum'), hz: z.number().min(200).max(3_400), forMs: length }),
  z.strictObject({ do: z.literal('silence'), forMs: length }),
  z.strictObject({ do: z.literal('press'), digits: z.string().regex(/^[0-9*#A-D]{1,64}$/, 'expected 1 to 64 keys') }),
  z.strictObject({ do: z.literal('tone'), tone: z.enum(['busy', 'congestion', 'unobtainable']) }),
  z.strictObject({ do: z.literal('announce'), forMs: length }),
  z.strictObject({ do: z.literal('fax') }),
  z.strictObject({ do: z.literal('hangUp'), polarity: z.literal('reversed').optional() }),
]);
const steps = z.array(step).max(1_000);

const caller = z.strictObject({
  number: number.optional(),
  name: z.string().max(50).optional(),
  /** Why there is no number: `P` withheld, `O` unavailable. */
  absence: z.enum(['P', 'O']).optional(),
  callerId: z.enum(['fsk', 'dtmf', 'none']).optional(),
  callerIdAt: z.enum(['beforeRing', 'afterFirstRing']).optional(),
  rings: z.number().int().min(1).max(1_000).optional(),
  /** Calls so long after the box was opened; default 5 s. */
  after: within(0, DAY_MS).prefault('5s'),
  /** Calls again and again, with so much time between two attempts. A line that is taken is busy for them. */
  every: within(1_000, DAY_MS).optional(),
  /** What the caller does once somebody answers; default says something for an hour. */
  answered: steps.optional(),
});

const options = z.strictObject({
  kind: z.literal('simulated'),
  callers: z.array(caller).max(1_000).default([]),
  /** What becomes of numbers that are dialled on the line; one that is not here has nobody. */
  numbers: z.record(number, steps).default({}),
  /** Who sits at the local phone: lifts it by themselves after half a second, or never. */
  phone: z.enum(['answer', 'ring']).default('answer'),
});

type Caller = z.output<typeof caller>;

/** zod writes an absent member as `undefined`; the exchange wants it absent. */
const bare = <T>(value: unknown): T =>
  Object.fromEntries(Object.entries(value as object).filter(([, each]) => each !== undefined)) as T;

/**
 * `device: { kind: 'simulated', callers, numbers, phone }`: a line without hardware, with an exchange behind it that makes real sound in real time. Callers call by
 * their script, dialled numbers behave by theirs. For trying and for tests.
 *
 * @throws {CtiError} `config.invalid` with the path of the first wrong field
 */
export const simulatedKind: DeviceKind = (input, context) => {
  const parsed = options.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = ['device', ...(issue?.path ?? [])].join('.');
    throw new CtiError('config.invalid', `option ${path}: ${issue?.message ?? 'is wrong'}`, {
      details: { path },
      cause: parsed.error,
    });
  }
  const { callers, numbers, phone } = parsed.data;
  const seed = 1 + Math.floor(context.random() * 1e6);
  const box = new SimulatedBox({
    clock: context.clock,
    seed,
    noiseDbm0: null,
    numbers: Object.fromEntries(Object.entries(numbers).map(([key, list]) => [key, list.map(bare<FarStep>)])),
  });
  const line = box.line('line');
  line.phone.habit = phone;
  return () => new ScriptedDevice(line, { callers, context });
};

/** A simulated device whose callers call while it is open. */
class ScriptedDevice implements LineDevice {
  readonly #line: SimulatedLine;
  readonly #inner: LineDevice;
  readonly #callers: readonly Caller[];
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();

  constructor(line: SimulatedLine, made: { readonly callers: readonly Caller[]; readonly context: DeviceContext }) {
    this.#line = line;
    this.#inner = line.createDevice();
    this.#callers = made.callers;
    this.#clock = made.context.clock;
  }

  get abilities() {
    return this.#inner.abilities;
  }

  async open(sink: LineDeviceSink, how: { readonly signal: AbortSignal }): Promise<void> {
    await this.#inner.open(sink, how);
    for (const one of this.#callers) this.#call(one, one.after);
  }

  hook(state: 'on' | 'off', how: { readonly signal: AbortSignal }): Promise<void> {
    return this.#inner.hook(state, how);
  }

  flash(forMs: number, how: { readonly signal: AbortSignal }): Promise<void> {
    return this.#inner.flash(forMs, how);
  }

  async ringPhone(way: 'start' | 'stop', how: { readonly signal: AbortSignal }): Promise<void> {
    await this.#inner.ringPhone?.(way, how);
  }

  close(): Promise<void> {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    return this.#inner.close();
  }

  #call(one: Caller, inMs: number): void {
    const cancel = this.#clock.setTimer(inMs, () => {
      this.#cancels.delete(cancel);
      const { after: _after, every, answered, ...rest } = one;
      const call = bare<IncomingCall>({ ...rest, answered: answered?.map(bare<FarStep>) });
      this.#line.exchange.callIn(call);
      if (every !== undefined) this.#call(one, every);
    });
    this.#cancels.add(cancel);
  }
}
