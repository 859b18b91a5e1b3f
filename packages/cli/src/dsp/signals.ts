import {
  type AbsenceReason,
  cedSource,
  cngSource,
  type DtmfCallerIdStyle,
  encodeCallerIdMessage,
  generateDtmf,
  generateDtmfCallerId,
  generateFskCallerId,
  hexToBytes,
  melodySource,
  noiseSource,
  render,
  TONE_SETS,
  type ToneName,
  toneOf,
  toneSet,
} from '@cordboard/telephony-dsp';

/** What a signal may be made of; each signal takes some of it. */
export interface SignalFlags {
  readonly number?: string;
  readonly absence?: AbsenceReason;
  readonly name?: string;
  readonly nameHex?: string;
  readonly datetime?: string;
  readonly message?: 'sdmf' | 'mdmf';
  readonly standard?: 'bell202' | 'v23';
  readonly style?: DtmfCallerIdStyle;
  readonly digits?: string;
  readonly toneMs?: number;
  readonly gapMs?: number;
  readonly tone?: ToneName;
  readonly country?: string;
  readonly seconds?: number;
  /** dBm0. */
  readonly level?: number;
  readonly seed?: number;
}

interface Signal {
  readonly takes: readonly (keyof SignalFlags)[];
  /** @throws {TypeError} when something is missing or out of its range */
  make(flags: SignalFlags): Int16Array;
}

function needed<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new TypeError(`this signal needs ${option}`);
  return value;
}

/** Only what is there, under the name that it has elsewhere. */
const some = <K extends string, T>(name: K, value: T | undefined): { readonly [P in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };

function nameOf({ name, nameHex }: SignalFlags): string | Uint8Array | undefined {
  if (nameHex === undefined) return name;
  if (name !== undefined) throw new TypeError('either --name or --name-hex');
  if (!/^([0-9a-f]{2})+$/iu.test(nameHex)) throw new TypeError('--name-hex needs pairs of hex digits');
  return hexToBytes(nameHex.toLowerCase());
}

function makeTone({ tone, country = 'cn', seconds = 6, level }: SignalFlags): Int16Array {
  const set = toneSet(country);
  if (set === undefined) throw new TypeError(`--country needs one of ${TONE_SETS.map(({ id }) => id).join(', ')}`);
  const source = toneOf(set, needed(tone, '--tone'), some('levelDbm0', level));
  if (source === undefined)
    throw new TypeError(
      `${country} has no ${tone}; it has ${[...new Set(set.tones.map((one) => one.tone))].join(', ')}`,
    );
  return render(source, seconds * 1000);
}

/** Every signal that can be made, by its name. */
export const SIGNALS = {
  fsk: {
    takes: ['number', 'absence', 'name', 'nameHex', 'datetime', 'message', 'standard', 'level'],
    make(flags) {
      const { number, absence, datetime, message, standard, level } = flags;
      const identity = { ...some('number', number), ...some('absence', absence), ...some('name', nameOf(flags)) };
      const form = { ...some('datetime', datetime), ...some('format', message) };
      const bytes = encodeCallerIdMessage({ type: 'cid', ...identity, ...form });
      return generateFskCallerId(bytes, { ...some('standard', standard), ...some('levelDbm0', level) });
    },
  },
  'dtmf-cid': {
    takes: ['number', 'absence', 'style', 'toneMs', 'gapMs', 'level'],
    make({ number, absence, style, toneMs, gapMs, level }) {
      const identity = { ...some('number', number), ...some('absence', absence), ...some('style', style) };
      return generateDtmfCallerId(identity, {
        ...some('toneMs', toneMs),
        ...some('gapMs', gapMs),
        ...some('lowDbm0', level),
      });
    },
  },
  dtmf: {
    takes: ['digits', 'toneMs', 'gapMs', 'level'],
    make({ digits, toneMs, gapMs, level }) {
      const times = { ...some('toneMs', toneMs), ...some('gapMs', gapMs) };
      return generateDtmf(needed(digits, '--digits'), { ...times, ...some('lowDbm0', level) });
    },
  },
  tone: { takes: ['tone', 'country', 'seconds', 'level'], make: makeTone },
  cng: {
    takes: ['seconds', 'level'],
    make: ({ seconds = 7, level }) => render(cngSource(some('levelDbm0', level)), seconds * 1000),
  },
  ced: {
    takes: ['seconds', 'level'],
    make: ({ seconds = 3.3, level }) =>
      render(cedSource({ ms: seconds * 1000, ...some('levelDbm0', level) }), seconds * 1000),
  },
  melody: {
    takes: ['seconds', 'level', 'seed'],
    make: ({ seconds = 10, level, seed = 1 }) =>
      render(melodySource({ seed, ...some('levelDbm0', level) }), seconds * 1000),
  },
  noise: {
    takes: ['seconds', 'level', 'seed'],
    make: ({ seconds = 10, level = -40, seed = 1 }) => render(noiseSource(level, seed), seconds * 1000),
  },
} as const satisfies Readonly<Record<string, Signal>>;

/** Name of a signal. */
export type SignalName = keyof typeof SIGNALS;

/**
 * Makes a signal, 16 bit at 8000 Hz.
 *
 * @throws {TypeError} when an option is missing, out of its range, or not one of this signal's
 */
export function makeSignal(name: SignalName, flags: SignalFlags): Int16Array {
  const signal: Signal = SIGNALS[name];
  const dashed = (key: string): string => `--${key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
  for (const [key, value] of Object.entries(flags)) {
    if (value === undefined || signal.takes.includes(key as keyof SignalFlags)) continue;
    throw new TypeError(`${name} has no ${dashed(key)}; it has ${signal.takes.map(dashed).join(', ')}`);
  }
  return signal.make(flags);
}
