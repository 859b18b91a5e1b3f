import { textOf } from './text.js';

/** One command of a client: its first line, the headers below it, and perhaps a body. */
export interface EslCommand {
  readonly line: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
}

/** What came in: a command, or a length that the switch answers by closing. */
export type Incoming = { readonly kind: 'command'; readonly command: EslCommand } | { readonly kind: 'refused' };

/** Longest head that is taken; the switch's own buffer grows without a bound, a simulator's need not. */
const MAX_HEAD_BYTES = 2 * 1024 * 1024;
/** mod_event_socket closes the connection on a longer body (freeswitch.md 9). */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const LF = 10;
const CR = 13;

/**
 * Cuts what a client sends into commands: a head ends with two line feeds, carriage returns do not count, blank lines in front are skipped
 * (freeswitch.md 7). Incremental: any cut of the stream gives the same commands.
 */
export class CommandReader {
  #bytes = Buffer.alloc(0);
  #scanned = 0;
  #feeds = 0;
  #head: Buffer | undefined;
  #bodyLength = 0;
  #state: 'open' | 'refused' = 'open';

  /** Has a part of a command arrived? The switch sends no event to this client while that is so (freeswitch.md 8). */
  get isPartial(): boolean {
    return this.#head !== undefined || this.#bytes.length > 0;
  }

  /** Takes bytes and gives the commands that they complete. After a refusal nothing is taken any more. */
  push(chunk: Uint8Array): readonly Incoming[] {
    const found: Incoming[] = [];
    if (this.#state === 'refused') return found;
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
    for (;;) {
      const next = this.#head === undefined ? this.#takeHead() : this.#takeBody();
      if (next === undefined) return found;
      if (next === 'head') continue;
      found.push(next);
      if (next.kind === 'refused') {
        this.#state = 'refused';
        this.#bytes = Buffer.alloc(0);
        return found;
      }
    }
  }

  #takeHead(): Incoming | 'head' | undefined {
    this.#skipBlankLines();
    for (; this.#scanned < this.#bytes.length; this.#scanned++) {
      const byte = this.#bytes[this.#scanned];
      if (byte === LF) this.#feeds++;
      else if (byte !== CR) this.#feeds = 0;
      if (this.#feeds < 2) continue;
      const end = this.#scanned + 1;
      this.#head = this.#bytes.subarray(0, end);
      this.#bytes = this.#bytes.subarray(end);
      this.#scanned = 0;
      this.#feeds = 0;
      this.#bodyLength = lengthIn(this.#head);
      if (this.#bodyLength < 0 || this.#bodyLength > MAX_BODY_BYTES) return { kind: 'refused' };
      return 'head';
    }
    return this.#bytes.length > MAX_HEAD_BYTES ? { kind: 'refused' } : undefined;
  }

  #takeBody(): Incoming | undefined {
    const head = this.#head;
    if (head === undefined || this.#bytes.length < this.#bodyLength) return undefined;
    const body = this.#bytes.subarray(0, this.#bodyLength);
    this.#bytes = this.#bytes.subarray(this.#bodyLength);
    this.#head = undefined;
    return { kind: 'command', command: commandOf(head, body) };
  }

  #skipBlankLines(): void {
    if (this.#scanned > 0) return;
    let at = 0;
    while (this.#bytes[at] === LF || this.#bytes[at] === CR) at++;
    if (at > 0) this.#bytes = this.#bytes.subarray(at);
  }
}

function linesOf(head: Buffer): string[] {
  return textOf(head)
    .split('\n')
    .map((line) => line.replaceAll('\r', ''))
    .filter((line) => line !== '');
}

/** As C's atoi reads it: what is no number is 0. */
function lengthIn(head: Buffer): number {
  const found = /^content-length:[ \t]*([+-]?\d+)/imu.exec(head.toString('latin1'));
  return found === null ? 0 : Number(found[1]);
}

function commandOf(head: Buffer, body: Buffer): EslCommand {
  const [line = '', ...rest] = linesOf(head);
  const headers: (readonly [string, string])[] = [];
  for (const one of rest) {
    const colon = one.indexOf(':');
    if (colon > 0) headers.push([one.slice(0, colon), one.slice(colon + 1).replace(/^[ \t]+/u, '')]);
  }
  if (body.length === 0) return { line, headers };
  const nul = body.indexOf(0);
  return { line, headers, body: textOf(nul < 0 ? body : body.subarray(0, nul)) };
}

/** The first value of a command's header; names count without regard to case. */
export function commandHeader(command: EslCommand, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return command.headers.find(([given]) => given.toLowerCase() === wanted)?.[1];
}
