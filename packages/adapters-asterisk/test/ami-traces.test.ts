import { fileURLToPath } from 'node:url';
import { readTraces, streamsOf } from '@cordboard/driver-kit/testing';
import { describe, expect, it } from 'vitest';
import { AmiDecoder } from '../src/wire/ami-decoder.js';
import { AmiMessage } from '../src/wire/ami-message.js';

const TRACES = fileURLToPath(new URL('../../../../shared/traces/asterisk', import.meta.url));
const BYTEWISE_BYTES = 40_000;
const traces = [...readTraces(TRACES)].flatMap((trace) =>
  streamsOf(trace, { link: 'ami', kind: 'in' }).map((stream) => ({ ...stream, name: trace.name })),
);

/**
 * A reader that shares nothing with the decoder under test: the whole socket at once, split at CRLF, message by blank line.
 * A bare LF at the end of a value is Asterisk's, not the value's.
 */
function oracle(bytes: Buffer): string[][][] {
  const lines = bytes.toString('utf8').split('\r\n');
  lines.shift();
  const messages: string[][][] = [];
  let current: string[][] = [];
  for (const line of lines.slice(0, -1)) {
    if (line === '') {
      if (current.length > 0) messages.push(current);
      current = [];
      continue;
    }
    const [key = '', ...rest] = line.split(':');
    current.push([key, rest.join(':').replace(/^ /, '').replace(/\n$/, '')]);
  }
  return messages;
}

if (traces.length === 0) console.info('skipped: recorded manager dialogues are not on this machine');

describe.skipIf(traces.length === 0)('recorded manager dialogues', () => {
  it.each(traces.map((each) => [`${each.name} #${each.conn}`, each] as const))('%s', (_, { chunks }) => {
    for (const cut of ['as read', 'bytewise', 'whole'] as const) {
      // One byte a read is slow by its nature; the first part of a long dialogue shows all that it can show.
      const decoder = new AmiDecoder();
      const got: AmiMessage[] = [];
      let banners = 0;
      const all = Buffer.concat(chunks);
      const whole = cut === 'bytewise' ? all.subarray(0, BYTEWISE_BYTES) : all;
      const fed =
        cut === 'as read' ? chunks : cut === 'whole' ? [whole] : [...whole].map((byte) => Uint8Array.of(byte));
      for (const chunk of fed) {
        decoder.push(chunk, (frame) => {
          if (frame instanceof AmiMessage) got.push(frame);
          else banners += 1;
        });
      }
      const want = oracle(whole);
      expect(banners).toBe(whole.length === 0 ? 0 : 1);
      expect(got.map((message) => message.headers())).toEqual(want);
      if (cut !== 'as read') continue;
      const wrong: string[] = [];
      for (const [at, headers] of want.entries()) {
        const message = got[at];
        if (message?.type !== (headers[0]?.[0] === 'Event' ? 'event' : 'response')) wrong.push(`${at} type`);
        for (const [key = ''] of headers) {
          const values = headers.filter((each) => each[0]?.toLowerCase() === key.toLowerCase()).map((each) => each[1]);
          if (message?.get(key) !== values[0] || message?.get(key.toUpperCase()) !== values[0])
            wrong.push(`${at} ${key}`);
          if (message?.all(key).join('\0') !== values.join('\0')) wrong.push(`${at} all ${key}`);
        }
      }
      expect(wrong).toEqual([]);
    }
  });
});
