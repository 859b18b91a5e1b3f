import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One thing that happened on the wire, or a remark beside it. */
export interface TraceRecord {
  /** Milliseconds since the first record of the file. */
  readonly atMs: number;
  /** The kind of link: `ami`, `ari`, `agi`, `esl`, ...; empty for remarks. */
  readonly link: string;
  /** Number of the socket within its link. */
  readonly conn: number;
  /** `in`: from the switch; `out`: to the switch; `open`, `close`, `abort`: the socket; `note`: a remark of who recorded. */
  readonly kind: 'in' | 'out' | 'open' | 'close' | 'abort' | 'note';
  /** The bytes of one read or write, as the recorder saw it; empty for the other kinds. */
  readonly bytes: Uint8Array;
  /** Text of a remark. */
  readonly note?: string;
}

/** A recorded dialogue. */
export interface Trace {
  /** File name without directory and ending. */
  readonly name: string;
  readonly records: readonly TraceRecord[];
}

const NO_BYTES = new Uint8Array(0);

/**
 * Reads one recorded dialogue: gzip or plain, one JSON object a line, in either of the two forms in use
 * (`t` in seconds, `dir` of `s2c`, `c2s`, `open`, `close`, `abort`, `mark`, `note`, `meta`, bytes in `base64` or `b64`).
 *
 * @throws {SyntaxError} when a line is not JSON
 */
export function readTrace(path: string): Trace {
  const packed = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(packed) : packed).toString('utf8');
  const records: TraceRecord[] = [];
  let firstS: number | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const raw: unknown = JSON.parse(line);
    if (!isObject(raw)) continue;
    const atS = typeof raw.t === 'number' ? raw.t : (firstS ?? 0);
    firstS ??= typeof raw.t === 'number' ? atS : undefined;
    const packedBytes = raw.base64 ?? raw.b64;
    records.push({
      atMs: (atS - (firstS ?? atS)) * 1000,
      link: typeof raw.link === 'string' ? raw.link : typeof raw.conn === 'number' ? 'esl' : '',
      conn: typeof raw.conn === 'number' ? raw.conn : 0,
      kind: kindOf(raw.dir),
      bytes: typeof packedBytes === 'string' ? new Uint8Array(Buffer.from(packedBytes, 'base64')) : NO_BYTES,
      ...noteOf(raw),
    });
  }
  return { name: basename(path).replace(/\.jsonl(\.gz)?$/, ''), records };
}

/**
 * Every recorded dialogue of a directory, in the order of their names, read one at a time.
 *
 * @returns nothing at all when the directory does not exist: a caller says in one line that it skips
 */
export function* readTraces(directory: string): Generator<Trace> {
  if (!existsSync(directory)) return;
  for (const file of readdirSync(directory).sort()) {
    if (/\.jsonl(\.gz)?$/.test(file)) yield readTrace(join(directory, file));
  }
}

/** One direction of one socket of a dialogue: the chunks as they were read. */
export interface TraceStream {
  readonly conn: number;
  readonly chunks: readonly Uint8Array[];
}

/** Splits a dialogue into its sockets, keeping the cuts between reads. */
export function streamsOf(trace: Trace, select: { readonly link: string; readonly kind: 'in' | 'out' }): TraceStream[] {
  const byConn = new Map<number, Uint8Array[]>();
  for (const record of trace.records) {
    if (record.link !== select.link || record.kind !== select.kind) continue;
    const chunks = byConn.get(record.conn) ?? [];
    chunks.push(record.bytes);
    byConn.set(record.conn, chunks);
  }
  return [...byConn].map(([conn, chunks]) => ({ conn, chunks }));
}

/** The chunks of a dialogue as an async source, for code that reads a socket with `for await`. */
export async function* replay(stream: TraceStream): AsyncGenerator<Uint8Array> {
  for (const chunk of stream.chunks) {
    await Promise.resolve();
    yield chunk;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(dir: unknown): TraceRecord['kind'] {
  if (dir === 's2c') return 'in';
  if (dir === 'c2s') return 'out';
  if (dir === 'open' || dir === 'close' || dir === 'abort') return dir;
  return 'note';
}

function noteOf(raw: Readonly<Record<string, unknown>>): { note?: string } {
  for (const key of ['note', 'text', 'mark', 'title']) {
    const value = raw[key];
    if (typeof value === 'string') return { note: value };
  }
  return {};
}
