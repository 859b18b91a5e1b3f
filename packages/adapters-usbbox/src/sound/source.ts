/** Sound that has a beginning and may have an end, in 16 bit at 8,000 samples a second. */
export interface SoundSource {
  /**
   * Writes the next samples.
   * @returns how many; fewer than fit means that it is over
   */
  read(out: Int16Array): number;
}

/** Samples from the first to the last, once or for ever. */
export function samplesSource(samples: Int16Array, how: 'once' | 'loop' = 'once'): SoundSource {
  let at = 0;
  return {
    read(out) {
      if (samples.length === 0) return 0;
      let written = 0;
      while (written < out.length) {
        if (at === samples.length) {
          if (how === 'once') return written;
          at = 0;
        }
        const count = Math.min(out.length - written, samples.length - at);
        out.set(samples.subarray(at, at + count), written);
        at += count;
        written += count;
      }
      return written;
    },
  };
}

/** A pause of so many samples. */
export function silenceSource(length: number): SoundSource {
  let left = length;
  return {
    read(out) {
      const count = Math.min(out.length, left);
      out.fill(0, 0, count);
      left -= count;
      return count;
    },
  };
}

/** One after the other. */
export function chainSource(sources: readonly SoundSource[]): SoundSource {
  let at = 0;
  return {
    read(out) {
      let written = 0;
      while (at < sources.length) {
        written += sources[at]?.read(out.subarray(written)) ?? 0;
        if (written === out.length) return written;
        at += 1;
      }
      return written;
    },
  };
}
