import { RATE_HZ } from './pcm.js';

/** A stretch of time in which the same set of tones was heard. */
export interface ToneSegment {
  readonly fromMs: number;
  readonly toMs: number;
  /** Frequencies heard, ascending; empty for silence or for sound that is none of the tones looked for. */
  readonly freqs: readonly number[];
}

/** What {@link analyse} looks for. */
export interface ToneOptions {
  /** Frequencies in Hz to look for; at least 40 Hz apart. */
  readonly freqs: readonly number[];
  /** Length of a frame in ms; default 100. */
  readonly frameMs?: number;
  /** A tone counts when its level is at least this (peak of a 16-bit sample); default 250, 30 dB below the laboratory's tones. */
  readonly minPeak?: number;
  /** A tone counts when it is at most so many dB below the strongest of its frame; default 20. */
  readonly maxBelowDb?: number;
}

/**
 * Which tones sound when. Each frame is weighted by a Hann window and measured at each frequency by the Goertzel
 * recurrence; frames with the same set are joined.
 */
export function analyse(samples: Int16Array, options: ToneOptions): readonly ToneSegment[] {
  const frameMs = options.frameMs ?? 100;
  const size = Math.round((frameMs * RATE_HZ) / 1_000);
  const frames: (readonly number[])[] = [];
  for (let start = 0; start + size <= samples.length; start += size) {
    frames.push(tonesOf(samples.subarray(start, start + size), options));
  }
  return segmentsOf(frames, frameMs);
}

/** Frames of `frameMs` that follow one another as segments, from 0 on. */
export function segmentsOf(frames: readonly (readonly number[])[], frameMs: number): readonly ToneSegment[] {
  const segments: { fromMs: number; toMs: number; freqs: readonly number[] }[] = [];
  for (const [index, freqs] of frames.entries()) {
    const last = segments.at(-1);
    const toMs = (index + 1) * frameMs;
    if (last !== undefined && same(last.freqs, freqs)) last.toMs = toMs;
    else segments.push({ fromMs: index * frameMs, toMs, freqs });
  }
  return segments;
}

/** Milliseconds in which `freq` was heard, in all. */
export function heardMs(segments: readonly ToneSegment[], freq: number): number {
  return segments.reduce((sum, part) => sum + (part.freqs.includes(freq) ? part.toMs - part.fromMs : 0), 0);
}

/** Milliseconds in which all of `freqs` sounded together and nothing else that was looked for. */
export function exactlyMs(segments: readonly ToneSegment[], freqs: readonly number[]): number {
  const wanted = [...freqs].sort((a, b) => a - b);
  return segments.reduce((sum, part) => sum + (same(part.freqs, wanted) ? part.toMs - part.fromMs : 0), 0);
}

/** Segments of at least `minMs`: a frame that lies across a change holds both sides and would count as a segment of its own. */
export function lasting(segments: readonly ToneSegment[], minMs: number): readonly ToneSegment[] {
  const kept: { fromMs: number; toMs: number; freqs: readonly number[] }[] = [];
  for (const part of segments) {
    if (part.toMs - part.fromMs < minMs) continue;
    const last = kept.at(-1);
    if (last !== undefined && same(last.freqs, part.freqs)) last.toMs = part.toMs;
    else kept.push({ ...part });
  }
  return kept;
}

/** The tones of one frame, ascending. */
export function tonesOf(frame: Int16Array, options: ToneOptions): readonly number[] {
  const levels = options.freqs.map((hz) => ({ hz, level: level(frame, hz) }));
  const strongest = Math.max(0, ...levels.map((entry) => entry.level));
  const floor = Math.max(options.minPeak ?? 250, strongest * 10 ** (-(options.maxBelowDb ?? 20) / 20));
  return levels
    .filter((entry) => entry.level >= floor)
    .map((entry) => entry.hz)
    .sort((a, b) => a - b);
}

/** Peak of the sine of frequency `hz` in the frame, by Goertzel over a Hann window (whose mean is one half). */
function level(frame: Int16Array, hz: number): number {
  const n = frame.length;
  const hann = hannOf(n);
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let before = 0;
  let last = 0;
  for (let i = 0; i < n; i += 1) {
    const next = (frame[i] ?? 0) * (hann[i] ?? 0) + coefficient * last - before;
    before = last;
    last = next;
  }
  const power = last * last + before * before - coefficient * last * before;
  return (4 * Math.sqrt(Math.max(0, power))) / n;
}

const windows = new Map<number, Float64Array>();

/** Hann window of a frame of `n` samples; ears judge thousands of frames of one length while sound must go on. */
function hannOf(n: number): Float64Array {
  const known = windows.get(n);
  if (known !== undefined) return known;
  const made = Float64Array.from({ length: n }, (_unused, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
  windows.set(n, made);
  return made;
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
