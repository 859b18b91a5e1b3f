import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { wavOf } from '../switch/wav.js';

/** Writes a recording of that length as a WAV file, if its path lies in the folder; anything else is left alone. @returns the file's size in bytes */
export function keepWav(folder: string, path: string, durationMs: number): number {
  const base = resolve(folder);
  const file = resolve(base, path);
  const inside = relative(base, file);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return 0;
  const bytes = wavOf({ durationMs, track: 0 });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return bytes.length;
}
