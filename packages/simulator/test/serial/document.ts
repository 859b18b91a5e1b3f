import { readFileSync } from 'node:fs';
import type { FieldValue, Incoming, Outgoing } from '../../src/serial/kts/frame.js';
import { fieldsOf, MESSAGES } from '../../src/serial/kts/tables.js';

const TEXT = readFileSync(new URL('../../../../docs/protocols/kts-1.md', import.meta.url), 'utf8');

/** One worked message of section 17. */
export interface Worked {
  readonly json: Readonly<Record<string, unknown>>;
  readonly bin: Uint8Array;
  readonly ascii: string;
  readonly xor: string;
}

/** Fenced blocks of one kind. */
export function blocks(kind: string): readonly string[] {
  return [...TEXT.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, body = '']) => body.trim());
}

/** Rows of the table under a heading, without its head. */
export function table(heading: string): readonly (readonly string[])[] {
  const section = TEXT.slice(TEXT.indexOf(`\n## ${heading}`) + 1).split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** Bytes of hexadecimal digits. */
export function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** The worked messages of section 17. */
export function worked(): readonly Worked[] {
  return blocks('kts').map((block) => {
    const lines = new Map(block.split('\n').map((line) => [line.slice(0, 5).trim(), line.slice(5).trim()]));
    return {
      json: JSON.parse(lines.get('json') ?? '{}') as Record<string, unknown>,
      bin: bytesOf(lines.get('bin') ?? ''),
      ascii: lines.get('ascii') ?? '',
      xor: (lines.get('xor') ?? '').trim(),
    };
  });
}

const NAMES = new Map(table('7 Messages').map(([, word = '', name = '']) => [name, word]));

/** A message of the document as this package writes it. */
export function messageOf(json: Readonly<Record<string, unknown>>): Outgoing {
  const { seq, type, ...rest } = json;
  const word = NAMES.get(String(type)) ?? '?';
  const row = MESSAGES.get(word);
  const one: Record<string, FieldValue> = {};
  const many: Record<string, FieldValue[]> = {};
  for (const field of row === undefined ? [] : fieldsOf(row)) {
    const value = rest[field.name];
    if (value === undefined) continue;
    const convert = (item: unknown): FieldValue => {
      if (field.kind === 'word') return String(item).toUpperCase();
      if (field.kind === 'bytes') return bytesOf(String(item));
      if (field.kind === 'time') return Date.parse(`${String(item)}Z`);
      return item as FieldValue;
    };
    if (field.kind === 'set') one[field.name] = (value as string[]).map((item) => item.toUpperCase());
    else if (field.many) many[field.name] = (value as unknown[]).map(convert);
    else one[field.name] = convert(value);
  }
  return { word, number: Number(seq), node: 0, one, many };
}

/** What was read, in the form of {@link messageOf}. */
export function asMessage(read: Incoming | undefined): unknown {
  if (read?.kind !== 'frame') return read;
  return { state: read.state, word: read.word, number: read.number ?? 0, node: read.node, ...read.fields };
}
