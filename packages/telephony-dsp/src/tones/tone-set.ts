import { TONE_NAMES, type ToneName } from '../contract.js';

/** One call-progress tone as an exchange sends it. */
export interface ToneSpec {
  readonly tone: ToneName;
  /** Its frequencies in Hz, 1 to 5 of them, 300-3400, sounding together. A tone that is modulated lists its carrier and side bands. */
  readonly hz: readonly number[];
  /** On, off, on, off ... in milliseconds, then again from the start. Absent: it sounds without a break. */
  readonly cadenceMs?: readonly number[];
  /** Frequencies of each `on` of the cadence where they differ (special information tone); as many as there are ons. */
  readonly hzOfEachOn?: readonly (readonly number[])[];
  /** It is played once or a few times, so one pass through the cadence is enough to be sure. */
  readonly once?: boolean;
  /** Its level rises while it sounds (howler), so it need not be even. */
  readonly rises?: boolean;
}

/** The call-progress tones of a country, an exchange or a PBX. Plain data: it may be written in configuration or made by a learner. */
export interface ToneSet {
  /** Short name: a country's two letters, or a name of one's own. */
  readonly id: string;
  /** How far a frequency may be off, Hz, 2-40. Default 15 (the span that E.180 recommends). */
  readonly toleranceHz?: number;
  /** How far a time may be off beside 20 ms of measuring, as a share, 0.02-0.25. Default 0.12. */
  readonly toleranceTime?: number;
  readonly tones: readonly ToneSpec[];
}

/** Tolerance of frequencies where a set names none, Hz (E.180 recommends +-15 Hz around 425 Hz). */
export const DEFAULT_TOLERANCE_HZ = 15;
/** Tolerance of times where a set names none. */
export const DEFAULT_TOLERANCE_TIME = 0.12;

const MAX_TONES = 32;
const MAX_PHASES = 16;

/**
 * Says what is wrong with a tone set, in words; an empty answer means that the detectors take it.
 * Meant for sets that come out of configuration: anything may be handed in.
 */
export function checkToneSet(set: unknown): readonly string[] {
  const problems: string[] = [];
  if (!isObject(set)) return ['a tone set is an object with id and tones'];
  if (typeof set.id !== 'string' || set.id.length === 0 || set.id.length > 64) problems.push('id: 1 to 64 characters');
  checkNumber(problems, { at: 'toleranceHz', value: set.toleranceHz, min: 2, max: 40 });
  checkNumber(problems, { at: 'toleranceTime', value: set.toleranceTime, min: 0.02, max: 0.25 });
  if (!Array.isArray(set.tones) || set.tones.length === 0 || set.tones.length > MAX_TONES) {
    problems.push(`tones: 1 to ${MAX_TONES} of them`);
    return problems;
  }
  set.tones.forEach((tone: unknown, index) => {
    checkSpec(problems, `tones[${index}]`, tone);
  });
  return problems;
}

/** Whether this may be used as a tone set; see {@link checkToneSet} for what is wrong if not. */
export function isToneSet(set: unknown): set is ToneSet {
  return checkToneSet(set).length === 0;
}

function checkSpec(problems: string[], at: string, spec: unknown): void {
  if (!isObject(spec)) {
    problems.push(`${at}: an object`);
    return;
  }
  if (!(TONE_NAMES as readonly unknown[]).includes(spec.tone))
    problems.push(`${at}.tone: one of ${TONE_NAMES.join(', ')}`);
  checkHz(problems, `${at}.hz`, spec.hz);
  const cadence = spec.cadenceMs;
  if (cadence !== undefined) {
    if (!Array.isArray(cadence) || cadence.length < 2 || cadence.length > MAX_PHASES || cadence.length % 2 !== 0) {
      problems.push(`${at}.cadenceMs: on and off in turn, 2 to ${MAX_PHASES} numbers`);
    } else {
      cadence.forEach((ms: unknown, index) => {
        const min = index % 2 === 0 ? 40 : 0;
        checkNumber(problems, { at: `${at}.cadenceMs[${index}]`, value: ms, min, max: 30_000, required: true });
      });
      if (!cadence.some((ms: unknown, index) => index % 2 === 1 && typeof ms === 'number' && ms >= 30)) {
        problems.push(`${at}.cadenceMs: at least one off of 30 ms or more`);
      }
    }
  }
  if (spec.hzOfEachOn !== undefined) {
    const ons = Array.isArray(cadence) ? cadence.length / 2 : 0;
    if (!Array.isArray(spec.hzOfEachOn) || spec.hzOfEachOn.length !== ons) {
      problems.push(`${at}.hzOfEachOn: one list for each on of the cadence`);
    } else {
      spec.hzOfEachOn.forEach((hz: unknown, index) => {
        checkHz(problems, `${at}.hzOfEachOn[${index}]`, hz);
      });
    }
  }
}

function checkHz(problems: string[], at: string, hz: unknown): void {
  const good = (f: unknown): boolean => typeof f === 'number' && f >= 300 && f <= 3400;
  if (!Array.isArray(hz) || hz.length === 0 || hz.length > 5 || !hz.every(good)) {
    problems.push(`${at}: 1 to 5 numbers, 300-3400`);
  }
}

interface NumberRule {
  readonly at: string;
  readonly value: unknown;
  readonly min: number;
  readonly max: number;
  readonly required?: boolean;
}

function checkNumber(problems: string[], rule: NumberRule): void {
  if (rule.value === undefined && !rule.required) return;
  if (typeof rule.value === 'number' && rule.value >= rule.min && rule.value <= rule.max) return;
  problems.push(`${rule.at}: a number, ${rule.min}-${rule.max}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
