import type { RandomStream } from '../random.js';
import type { Act, ActBody, CallStep, Step } from './day.js';
import { DAY_NUMBERS } from './day-floor.js';

const SOON_MS = { from: 400, to: 4_000 } as const;

/** One act, soon. */
export function act(random: RandomStream, body: ActBody): Act {
  return { afterMs: random.int(SOON_MS.from, SOON_MS.to), ...body };
}

/** Lifts the phone, soon. */
export function answers(random: RandomStream): { readonly does: 'answer'; readonly afterMs: number } {
  return { does: 'answer', afterMs: random.int(300, 4_000) };
}

/** A caller whom somebody answers. */
export function caller(
  random: RandomStream,
  what: Pick<CallStep, 'atMs' | 'to' | 'service'> & Partial<Pick<CallStep, 'presses'>>,
): CallStep {
  return {
    do: 'call',
    presses: [],
    from: `+86137${String(random.int(0, 99_999_999)).padStart(8, '0')}`,
    patienceMs: random.int(40_000, 200_000),
    offers: [answers(random)],
    ...what,
  };
}

/** Several callers at nearly the same moment. */
export function rush(
  random: RandomStream,
  what: { readonly atMs: number; readonly to: string; readonly calls: number },
): CallStep[] {
  return Array.from({ length: what.calls }, () =>
    caller(random, {
      atMs: what.atMs + random.int(0, 3_000),
      to: what.to,
      service: [{ afterMs: random.int(500, 12_000), act: 'clear' }],
    }),
  );
}

/** One or two callers of the flow of orders; sometimes the server dies in the midst of it, or the link is lost. */
export function ordersWith(
  random: RandomStream,
  what: {
    readonly atMs: number;
    readonly keys: readonly string[];
    readonly dies: readonly string[];
    readonly pauseMs?: number;
  },
): Step[] {
  const { atMs, keys, dies, pauseMs = 12_000 } = what;
  const calls = Array.from(
    { length: random.int(1, 2) },
    (): CallStep => ({
      ...caller(random, {
        atMs: atMs + random.int(0, 1_500),
        to: DAY_NUMBERS.orders,
        presses: keys.flatMap((digits, n) =>
          digits === ''
            ? []
            : [{ digits, afterMs: n === 0 ? random.int(200, 3_000) : random.int(Math.round(pauseMs / 20), pauseMs) }],
        ),
        service: [act(random, { act: 'clear' })],
      }),
      patienceMs: random.chance(0.4) ? random.int(2_500, 25_000) : random.int(40_000, 150_000),
      talkMs: random.int(500, 20_000),
    }),
  );
  const inMs = random.int(1_500, 14_000);
  const forMs = random.int(200, 15_000);
  if (random.chance(0.35)) return calls;
  const fault = random.chance(0.75)
    ? ({ kind: 'serverCrash', forMs, at: random.pick(dies) } as const)
    : ({ kind: 'linkLost', forMs } as const);
  return [...calls, { atMs: atMs + inMs, do: 'fault', fault }];
}
