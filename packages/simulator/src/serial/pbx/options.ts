import type { Clock } from '@cordboard/cti-core';
import { CtiError } from '@cordboard/cti-core';
import { randomStream } from '../../random.js';
import type { PbxMemory } from './memory.js';

/** Times of the PBX in ms. */
export interface PbxTimes {
  /** Guard time of a line after a call. Default 2,000. */
  readonly wrapMs: number;
  /** Dial tone, then the howler. Default 15,000. */
  readonly dialToneMs: number;
  /** Busy tone, then the howler. Default 30,000. */
  readonly busyToneMs: number;
  /** Between two keys, after which a number dialled by hand is complete. Default 4,000. */
  readonly interDigitMs: number;
  /** From the seizure of a line to its dial tone. Default 400. */
  readonly seizeMs: number;
  /** One digit sent to the exchange. Default 100. */
  readonly digitMs: number;
  /** An inside call, or a telephone called in or rung for its user to dial, that nobody answers. Default 30,000. */
  readonly noAnswerMs: number;
  /** A transferred call that nobody answers comes back. Default 30,000. */
  readonly transferRecallMs: number;
  /** A parked call comes back to who parked it; 0 never. Default 120,000. */
  readonly parkRecallMs: number;
  /** A group in turn: the next telephone. Default 12,000. */
  readonly nextInGroupMs: number;
  /** A wake-up call rings so long. Default 45,000. */
  readonly wakeRingMs: number;
  /** A wake-up call to a busy telephone is tried again so much later, three times. Default 60,000. */
  readonly wakeAgainMs: number;
  /** A caller who was let in by DISA dials, or is let go. Default 15,000. */
  readonly disaMs: number;
}

/** Default {@link PbxTimes}. */
export const DEFAULT_TIMES: PbxTimes = {
  wrapMs: 2_000,
  dialToneMs: 15_000,
  busyToneMs: 30_000,
  interDigitMs: 4_000,
  seizeMs: 400,
  digitMs: 100,
  noAnswerMs: 30_000,
  transferRecallMs: 30_000,
  parkRecallMs: 120_000,
  nextInGroupMs: 12_000,
  wakeRingMs: 45_000,
  wakeAgainMs: 60_000,
  disaMs: 15_000,
};

/** How a PBX is built. */
export interface PbxOptions {
  readonly clock: Clock;
  /** 4-32, default 8. */
  readonly lines?: number;
  /** 8-128, default 16. */
  readonly extensions?: number;
  /** Number of the first extension, 2-4 digits; the others follow. Default 801, with more than 99 extensions 201. */
  readonly firstNumber?: number;
  /** Up to 32 bytes. Default `KTS-816` and the like, by its size. */
  readonly model?: string;
  /** Default 1. */
  readonly seed?: number;
  /** Digit for an outside line at a telephone. Default `9`. */
  readonly accessDigit?: string;
  /** Factory value of the system password. Default `1967590`. */
  readonly password?: string;
  /** Call records that it has room for. Default 2,400. */
  readonly recordRoom?: number;
  /** Does it keep records of inside calls? Default `no`. */
  readonly insideRecords?: 'yes' | 'no';
  /** A pulse at the answer of a call out and then every `everyS` seconds, at so much. Default: the PBX knows no charges. */
  readonly charging?: { readonly everyS: number; readonly price: number };
  /** Numbers that everybody may dial. Default 110, 112, 119, 120, 122, 911, 999. */
  readonly emergency?: readonly string[];
  /** Parties of a conference, 3-16, default 5. */
  readonly conferenceParties?: number;
  /** Services that it lacks. */
  readonly lacks?: readonly ('conference' | 'page' | 'flash' | 'park' | 'hotel' | 'parameters' | 'clock')[];
  /** How far its clock is ahead of the host's local time when its memory is new, ms; default 0. */
  readonly clockAheadMs?: number;
  /** How much faster than the truth its clock runs, parts per million, -500 to 500; default 0. */
  readonly clockDriftPpm?: number;
  /** Local time minus UTC, minutes. Default 480. */
  readonly utcOffsetMinutes?: number;
  readonly times?: Partial<PbxTimes>;
  /** Names a new record memory, 1 to 2^32-1. Default: drawn by `seed` and the wall clock, so that each run of the same PBX has another. */
  readonly store?: number;
  /** Names the first start with a new memory, 1 to 2^32-1. Default: as of `store`. */
  readonly boot?: number;
  /** What outlives a loss of power; default: new. */
  readonly memory?: PbxMemory;
}

/** {@link PbxOptions} checked and filled. */
export type PbxSetup = Required<Omit<PbxOptions, 'charging' | 'memory' | 'times'>> & {
  readonly charging?: { readonly everyS: number; readonly price: number };
  readonly times: PbxTimes;
};

/** Default {@link PbxOptions.emergency}: numbers of China, GSM, the United Kingdom and North America. */
export const EMERGENCY_NUMBERS: readonly string[] = ['110', '112', '119', '120', '122', '911', '999'];

/** Fills in the defaults. @throws {CtiError} `config.invalid` for what is out of range */
export function setupOf(options: PbxOptions): PbxSetup {
  const lines = within('lines', options.lines ?? 8, [4, 32]);
  const extensions = within('extensions', options.extensions ?? 16, [8, 128]);
  const firstNumber = within('firstNumber', options.firstNumber ?? (extensions > 99 ? 201 : 801), [10, 9_999]);
  if (String(firstNumber).length !== String(firstNumber + extensions - 1).length) {
    throw invalid('firstNumber', 'extension numbers of one length');
  }
  const { charging, seed = 1 } = options;
  const names = randomStream(seed, `pbx memory ${options.clock.wallMs()}`);
  const name = (what: 'store' | 'boot'): number => {
    const value = options[what] ?? names.int(1, 0xffff_ffff);
    return Number.isInteger(value) ? within(what, value, [1, 0xffff_ffff]) : within(what, Number.NaN, [1, 0xffff_ffff]);
  };
  return {
    clock: options.clock,
    lines,
    extensions,
    firstNumber,
    model: options.model ?? `KTS-${lines}${extensions}`,
    seed,
    store: name('store'),
    boot: name('boot'),
    accessDigit: options.accessDigit ?? '9',
    password: options.password ?? '1967590',
    recordRoom: within('recordRoom', options.recordRoom ?? 2_400, [1, 1_000_000]),
    insideRecords: options.insideRecords ?? 'no',
    emergency: options.emergency ?? EMERGENCY_NUMBERS,
    conferenceParties: within('conferenceParties', options.conferenceParties ?? 5, [3, 16]),
    lacks: options.lacks ?? [],
    clockAheadMs: options.clockAheadMs ?? 0,
    clockDriftPpm: within('clockDriftPpm', options.clockDriftPpm ?? 0, [-500, 500]),
    utcOffsetMinutes: within('utcOffsetMinutes', options.utcOffsetMinutes ?? 480, [-840, 840]),
    times: { ...DEFAULT_TIMES, ...options.times },
    ...(charging === undefined ? {} : { charging }),
  };
}

function within(name: string, value: number, [min, max]: readonly [number, number]): number {
  if (!Number.isFinite(value) || value < min || value > max) throw invalid(name, `${min}-${max}`);
  return value;
}

function invalid(path: string, expected: string): CtiError {
  return new CtiError('config.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
}
