import { CtiError } from '@cordboard/cti-core';
import {
  CHINA,
  checkToneSet,
  createCallProgress,
  createDtmf,
  createDtmfCallerId,
  createFax,
  createFskCallerId,
  createVoice,
  type Detector,
  type DspEvent,
  type Hook,
  type LineSignal,
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

/** What listens to a line. */
export interface LineEars {
  /** The next samples. @returns what was found; valid until the next call */
  push(samples: Int16Array, hook: Hook): readonly DspEvent[];
  /** The line itself did something. */
  signal(signal: LineSignal): readonly DspEvent[];
  /** The last digit is out: from now on the fate of the call is listened for. */
  dialled(): void;
  /** Somebody talks: nothing is listened for any more but tones and keys. */
  answered(): void;
  /** A new use of the line begins. */
  reset(): void;
}

/** Listens to a line for what its device does not find out by itself; `undefined` where there is no sound. */
export function createLineEars(abilities: LineAbilities, set: ToneSet): LineEars | undefined {
  if (abilities.sound === 'none') return undefined;
  const { detects } = abilities;
  const onHook: Detector[] = [];
  if (!detects.has('callerId') && abilities.listensOnHook === 'listens')
    onHook.push(createFskCallerId(), createDtmfCallerId());
  const progress = detects.has('progress') ? undefined : createCallProgress({ tones: set });
  const talk: Detector[] = progress === undefined ? [] : [progress];
  if (!detects.has('dtmf')) talk.push(createDtmf());
  const call = [...talk];
  if (progress !== undefined) call.push(createFax({ cedMs: 500 }));
  if (!detects.has('voice')) call.push(createVoice());
  const found: DspEvent[] = [];
  let offHook = call;
  let before: Hook = 'on';
  const gather = (events: readonly DspEvent[]): void => {
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      if (event !== undefined) found.push(event);
    }
  };
  const renew = (parts: readonly Detector[]): void => {
    for (const part of parts) part.reset();
  };
  return {
    push(samples, hook) {
      if (hook !== before) renew(hook === 'off' ? call : onHook);
      before = hook;
      if (found.length > 0) found.length = 0;
      for (const part of hook === 'on' ? onHook : offHook) gather(part.push(samples, hook));
      return found;
    },
    signal(signal) {
      found.length = 0;
      for (const part of before === 'on' ? onHook : offHook) gather(part.signal(signal));
      return found;
    },
    dialled: () => progress?.dialled(),
    answered() {
      offHook = talk;
    },
    reset() {
      offHook = call;
      renew(call);
    },
  };
}

/** Listens to a phone with sound of its own for its keys. */
export function createPhoneEars(): LineEars {
  const keys = createDtmf();
  return {
    push: (samples, hook) => keys.push(samples, hook),
    signal: () => [],
    dialled: () => undefined,
    answered: () => undefined,
    reset: () => keys.reset(),
  };
}
