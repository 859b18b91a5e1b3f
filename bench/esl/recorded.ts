import { fileURLToPath } from 'node:url';
import { readTraces, streamsOf } from '@cordboard/driver-kit/testing';
import { readAll } from '../../packages/adapters-freeswitch/test/oracle.js';

/** One event: its bytes on the wire. */
export interface RecordedEvent {
  readonly frame: Buffer;
}

const FOLDER = fileURLToPath(new URL('../../../shared/traces/freeswitch', import.meta.url));

const event = (format: string, body: string): RecordedEvent => {
  const bytes = Buffer.from(body, 'latin1');
  const head = `Content-Length: ${bytes.length}\nContent-Type: text/event-${format}\n\n`;
  return { frame: Buffer.concat([Buffer.from(head), bytes]) };
};

/** What a switch sends now and then, for machines without recorded dialogues too; the names that are no UTF-8 last, since they end a client. */
const ODD: Readonly<Record<'plain' | 'json', readonly RecordedEvent[]>> = {
  plain: [
    'Event-Name: CUSTOM\nEvent-Subclass: lab%3A%3Aodd\nX-Dup: 1\nX-Dup: 2\n\n',
    'Event-Name: CHANNEL_CREATE\nUnique-ID: 1\nvariable_list: ARRAY%3A%3Aa%7C%3Ab\nvariable_sdp: v%3D0%0D%0Ao%3D-\n\n',
    'Event-Name: CUSTOM\nEvent-Subclass: lab%3A%3Abody\nContent-Length: 9\nColon: a%3A%20b%3A%20c\nContent-Length: 9\n\none\n\ntwo\n',
    'Event-Name: CHANNEL_CREATE\nUnique-ID: 2\nCaller-Caller-ID-Name: %E5%BC%A0%E4%B8%89\n\n',
    'Event-Name: CHANNEL_CREATE\nUnique-ID: 3\nCaller-Caller-ID-Name: %D5%C5%C8%FD\n\n',
    'Event-Name: CHANNEL_CREATE\nUnique-ID: 4\nCaller-Caller-ID-Name: Ren%E9\n\n',
  ].map((body) => event('plain', body)),
  json: [
    '{"Event-Name":"CHANNEL_HANGUP","Unique-ID":"1","Hangup-Cause":"A","Hangup-Cause":"B"}',
    '{"Event-Name":"CUSTOM","Event-Subclass":"lab::body","L":["a","b"],"Content-Length":"8","_body":"one\\n\\ntwo"}',
    '{"Event-Name":"CHANNEL_CREATE","Unique-ID":"3","Caller-Caller-ID-Name":"\xd5\xc5\xc8\xfd"}',
  ].map((body) => event('json', body)),
};

/** Every event of one form in the recorded dialogues, where they are on this machine, and a few odd ones behind them. */
export function recordedEvents(format: 'plain' | 'json'): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (const trace of readTraces(FOLDER)) {
    for (const { chunks } of streamsOf(trace, { link: 'esl', kind: 'in' })) {
      const all = Buffer.concat(chunks);
      for (const { kind, from, to } of readAll(all)) {
        if (kind === `text/event-${format}`) events.push({ frame: Buffer.from(all.subarray(from, to)) });
      }
    }
  }
  return [...events, ...ODD[format]];
}
