import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KTS_ASCII, KTS_BIN, KTS_TIMINGS, type KtsProfile } from '../src/profile/index.js';
import { definitionOf, FIELDS, type FieldName, fieldOf, type KtsFrame, messageNames } from '../src/wire/index.js';
import { dictionaryOf, type Plain, readAscii, readBinary, table } from './kts/from-document.js';
import { plain, SAMPLES } from './kts/samples.js';

const page = readFileSync(new URL('../../../docs/protocols/kts-1.md', import.meta.url), 'utf8');
const dictionary = dictionaryOf(page);
const blocks = (name: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${name}\\n([\\s\\S]*?)^\`\`\`$`, 'gmu'))].map((match) => match[1] ?? '');
const bytesOf = (hex: string): number[] =>
  hex
    .trim()
    .split(' ')
    .map((byte) => Number.parseInt(byte, 16));
const hexUp = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(plain(value), (key, each) => (key === 'nameBytes' ? String(each).toUpperCase() : each)));

/** What a codec of ours makes of bytes, as the page's JSON shows it. */
function codec(profile: KtsProfile, bytes: Uint8Array): unknown[] {
  const found: unknown[] = [];
  profile.createDecoder().push(bytes, (frame: KtsFrame) => {
    if (frame.kind === 'message') found.push(hexUp({ seq: frame.header.seq, ...frame.message }));
  });
  return found;
}

const lineBytes = (line: string): Uint8Array => Buffer.from(`${line}\r\n`);
const sameAs = (message: Plain | undefined): unknown => hexUp(message ?? {});

