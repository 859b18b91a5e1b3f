import { type Impairment, onLine, type Random, Tape, tone } from './progress-signals.js';

/** The tones of GB/T 3380 as the published tables give them, seconds. */
export const CADENCES: Record<string, { hz: number; cadence: number[] }> = {
  dial: { hz: 450, cadence: [] },
  special_dial: { hz: 450, cadence: [0.4, 0.04] },
  ringback: { hz: 450, cadence: [1, 4] },
  busy: { hz: 450, cadence: [0.35, 0.35] },
  congestion: { hz: 450, cadence: [0.7, 0.7] },
  unobtainable: { hz: 450, cadence: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.4] },
  toll: { hz: 450, cadence: [0.2, 0.2, 0.2, 0.6] },
  call_waiting: { hz: 450, cadence: [0.4, 4] },
  howler: { hz: 950, cadence: [] },
};

export interface ToneCase {
  name: string;
  /** Off nominal, Hz. */
  df: number;
  /** Times as a share of nominal. */
  stretch: number;
  dbm0: number;
  bad: Impairment;
  samples: Int16Array;
}

/** One tone with a draw of everything that a line may do to it. */
export function drawTone(name: string, random: Random): ToneCase {
  const nominal = CADENCES[name];
  if (nominal === undefined) throw new TypeError(name);
  const drawn = (random() * 2 - 1) * 25;
  // 440 Hz is the musicians' and has tests of its own.
  const df = Math.abs(drawn + 10) < 1 ? drawn + 2 : drawn;
  const stretch = 0.9 + random() * 0.2;
  const dbm0 = -random() * 25 - 5;
  const bad: Impairment = {};
  const snr = 15 + random() * 25;
  if (random() < 0.7) bad.noiseDbm0 = dbm0 - snr;
  if (random() < 0.2) bad.humDbm0 = -15 - random() * 20;
  if (random() < 0.2) bad.dc = (random() * 2 - 1) * 3000;
  if (random() < 0.25) bad.law = random() < 0.6 ? 'a' : 'mu';
  if (random() < 0.15) bad.echo = 0.3 * random();
  if (random() < 0.1) bad.band = true;
  if (random() < 0.1) bad.clip = 0.3;
  const cadence = nominal.cadence.map((s) => s * stretch);
  const cycle = cadence.reduce((a, b) => a + b, 0);
  const seconds = cycle === 0 ? 3.5 : Math.max(5, cycle * 3.2);
  const from = cycle === 0 ? 0 : random() < 0.5 ? 0 : random() * cycle;
  const tape = new Tape()
    .quiet(0.1 + random())
    .add(
      tone({
        hz: [nominal.hz + df],
        dbm0,
        cadence,
        seconds,
        from,
        phase: random() * 6,
        ...(name === 'howler' ? { stepDb: 2 } : {}),
      }),
    )
    .quiet(0.2);
  return { name, df, stretch, dbm0, bad, samples: onLine(tape.data, bad, random) };
}
