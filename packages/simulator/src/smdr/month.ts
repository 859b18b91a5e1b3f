import { type RandomStream, randomStream } from '../random.js';
import { type CallLeg, endOf, type PbxCall } from './call.js';

/** Size and traffic of a simulated PBX. */
export interface MonthOptions {
  readonly seed: number;
  /** Default 2026. */
  readonly year?: number;
  /** 1-12; default 11. */
  readonly month?: number;
  /** 8-128; default 32. */
  readonly extensions?: number;
  /** 4-32; default 8. */
  readonly lines?: number;
  /** Calls of the month, 1 and up; default 1,000. One that finds no free line begins when one is free. */
  readonly calls?: number;
  /** Number of the first extension, of as many digits as all have. Default 101. */
  readonly firstExtension?: number;
  /**
   * What happens besides plain calls: transfers, secret digits, flash, DISA, codes, names, clocks set during a call. Default `usual`;
   * `plain`: none of them.
   */
  readonly traits?: 'usual' | 'plain';
}

/** How busy an hour is, 0-1, on a working day; other days have a tenth. */
const HOURS = [
  0.02, 0.01, 0.01, 0.01, 0.01, 0.02, 0.05, 0.2, 0.6, 1, 1, 0.9, 0.5, 0.7, 1, 1, 0.9, 0.6, 0.3, 0.2, 0.15, 0.1, 0.06,
  0.03,
] as const;
const NAMES = ['MARY WARD', 'TONY', 'ABC COMPANY', 'Q COMPANY', 'HOTEL SUN', 'O BRIEN', 'LI WEI', 'J. NOVAK'] as const;

const DAY_S = 86_400;

/** A month of a PBX with no more calls at a time than it has lines and extensions. The same options give the same calls. */
export function monthOfCalls(options: MonthOptions): readonly PbxCall[] {
  const { seed, year = 2026, month = 11, extensions = 32, lines = 8, calls = 1_000, firstExtension = 101 } = options;
  if (extensions < 8 || extensions > 128 || lines < 4 || lines > 32 || month < 1 || month > 12) {
    throw new RangeError('8 to 128 extensions, 4 to 32 lines, months 1 to 12');
  }
  const beginS = Date.UTC(year, month - 1, 1) / 1_000;
  const endS = Date.UTC(year, month, 1) / 1_000;
  const random = randomStream(seed, 'smdr-month');
  const arrivals = Array.from({ length: calls }, () => arrival(random, beginS, endS)).sort((a, b) => a - b);
  const place: Place = {
    random,
    traits: options.traits ?? 'usual',
    extensions: Array.from({ length: extensions }, (_, index) => String(firstExtension + index)),
    extensionFree: new Array<number>(extensions).fill(0),
    lineFree: new Array<number>(lines).fill(0),
  };
  return arrivals
    .map((atS) => oneCall(place, atS))
    .sort((a, b) => startOf(a) - startOf(b))
    .map((call, index) => ({ ...call, id: index + 1 }));
}

const startOf = (call: PbxCall): number => call.legs[0]?.startS ?? 0;

interface Place {
  readonly random: RandomStream;
  readonly traits: 'usual' | 'plain';
  readonly extensions: readonly string[];
  /** When each is free again. */
  readonly extensionFree: number[];
  readonly lineFree: number[];
}

function arrival(random: RandomStream, beginS: number, endS: number): number {
  for (;;) {
    const atS = random.int(beginS, endS - 3_600);
    const weekday = new Date(atS * 1_000).getUTCDay();
    const busy = (HOURS[Math.floor((atS % DAY_S) / 3_600)] ?? 0) * (weekday === 0 || weekday === 6 ? 0.1 : 1);
    if (random.chance(busy)) return atS;
  }
}

/** One that is free at a time, or the one that is free first. */
function freeOne(free: readonly number[], atS: number, random: RandomStream): number {
  const open = free.flatMap((until, index) => (until <= atS ? [index] : []));
  if (open.length > 0) return random.pick(open);
  return free.indexOf(Math.min(...free));
}

