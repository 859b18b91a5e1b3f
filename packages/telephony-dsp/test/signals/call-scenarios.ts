import { drawTone } from './chinese-tones.js';
import { type Impairment, keys, music, onLine, type Random, speech, Tape, tone } from './progress-signals.js';

/** What happened in a call, with the truth of what a detector should tell about it. */
export interface CallCase {
  kind: string;
  samples: Int16Array;
  tones: string[];
  /** Seconds; absent where there was none. */
  answerAt?: number;
  crbtAt?: number;
  /** Whether an answer that is not told is no fault (after a colour ring-back tone). */
  optional?: boolean;
  polarityAt?: number;
  detail: string;
}

export const CALL_KINDS = [
  'answer',
  'answer-first-ring',
  'busy',
  'congestion',
  'empty',
  'no-answer',
  'crbt-answer',
  'crbt-noanswer',
  'crbt-busy',
  'polarity',
] as const;

/** A person answers: a short word, a wait for the other side, then talk. */
function person(random: Random, dbm0: number): Float64Array {
  const pitch = 90 + random() * 160;
  const tape = new Tape().add(trim(speech({ seconds: 0.35 + random() * 0.9, dbm0, pitch, pauses: 0.05 }, random)));
  tape.quiet(0.65 + random() * 1.5);
  for (let n = 0; n < 2; n++) {
    tape.add(trim(speech({ seconds: 0.8 + random() * 2, dbm0, pitch, pauses: 0.2 }, random))).quiet(0.4 + random());
  }
  return tape.data;
}

/** An announcement of the exchange: goes on without a wait. */
function announcement(random: Random, dbm0: number): Float64Array {
  return trim(
    speech({ seconds: 4 + random() * 4, dbm0, pitch: 170 + random() * 60, pauses: 0.12 + random() * 0.2 }, random),
  );
}

function trim(x: Float64Array): Float64Array {
  let end = x.length;
  while (end > 0 && Math.abs(x[end - 1] ?? 0) < 1e-4) end--;
  return x.slice(0, end);
}

/** One call of that kind, with everything drawn by chance. */
export function drawCall(kind: (typeof CALL_KINDS)[number], random: Random): CallCase {
  const drawn = (random() * 2 - 1) * 15;
  // 440 Hz is the musicians' and has tests of its own.
  const df = Math.abs(drawn + 10) < 1 ? drawn + 2 : drawn;
  const dbm0 = -8 - random() * 14;
  const voice = -12 - random() * 10;
  const stretch = 0.93 + random() * 0.14;
  const send = (cadence: number[], seconds: number): Float64Array =>
    tone({ hz: [450 + df], dbm0, cadence: cadence.map((s) => s * stretch), seconds, phase: random() * 6 });
  const tape = new Tape().quiet(0.2 + random() * 0.5).add(send([], 1.6 + random() * 1.4));
  const digits = Array.from(
    { length: 3 + Math.floor(random() * 10) },
    () => '0123456789'[Math.floor(random() * 10)],
  ).join('');
  tape.add(keys(digits, { on: 0.07 + random() * 0.05, off: 0.06 + random() * 0.06, dbm0: -9 - random() * 5 }));
  tape.quiet(0.8 + random() * 4);
  const tones = ['dial'];
  const call: CallCase = { kind, samples: new Int16Array(0), tones, detail: '' };
  const ring = (rounds: number): void => {
    tones.push('ringback');
    // Some rounds, the last of them broken off anywhere.
    tape.add(send([1, 4], rounds));
  };
  const busy = (): void => {
    tones.push('busy');
    tape.add(send([0.35, 0.35], 3.5 + random() * 3));
  };
  const crbt = (): void => {
    call.crbtAt = tape.seconds;
    if (random() < 0.2) tape.add(trim(speech({ seconds: 2 + random() * 2, dbm0: voice }, random)));
    const kinds = ['sine', 'saw', 'organ', 'pluck', 'band'] as const;
    const chosen = kinds[Math.floor(random() * 5)] ?? 'saw';
    call.detail = chosen;
    tape
      .add(music({ seconds: 5 + random() * 8, dbm0: -12 - random() * 8, kind: chosen }, random))
      .quiet(0.08 + random() * 0.5);
  };
  if (kind === 'answer' || kind === 'polarity') {
    ring(6.5 + random() * 14);
    if (kind === 'polarity') {
      call.polarityAt = tape.seconds;
      call.answerAt = tape.seconds;
    }
    tape.quiet(0.05 + random() * 0.4);
    call.answerAt ??= tape.seconds;
    tape.add(person(random, voice));
    if (random() < 0.7) busy();
  } else if (kind === 'answer-first-ring') {
    ring(2.6 + random() * 2);
    tape.quiet(0.05 + random() * 0.3);
    call.answerAt = tape.seconds;
    tape.add(person(random, voice));
  } else if (kind === 'busy') busy();
  else if (kind === 'congestion') {
    tones.push('congestion');
    tape.add(send([0.7, 0.7], 6 + random() * 4));
  } else if (kind === 'empty') {
    tape.add(announcement(random, voice)).quiet(0.3 + random() * 0.5);
    tones.push('unobtainable');
    tape.add(send([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4], 6 + random() * 3));
  } else if (kind === 'no-answer') {
    ring(21 + random() * 15);
    tape.quiet(1);
    busy();
  } else if (kind === 'crbt-answer') {
    crbt();
    call.answerAt = tape.seconds;
    call.optional = true;
    tape.add(person(random, voice));
    if (random() < 0.7) busy();
  } else if (kind === 'crbt-noanswer') {
    crbt();
    tape.add(announcement(random, voice)).quiet(0.1 + random() * 0.5);
    busy();
  } else {
    crbt();
    busy();
  }
  const bad: Impairment = {};
  bad.noiseDbm0 = -65 + random() * 25;
  bad.noiseDbm0 = Math.min(bad.noiseDbm0, Math.min(dbm0, voice) - 18);
  if (random() < 0.2) bad.humDbm0 = -20 - random() * 20;
  if (random() < 0.25) bad.law = random() < 0.6 ? 'a' : 'mu';
  if (random() < 0.1) bad.echo = 0.2;
  if (random() < 0.15) bad.impulses = 6;
  tape.quiet(0.5);
  return { ...call, samples: onLine(tape.data, bad, random) };
}

export { drawTone };
