import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrace, readTraces, replay, streamsOf } from './trace.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trace-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const b64 = (text: string): string => Buffer.from(text).toString('base64');

describe('readTrace', () => {
  it('reads both forms of a dialogue, packed or plain', async () => {
    const one = [
      { t: 0.5, link: 'ami', conn: 1, dir: 'open' },
      { t: 0.75, link: 'ami', conn: 1, dir: 's2c', base64: b64('As') },
      { t: 1, link: 'ami', conn: 2, dir: 's2c', base64: b64('other') },
      { t: 1, dir: 'mark', text: 'a remark' },
      { t: 1.5, link: 'ami', conn: 1, dir: 's2c', base64: b64('terisk') },
    ];
    const two = [
      { dir: 'meta', title: 'a title' },
      { t: 1795292444.5, conn: 1, dir: 'c2s', b64: b64('auth') },
      { t: 1795292445.5, conn: 1, dir: 'close' },
    ];
    const lines = (records: object[]): string => `${records.map((each) => JSON.stringify(each)).join('\n')}\n`;
    writeFileSync(join(directory, 'b-one.jsonl.gz'), gzipSync(lines(one)));
    writeFileSync(join(directory, 'a-two.jsonl'), lines(two));
    writeFileSync(join(directory, 'notes.md'), 'not a trace');
    expect([...readTraces(directory)].map((trace) => trace.name)).toEqual(['a-two', 'b-one']);
    const trace = readTrace(join(directory, 'b-one.jsonl.gz'));
    expect(trace.records.map((each) => [each.atMs, each.kind])).toEqual([
      [0, 'open'],
      [250, 'in'],
      [500, 'in'],
      [500, 'note'],
      [1000, 'in'],
    ]);
    const streams = streamsOf(trace, { link: 'ami', kind: 'in' });
    expect(streams.map((stream) => Buffer.concat(stream.chunks).toString())).toEqual(['Asterisk', 'other']);
    const chunks: string[] = [];
    for (const stream of streams) for await (const chunk of replay(stream)) chunks.push(Buffer.from(chunk).toString());
    expect(chunks).toEqual(['As', 'terisk', 'other']);
    const other = readTrace(join(directory, 'a-two.jsonl'));
    expect(other.records.map((each) => [each.atMs, each.link, each.kind, each.note])).toEqual([
      [0, '', 'note', 'a title'],
      [0, 'esl', 'out', undefined],
      [1000, 'esl', 'close', undefined],
    ]);
  });

  it('gives nothing for a directory that is not there', () => {
    expect([...readTraces(join(directory, 'absent'))]).toEqual([]);
  });
});