function oneCall(place: Place, arrivedS: number): PbxCall {
  const { random, extensions, extensionFree, lineFree } = place;
  const chance = (share: number): boolean => place.traits === 'usual' && random.chance(share);
  const direction = random.chance(0.2) ? 'internal' : random.chance(0.5) ? 'in' : 'out';
  const extension = freeOne(extensionFree, arrivedS, random);
  const line = direction === 'internal' ? undefined : freeOne(lineFree, arrivedS, random);
  const free = [arrivedS, extensionFree[extension] ?? 0, ...(line === undefined ? [] : [lineFree[line] ?? 0])];
  const missed = direction === 'in' && random.chance(0.12);
  const first: CallLeg = {
    extension: extensions[extension] ?? '',
    startS: Math.max(...free) + 1,
    ringS: direction === 'out' ? 0 : random.int(2, missed ? 60 : 25),
    talkS: missed ? 0 : 1 + random.exponential(120),
  };
  const legs = [first];
  extensionFree[extension] = endOf(first) + 1;
  if (direction !== 'internal' && !missed && chance(0.07)) {
    const next = freeOne(extensionFree, endOf(first), random);
    // Nobody waits for a colleague who is on the telephone.
    if ((extensionFree[next] ?? 0) <= endOf(first) && next !== extension) {
      const second: CallLeg = {
        extension: extensions[next] ?? '',
        startS: endOf(first),
        ringS: random.int(1, 15),
        talkS: 1 + random.exponential(90),
      };
      legs.push(second);
      extensionFree[next] = endOf(second) + 1;
    }
  }
  const over = endOf(legs.at(-1) ?? first);
  if (line !== undefined) lineFree[line] = over + 1;
  return {
    id: 0,
    direction,
    ...(line === undefined ? {} : { line: line + 1 }),
    legs,
    ...traitsOf(place, direction, legs),
  };
}

function traitsOf(place: Place, direction: PbxCall['direction'], legs: readonly CallLeg[]): Partial<PbxCall> {
  const { random } = place;
  const chance = (share: number): boolean => place.traits === 'usual' && random.chance(share);
  const digits = (count: number): string => Array.from({ length: count }, () => String(random.int(0, 9))).join('');
  if (direction === 'internal') {
    const other = random.pick(place.extensions.filter((one) => one !== legs[0]?.extension));
    return { number: other };
  }
  const talkS = legs.reduce((sum, leg) => sum + leg.talkS, 0);
  if (direction === 'in') {
    const withheld = random.chance(0.1);
    return {
      ...(withheld ? {} : { number: random.pick([`5${digits(6)}`, `0755${digits(7)}`, `13${digits(9)}`]) }),
      ...(chance(0.2) ? { name: random.pick(NAMES) } : {}),
      ...(chance(0.1) ? { did: `8${digits(3)}` } : {}),
    };
  }
  const number = random.pick([
    `5${digits(6)}`,
    `0${random.int(2, 9)}${digits(8)}`,
    `13${digits(9)}`,
    `00${random.int(1, 9)}${digits(10)}`,
  ]);
  return {
    number,
    ...(chance(0.05)
      ? { hiddenFrom: random.int(1, number.length - 1), hiding: random.pick(['secret', 'privacy'] as const) }
      : {}),
    ...(chance(0.03) ? { flash: 'flash' as const } : {}),
    ...(chance(0.02) ? { hostCode: '9' } : {}),
    ...(chance(0.1) ? { account: digits(4) } : {}),
    ...(chance(0.04) ? { verified: digits(3) } : {}),
    ...(chance(0.02) ? { disa: random.int(0, 9) } : {}),
    ...(chance(0.01) ? { clock: 'lost' as const } : {}),
    costMinor: Math.ceil(talkS / 60) * (number.startsWith('00') ? 180 : number.startsWith('0') ? 40 : 11),
  };
}
