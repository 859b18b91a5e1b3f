import { CtiError } from '@cordboard/cti-core';
import {
  CHINA,
  checkToneSet,
  createFax,
  createProgress,
  createVoice,
  type Detector,
  type DspEvent,
  TONE_NAMES,
  type ToneSet,
  type ToneSpec,
  toneSet,
} from '@cordboard/telephony-dsp';
import type { LineAbilities } from '../device/port.js';
import type { LineOptions, UsbBoxOptions } from '../options.js';

/**
 * The call-progress tones of a line: its country's, with what was learnt in the place of what differs.
 * @throws {CtiError} `config.invalid` for a country without a set, or a tone that no detector takes
 */
export function tonesOf(options: UsbBoxOptions, one: LineOptions): ToneSet {
  const country = (one.country ?? options.country ?? 'CN').toLowerCase();
  const known = country === 'cn' ? CHINA : toneSet(country);
  if (known === undefined)
    throw new CtiError('config.invalid', `option lines.${one.name}.country: there is no set of tones for it`, {
      details: { country },
    });
  const learnt = { ...options.tones, ...one.tones };
  const names = Object.keys(learnt);
  if (names.length === 0) return known;
  const specs = names.map((name): ToneSpec => {
    const tone = TONE_NAMES.find((each) => each === name);
    const spec = learnt[name];
    if (tone === undefined || spec === undefined)
      throw new CtiError('config.invalid', `option lines.${one.name}.tones: no tone has this name`, {
        details: { name },
      });
    const hz = typeof spec.hz === 'number' ? [spec.hz] : spec.hz;
    return { tone, hz, ...(spec.cadence.length === 0 ? {} : { cadenceMs: spec.cadence }) };
  });
  const set: ToneSet = {
    ...known,
    id: `${known.id}+`,
    tones: [...specs, ...known.tones.filter((each) => !names.includes(each.tone))],
  };
  const problems = checkToneSet(set);
  if (problems.length > 0)
    throw new CtiError('config.invalid', `option lines.${one.name}.tones: ${problems[0] ?? 'wrong'}`);
  return set;
}

/** Length of one cycle of a tone, ms; 1,000 for one without breaks. */
export function cycleMs(set: ToneSet, tone: string): number {
  const cadence = set.tones.find((each) => each.tone === tone)?.cadenceMs ?? [];
  const sum = cadence.reduce((all, ms) => all + ms, 0);
  return sum > 0 ? sum : 1_000;
}

/** What listens to a line: only what its device does not find out by itself. */
export function createLineEars(abilities: LineAbilities, set: ToneSet): Detector<DspEvent> | undefined {
  if (abilities.sound === 'none') return undefined;
  const parts: Detector[] = [];
  if (!abilities.detects.has('progress')) parts.push(createProgress({ tones: set }));
  if (!abilities.detects.has('progress')) parts.push(createFax());
  if (!abilities.detects.has('voice')) parts.push(createVoice());
  const found: DspEvent[] = [];
  const take = (each: (part: Detector) => readonly DspEvent[]): readonly DspEvent[] => {
    found.length = 0;
    for (const part of parts) for (const event of each(part)) found.push(event);
    return found;
  };
  return {
    push: (samples, hook) => take((part) => part.push(samples, hook)),
    signal: (signal) => take((part) => part.signal(signal)),
    flush: () => take((part) => part.flush()),
    reset: () => {
      for (const part of parts) part.reset();
    },
  };
}

/** What listens to a phone with sound of its own: its keys. */
export function createPhoneEars(): Detector<DspEvent> | undefined {
  return undefined;
}
