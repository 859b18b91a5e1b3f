import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Where recorded dialogues lie, if they are there. */
export const TRACES = new URL('../../../../../../shared/traces/freeswitch/', import.meta.url);

/** One step of a recorded dialogue. */
export interface TraceStep {
  readonly atMs: number;
  readonly conn: string;
  readonly kind: 'open' | 'close' | 'c2s' | 's2c';
  readonly by?: string;
  readonly mode?: string;
  readonly bytes: Buffer;
}

export function hasTraces(): boolean {
  return existsSync(TRACES);
}

interface Line {
  readonly dir: string;
  readonly t?: number;
  readonly conn?: string | number;
  readonly b64?: string;
  readonly by?: string;
  readonly mode?: string;
}

/** Reads a dialogue. */
export function readTrace(name: string): readonly TraceStep[] {
  const text = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, TRACES))).toString('utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const first = lines.find((line) => line.dir === 'open')?.t ?? 0;
  return lines.flatMap((line) => {
    if (!['open', 'close', 'c2s', 's2c'].includes(line.dir)) return [];
    return [
      {
        atMs: ((line.t ?? first) - first) * 1_000,
        conn: String(line.conn),
        kind: line.dir as TraceStep['kind'],
        bytes: Buffer.from(line.b64 ?? '', 'base64'),
        ...(line.by === undefined ? {} : { by: line.by }),
        ...(line.mode === undefined ? {} : { mode: line.mode }),
      },
    ];
  });
}