describe('docs/protocols/kts-1.md', () => {
  it('has the fields of the codecs', () => {
    const rows = (Object.keys(FIELDS) as FieldName[]).map((name) => {
      const { tag, key, kind, max, list } = fieldOf(name);
      return [tag.toString(16).toUpperCase().padStart(2, '0'), key, name, kind, String(max ?? ''), list ? 'yes' : ''];
    });
    expect(table(page, '5 Fields')).toEqual(rows);
    expect(new Set(rows.map(([tag]) => tag)).size).toBe(rows.length);
  });

  it('has the words of the codecs', () => {
    for (const name of Object.keys(FIELDS) as FieldName[]) {
      const { words } = fieldOf(name);
      expect([name, dictionary.words.get(name)]).toEqual([name, words?.map((word) => word.toUpperCase())]);
    }
  });

  it('has the messages of the codecs, with keys that are unique in each', () => {
    const rows = messageNames().map((name) => {
      const { code, word, cls, from, link, must, may } = definitionOf(name);
      const type = code.toString(16).toUpperCase().padStart(2, '0');
      return [type, word, name, cls, from, link, must.join(', '), may.join(', ')];
    });
    expect(table(page, '7 Messages')).toEqual(rows);
    for (const name of messageNames()) {
      const { must, may } = definitionOf(name);
      const keys = [...must, ...may].map((field) => fieldOf(field).key);
      expect([name, new Set(keys).size]).toEqual([name, keys.length]);
    }
  });

  it('has the timers of the link', () => {
    const { ackMs, heartbeatMs, deadMs, helloMs, answerMs, gapMs, repeats } = KTS_TIMINGS;
    const rows = new Map(
      table(page, '9 Timers and limits').map(([name = '', value = '']) => [name.split(' ')[0], value]),
    );
    expect(rows.get('T1')).toContain(`${ackMs} ms +`);
    expect(rows.get('repeats')).toMatch(new RegExp(`^${repeats} `, 'u'));
    expect(rows.get('T2')).toMatch(new RegExp(`^${heartbeatMs / 1_000} s`, 'u'));
    expect(rows.get('T3')).toMatch(new RegExp(`^${answerMs / 1_000} s`, 'u'));
    expect(rows.get('T4')).toMatch(new RegExp(`^${deadMs / 1_000} s`, 'u'));
    expect(rows.get('T5')).toMatch(new RegExp(`^${helloMs / 1_000} s`, 'u'));
    expect(rows.get('T6')).toContain(`${gapMs} ms`);
  });

  it('shows each message in frames that its own rules and the codecs read alike', () => {
    const worked = blocks('kts');
    expect(worked.length).toBe(SAMPLES.length);
    const shown = new Set<string>();
    for (const block of worked) {
      const [json = '', bin = '', ascii = '', xor = ''] = block
        .trimEnd()
        .split('\n')
        .map((row) => row.slice(6));
      const message = JSON.parse(json) as Plain;
      shown.add(String(message.type));
      const want = sameAs(message);
      expect(sameAs(readBinary(dictionary, bytesOf(bin)))).toEqual(want);
      expect(codec(KTS_BIN, Uint8Array.from(bytesOf(bin)))).toEqual([want]);
      for (const line of [ascii, xor]) {
        expect(sameAs(readAscii(dictionary, line))).toEqual(want);
        expect(codec(KTS_ASCII, lineBytes(line))).toEqual([want]);
      }
      const { seq, ...fields } = message;
      expect(Object.keys(fields).length).toBeGreaterThan(0);
      expect(seq).toBeTypeOf('number');
    }
    expect([...shown].sort()).toEqual(messageNames().sort());
  });

  it('says which lines are the same, and the codec agrees', () => {
    const lines = blocks('kts-same').flatMap((block) => block.trimEnd().split('\n'));
    expect(lines.length).toBe(3);
    const want = { seq: 41, type: 'lineState', line: 3, lineState: 'ring', number: '13912345678' };
    for (const line of lines) {
      expect(readAscii(dictionary, line)).toEqual(want);
      const [got] = codec(KTS_ASCII, lineBytes(line));
      expect({ ...(got as object), unknown: undefined }).toEqual({ ...want, unknown: undefined });
    }
  });

  it('says which frames are to be dropped, and the codecs drop them', () => {
    const rows = blocks('kts-bad').flatMap((block) => block.trimEnd().split('\n'));
    expect(rows.length).toBe(6);
    for (const row of rows) {
      const [profile, text] = [row.slice(0, 6).trim(), row.slice(6)];
      const isBinary = profile === 'bin';
      expect(isBinary ? readBinary(dictionary, bytesOf(text)) : readAscii(dictionary, text)).toBeUndefined();
      expect(
        codec(isBinary ? KTS_BIN : KTS_ASCII, isBinary ? Uint8Array.from(bytesOf(text)) : lineBytes(text)),
      ).toEqual([]);
    }
  });

  it('shows a session that keeps its own rules of numbers', () => {
    const rows = blocks('kts-session').flatMap((block) => block.trimEnd().split('\n'));
    const next: Record<string, number> = {};
    const open: Record<string, number[]> = { H: [], P: [] };
    for (const row of rows) {
      const [side = '', rest = ''] = [row.slice(0, 1), row.slice(2)];
      const [bin = '', ascii = ''] = rest.split('  ; ');
      const message = readBinary(dictionary, bytesOf(bin));
      expect(message).toEqual(readAscii(dictionary, ascii));
      expect(codec(KTS_BIN, Uint8Array.from(bytesOf(bin)))).toEqual([sameAs(message)]);
      const other = side === 'H' ? 'P' : 'H';
      const type = String(message?.type);
      const seq = Number(message?.seq);
      if (type === 'ack') expect([row, open[other]?.shift()]).toEqual([row, seq]);
      else if (definitionOf(type as 'ack').link === 'reliable') {
        expect([row, seq]).toEqual([row, next[side] ?? 0]);
        next[side] = seq + 1;
        open[side]?.push(seq);
      }
    }
    expect(open).toEqual({ H: [], P: [] });
    expect(rows.length).toBeGreaterThan(30);
  });
});
