import { feedEveryWay } from '@cordboard/driver-kit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFias,
  FIAS_CHARSETS,
  FIAS_RECORDS,
  FiasDecoder,
  type FiasFrame,
  type FiasFraming,
  type FiasRecord,
  fiasCoder,
  fiasRecord,
  fiasText,
  fiasValue,
  lrcOf,
  readFias,
  verdictOf,
} from './index.js';

const coder = fiasCoder('windows-1252');
const AT = { DA: '261122', TI: '110500' };
const RECORDS: readonly FiasRecord[] = [
  fiasRecord('LS', AT),
  fiasRecord('GI', { RN: '101', 'G#': '123', GN: 'José Müller', ...AT }),
  fiasRecord('PS', { RN: '101', PT: 'C', TA: '250', DD: '013912345678', DU: '000312', 'P#': '17', ...AT }),
  fiasRecord('PA', { AS: 'OK', RN: '101', 'P#': '17', ...AT }),
];
const bytesOf = (records: readonly FiasRecord[], framing: FiasFraming): Uint8Array =>
  Uint8Array.from(Buffer.concat(records.map((record) => encodeFias(record, { framing, coder }))));
const plain = (frame: FiasFrame): unknown =>
  frame.kind === 'record' ? fiasText(frame.record) : frame.kind === 'control' ? frame.control : frame.kind;
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('FIAS on the wire', () => {
  it.each(['serial', 'stream'] as const)('survives every way of feeding it, %s', (framing) => {
    const good = { name: 'four records', bytes: bytesOf(RECORDS, framing), frames: RECORDS.map(fiasText) };
    const ofBytes = (size: number): Uint8Array => {
      const around = framing === 'serial' ? 3 : 2;
      const body = bytes(`XT|MT${'x'.repeat(size - around - 6)}|\x03`);
      return Uint8Array.from(
        Buffer.concat(
          [bytes('\x02'), body, ...(framing === 'serial' ? [[lrcOf(body)]] : [])].map((part) => Uint8Array.from(part)),
        ),
      );
    };
    expect(
      feedEveryWay({
        create: () => new FiasDecoder({ framing, coder }),
        plain,
        good,
        garbage: [
          { name: 'a line of text', bytes: bytes('LOGIN: \r\n') },
          { name: 'a record that never ended', bytes: bytes('\x02GI|RN1') },
          { name: 'a record with a wrong check', bytes: bytes('\x02GI|RN1|\x03\x00') },
          { name: 'no record', bytes: framing === 'serial' ? bytes('\x02?\x03\x3c') : bytes('\x02?\x03') },
        ],
        empty: {
          name: 'an empty frame',
          bytes: framing === 'serial' ? bytes('\x02\x03\x03') : bytes('\x02\x03'),
          frames: ['malformed'],
        },
        multibyte: {
          name: 'a guest with an accent',
          bytes: bytesOf(RECORDS.slice(1, 2), framing),
          frames: [fiasText(RECORDS[1] as FiasRecord)],
        },
        maxFrameBytes: 4_096 + (framing === 'serial' ? 3 : 2),
        maxPendingBytes: 4_096,
        frameOfBytes: ofBytes,
        overCap: 'skips',
        endless: bytes('\x02GI|RN101|GNxxxxxxxxxxxxxxxx'),
      }),
    ).toEqual([]);
  });

  it('has the frame of the facts', () => {
    const record = readFias('GI|RN101|G#123|GNJohn Doe|DA241109|TI185700|');
    if (record === undefined) throw new Error('unreadable');
    const frame = encodeFias(record, { framing: 'serial', coder });
    const body = bytes('GI|RN101|G#123|GNJohn Doe|DA241109|TI185700|\x03');
    expect(Buffer.from(frame).toString('latin1')).toBe(
      `\x02${Buffer.from(body).toString('latin1')}${String.fromCharCode(body.reduce((check, byte) => check ^ byte, 0))}`,
    );
    expect(fiasValue(record, 'GN')).toBe('John Doe');
  });

  it('keeps what it does not know', () => {
    const record = readFias('GI|RN101|QZwhat|A0one|RN102|');
    expect(record?.fields).toEqual([
      ['RN', '101'],
      ['QZ', 'what'],
      ['A0', 'one'],
      ['RN', '102'],
    ]);
    expect(record && fiasValue(record, 'RN')).toBe('101');
  });

  it('gives no value that the kind of its field cannot have', () => {
    const record = readFias('PS|RN1|DA261332|TI246000|P#1x|TA1.50|') ?? { id: '', fields: [] };
    expect((['DA', 'TI', 'P#', 'TA', 'DU'] as const).map((id) => fiasValue(record, id))).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('refuses to send what cannot be read', () => {
    expect(() => fiasRecord('RE', { RN: '1|2' })).toThrow('wire.unsafeValue');
    expect(() => fiasRecord('RE', { RN: 'a\x03b' })).toThrow('wire.unsafeValue');
    expect(() => fiasRecord('RE', { RN: '1', TA: '5' })).toThrow('wire.unsafeValue');
    expect(() => fiasRecord('WA', { RN: '1', AS: 'OK', DA: '260230' })).toThrow('wire.unsafeValue');
  });

  it('finds every single flipped bit on a serial line', () => {
    const frame = bytesOf(RECORDS.slice(2, 3), 'serial');
    for (let at = 0; at < frame.length * 8; at++) {
      const flipped = frame.slice();
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
      const got: unknown[] = [];
      const decoder = new FiasDecoder({ framing: 'serial', coder });
      decoder.push(Buffer.concat([flipped, bytesOf(RECORDS.slice(3), 'serial')]), (each) => got.push(plain(each)));
      expect(got.filter((each) => String(each).startsWith('PS'))).toEqual([]);
      // Of STX one bit makes ACK: the channel looks whether noise follows.
      expect(got.filter((each) => each === 'nak' || each === 'enq' || (each === 'ack' && at !== 2))).toEqual([]);
      expect(got.at(-1)).toBe(fiasText(RECORDS[3] as FiasRecord));
    }
  });

  it('reads a million random bytes without a throw and within its cap', () => {
    let state = 7;
    const noise = Uint8Array.from({ length: 1_000_000 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
    for (const framing of ['serial', 'stream'] as const) {
      const decoder = new FiasDecoder({ framing, coder });
      for (let at = 0; at < noise.length; at += 1_000) {
        decoder.push(noise.subarray(at, at + 1_000), () => undefined);
        expect(decoder.pendingBytes).toBeLessThanOrEqual(4_096);
      }
    }
  });

  it.each(FIAS_CHARSETS)('brings text of %s there and back', (charset) => {
    const own = fiasCoder(charset);
    const text = {
      ascii: 'Doe',
      gb18030: '张伟乱|亅',
      cp850: 'Ørsted Ñandú',
      latin1: 'Müller',
      'windows-1252': 'Œuvre €',
      'utf-8': '张 Œ',
    }[charset];
    expect(own.decode(own.encode(text))).toBe(text);
    expect(own.decode(own.encode('😀'))).toBe(charset === 'utf-8' ? '😀' : '?');
  });

  it('does not take the second half of a Chinese character for the end of a field', () => {
    const gb = fiasCoder('gb18030');
    // 84 7C in GB 18030.
    const name = gb.decode(Uint8Array.of(0x84, 0x7c));
    const frame = encodeFias(fiasRecord('GI', { RN: '8', GN: name }), { framing: 'serial', coder: gb });
    expect(frame.filter((byte) => byte === 0x7c)).toHaveLength(4);
    const got: FiasFrame[] = [];
    new FiasDecoder({ framing: 'serial', coder: gb }).push(frame, (each) => got.push(each));
    expect(got[0]?.kind === 'record' && fiasValue(got[0].record, 'GN')).toBe(name);
  });

  it('reads back every record that it can write', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((each) => each.replaceAll('|', '_'));
    fc.assert(
      fc.property(fc.constantFrom(...(['GI', 'GC', 'RE'] as const)), text, (id, room) => {
        const record = {
          id,
          fields: [
            ['RN', room],
            ['QZ', room],
          ] as const,
        };
        expect(readFias(fiasText(record))).toEqual(record);
      }),
    );
    for (const id of Object.keys(FIAS_RECORDS)) expect(id).toMatch(/^[A-Z]{2}$/u);
  });

  it('posts again only where the status asks for it', () => {
    expect(['OK', 'RY', 'NA', 'UR', '??', 'toString'].map(verdictOf)).toEqual([
      'posted',
      'again',
      'again',
      'refused',
      'refused',
      'refused',
    ]);
  });
});
