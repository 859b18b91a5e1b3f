import { describe, expect, it } from 'vitest';
import { ascii } from '../../src/serial/kts/ascii.js';
import { BINARY } from '../../src/serial/kts/binary.js';
import { FIELDS, MESSAGES, WORDS } from '../../src/serial/kts/tables.js';
import { asMessage, blocks, bytesOf, messageOf, table, worked } from './document.js';

const CRC = ascii();
const XOR = ascii({ check: 'xor' });

describe('tables of the PBX beside those of the page', () => {
  it('has every field', () => {
    const rows = table('5 Fields').map(([tag = '', key, name, kind, max = '', many]) => ({
      tag: Number.parseInt(tag, 16),
      key,
      name,
      kind,
      max: Number(max),
      many: many === 'yes',
    }));
    expect(rows.length).toBeGreaterThan(60);
    expect([...FIELDS.values()]).toEqual(rows);
  });

  it('has every word', () => {
    const rows = table('6 Words').map(([field, words = '']) => [
      field,
      words.split(',').map((word) => word.trim().split(' ')[1]),
    ]);
    expect([...WORDS]).toEqual(rows);
  });

  it('has every message', () => {
    const list = (cell = ''): readonly string[] =>
      cell
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
    const rows = table('7 Messages').map(([type = '', word, , group, from, link, must, may]) => ({
      type: Number.parseInt(type, 16),
      word,
      group,
      from,
      link,
      must: list(must),
      may: list(may),
    }));
    expect([...MESSAGES.values()]).toEqual(rows);
  });
});

describe.each(worked().map((one) => [`${String(one.json.type)} ${String(one.json.seq)}`, one] as const))(
  '%s',
  (_, one) => {
    const message = messageOf(one.json);
    it('is written as on the page', () => {
      expect(Buffer.from(BINARY.encode(message)).toString('hex')).toBe(Buffer.from(one.bin).toString('hex'));
      expect(Buffer.from(CRC.encode(message)).toString('latin1')).toBe(`${one.ascii}\r\n`);
      expect(Buffer.from(XOR.encode(message)).toString('latin1')).toBe(`${one.xor}\r\n`);
    });
    it('is read from the page', () => {
      const { node, number, one: fields, many, word } = message;
      const expected = { state: 'good', word, number, node, one: fields, many };
      expect(BINARY.decoder().push(one.bin).map(asMessage)).toEqual([expected]);
      for (const line of [one.ascii, one.xor]) {
        expect(
          CRC.decoder()
            .push(Buffer.from(`${line}\r\n`, 'latin1'))
            .map(asMessage),
        ).toEqual([expected]);
      }
    });
  },
);

describe('lines and frames that the page names', () => {
  it('reads lines that mean the same', () => {
    const expected = messageOf({ seq: 41, type: 'lineState', line: 3, lineState: 'ring', number: '13912345678' });
    for (const line of blocks('kts-same').join('\n').split('\n')) {
      const [read] = CRC.decoder().push(Buffer.from(`${line}\r\n`));
      expect(asMessage(read)).toMatchObject({ state: 'good', word: 'LINE', number: 41, one: expected.one });
    }
  });

  it('delivers nothing of bad ones', () => {
    const lines = blocks('kts-bad').join('\n').split('\n');
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      const isBin = line.startsWith('bin');
      const bytes = isBin ? bytesOf(line.slice(5)) : Buffer.from(`${line.slice(5).trim()}\r\n`);
      const read = (isBin ? BINARY : CRC).decoder().push(bytes);
      expect(read.filter((one) => one.kind === 'frame' && one.state === 'good')).toEqual([]);
    }
  });
});
