import { DEFAULT_TOLERANCE_HZ, type ToneSet, type ToneSpec } from './tone-set.js';

/** Components nearer to one another than this are heard by one channel between them: the 20 ms window cannot part them. */
const CLOSE_HZ = 72;

/** What sounds in an `on`: which channels hear it, and how its components lie around them. */
export interface Spectrum {
  /** Components in Hz, ascending. */
  readonly hz: readonly number[];
  /** `single` one component; `close` several that one channel hears; `wide` one channel for each. */
  readonly kind: 'single' | 'close' | 'wide';
  /** Indexes of the channels. */
  readonly channels: readonly number[];
  readonly toleranceHz: number;
}

/** What a set of tones needs to be heard. */
export interface SpectrumPlan {
  /** Centres of the channels, Hz, in steps of half a Hertz. */
  readonly centresHz: readonly number[];
  readonly spectra: readonly Spectrum[];
}

/** Key of a spectrum: two tones with the same components share one. */
export function spectrumKey(hz: readonly number[]): string {
  return [...hz].sort((a, b) => a - b).join('+');
}

/** The lists of frequencies of a tone, one for each of its ons. */
export function spectraOfTone(spec: ToneSpec): readonly (readonly number[])[] {
  return spec.hzOfEachOn ?? [spec.hz];
}

/** Lays out the channels that hear every tone of the set, each distinct spectrum once. */
export function planSpectra(set: ToneSet): SpectrumPlan {
  const centresHz: number[] = [];
  const spectra = new Map<string, Spectrum>();
  const toleranceHz = set.toleranceHz ?? DEFAULT_TOLERANCE_HZ;
  const channelAt = (hz: number): number => {
    const centre = Math.round(hz * 2) / 2;
    const known = centresHz.indexOf(centre);
    if (known >= 0) return known;
    centresHz.push(centre);
    return centresHz.length - 1;
  };
  for (const spec of set.tones) {
    for (const list of spectraOfTone(spec)) {
      const key = spectrumKey(list);
      if (spectra.has(key)) continue;
      const hz = [...list].sort((a, b) => a - b);
      const first = hz[0] as number;
      const last = hz[hz.length - 1] as number;
      if (hz.length === 1) spectra.set(key, { hz, kind: 'single', channels: [channelAt(first)], toleranceHz });
      else if (last - first <= CLOSE_HZ)
        spectra.set(key, { hz, kind: 'close', channels: [channelAt((first + last) / 2)], toleranceHz });
      else spectra.set(key, { hz, kind: 'wide', channels: hz.map(channelAt), toleranceHz });
    }
  }
  return { centresHz, spectra: [...spectra.values()] };
}
