import { describe, expect, it } from 'vitest';
import { leadVoice } from './lead-voice.js';
import { parseSip } from './sip-message.js';
import type { TappedMessage } from './sip-tap.js';

/** Where a voice was led by these messages, each `SENDER START-LINE[ PORT]`. */
function led(...messages: readonly (readonly ['party' | 'switch', start: string, port?: number])[]) {
  const watchers = new Set<(message: TappedMessage) => void>();
  const ports: (number | undefined)[] = [];
  const tap = {
    watch: (watch: (message: TappedMessage) => void) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
  };
  leadVoice(tap, { sendTo: (port) => ports.push(port) });
  for (const [by, start, port] of messages) {
    const method = start.startsWith('SIP/2.0') ? 'INVITE' : (start.split(' ')[0] ?? '');
    const body = port === undefined ? '' : `v=0\r\nm=audio ${port} RTP/AVP 0\r\n`;
    const sip = parseSip(`${start}\r\nCall-ID: a\r\nCSeq: 1 ${method}\r\n\r\n${body}`);
    if (sip === undefined) throw new Error(`no SIP: ${start}`);
    for (const watch of watchers) watch({ atMs: 0, by, sip });
  }
  return ports;
}

const DIALS = ['party', 'INVITE sip:8001@127.0.0.1 SIP/2.0', 4_000] as const;
const ANSWERS = ['switch', 'SIP/2.0 200 OK', 5_000] as const;

describe('leadVoice', () => {
  it('leads to where the switch says that it listens, also when that changes', () => {
    expect(led(DIALS, ANSWERS, ['switch', 'INVITE sip:a@127.0.0.1 SIP/2.0', 5_002])).toEqual([5_000, 5_002]);
  });

  it('falls silent with the call, whoever ends it, and stays so whatever is said again', () => {
    for (const by of ['party', 'switch'] as const) {
      expect(led(DIALS, ANSWERS, [by, 'BYE sip:a@127.0.0.1 SIP/2.0'], ANSWERS)).toEqual([5_000, undefined]);
    }
    expect(led(DIALS, ['switch', 'SIP/2.0 183 Session Progress', 5_000], ['party', 'CANCEL sip:a SIP/2.0'])).toEqual([
      5_000,
      undefined,
    ]);
    expect(led(DIALS, ['switch', 'SIP/2.0 486 Busy Here'], ANSWERS)).toEqual([undefined]);
  });
});
