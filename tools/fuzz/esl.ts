import { fileURLToPath } from 'node:url';
import { EslDecoder, type EslEvent, type EslFrame } from '@cordboard/adapters-freeswitch/esl';
import { isCtiError } from '@cordboard/cti-core';
import { readTraces, streamsOf } from '@cordboard/driver-kit/testing';
import { fuzzMap } from '../../packages/adapters-freeswitch/test/map-fuzz.js';
import { TRACES as DIALOGUES, eventsOf, Maps } from '../../packages/adapters-freeswitch/test/recorded.js';
import type { Fed, FuzzSubject } from './subject.js';

const CAPS = { maxHeaderBytes: 16 << 10, maxBodyBytes: 64 << 10 };
/** Recorded frames beside the written ones, the shortest of each kind. */
const MAX_RECORDED = 60;
/** Headers that are asked for by name, besides all being read. */
const MAX_ASKED = 12;
/** An event speaks of its own channel, of another leg, and of the two of a bridge. */
const MAX_NEW_PER_EVENT = 4;
/** One input in so many is followed by as many events of a recorded dialogue, damaged as events: no damaged frame tells the story of a call. */
const STORY_EVERY = 25;
const STORY_EVENTS = 100;
const TRACES = fileURLToPath(new URL('../../../shared/traces/freeswitch', import.meta.url));

const event = (type: string, body: string): string =>
  `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${type}\n\n${body}`;
const written: readonly string[] = [
  'Content-Type: auth/request\n\n',
  'Content-Type: command/reply\nReply-Text: +OK accepted\n\n',
  'Content-Type: command/reply\nReply-Text: +OK Job-UUID: 7f4\nJob-UUID: 7f4\n\n',
  'Content-Type: api/response\nContent-Length: 12\n\n-ERR no: x\n\n',
  'Content-Type: log/data\nContent-Length: 5\nLog-Level: 7\nUser-Data: \n\nhello',
  'Content-Type: text/disconnect-notice\nContent-Disposition: linger\nLinger-Time: 2\nContent-Length: 0\n\n',
  event(
    'plain',
    'Event-Name: CHANNEL_ANSWER\nUnique-ID: 5b0f\nCaller-Caller-ID-Name: %E5%BC%A0%E4%B8%89\nvariable_x: a%3A%20b\n\n',
  ),
  event(
    'plain',
    'Event-Subclass: a%3A%3Ab\nContent-Length: 3\nEvent-Name: CUSTOM\nL: ARRAY%3A%3Aa%7C%3Ab\nContent-Length: 5\n\na\n\nb\n',
  ),
  event(
    'plain',
    'Event-Name: CHANNEL_HANGUP_COMPLETE\nUnique-ID: 5b0f\nHangup-Cause: NORMAL_CLEARING\nName: Ren%E9\n\n',
  ),
  ...['CHANNEL_CREATE', 'CHANNEL_PARK', 'CHANNEL_ANSWER', 'CHANNEL_BRIDGE', 'CHANNEL_HOLD', 'CHANNEL_DESTROY'].map(
    (name) =>
      event(
        'plain',
        `Event-Name: ${name}\nUnique-ID: 5b0f\nCall-Direction: inbound\nAnswer-State: answered\nvariable_cordboard: phone\nvariable_user_name: 8001\nChannel-Name: sofia/internal/8001%40x\nBridge-A-Unique-ID: 5b0f\nBridge-B-Unique-ID: 7c2e\nHangup-Cause: USER_BUSY\n\n`,
      ),
  ),
  event(
    'plain',
    'Event-Name: CUSTOM\nEvent-Subclass: conference%3A%3Amaintenance\nAction: add-member\nConference-Name: cb-1\nUnique-ID: 5b0f\n\n',
  ),
  event(
    'json',
    '{"Event-Name":"CHANNEL_BRIDGE","Unique-ID":"5b0f","Hangup-Cause":"A","Hangup-Cause":"B","L":["a","b"]}',
  ),
  event('json', '{"Event-Name":"BACKGROUND_JOB","Job-UUID":"7f4","Text":"a\\"b\\\\\\u5f20\\n","_body":"+OK\\n"}'),
  event(
    'xml',
    '<event>\n  <headers>\n    <Event-Name>CUSTOM</Event-Name>\n    <A>x%20&amp;&#x5F20;</A>\n  </headers>\n  <Content-Length>2</Content-Length>\n  <body>x\n  </body>\n</event>\n',
  ),
];
const dictionary = [
  '\n',
  '\n\n',
  ': ',
  'Content-Length: ',
  'Content-Length: 9\n',
  'Event-Name: ',
  '%',
  '%zz',
  '%FF',
  'ARRAY::',
  '|:',
  '"',
  '\\',
  '\\"',
  '\\u',
  '{',
  '[',
  ']',
  '}',
  ',"',
  '<',
  '</',
  '&#x',
  '&amp;',
  '\0',
  '\r',
  '-1',
  '99999999999',
  '0',
].map((text) => Buffer.from(text));

/** Everything that can be asked of a frame. */
function readAll(frame: EslFrame): void {
  if (frame.type !== 'event') {
    void [frame.headers(), frame.get('Content-Type'), 'text' in frame && frame.text, 'value' in frame && frame.value];
    return;
  }
  for (const [name] of frame.headers().slice(0, MAX_ASKED)) void [frame.get(name), frame.value(name)];
  void [frame.name, frame.subclass, frame.all('L'), frame.body, frame.bodyValue, frame.sample, frame.get('Unique-ID')];
}

/** The codec with the driver's maps behind it: every event that is read is told to maps that have heard nothing before. */
export function eslSubject(): FuzzSubject {
  // The burst of 100 legs is long and of one kind.
  const dialogues = [...DIALOGUES]
    .filter(({ name }) => name !== '36-burst-50')
    .flatMap(eventsOf)
    .map(({ events }) => events)
    .filter((events) => events.length > 0);
  let inputs = 0;
  const decoders = { whole: new EslDecoder(CAPS), cut: new EslDecoder(CAPS) };
  const sentinel = Buffer.from(event('plain', 'Event-Name: HEARTBEAT\nUnique-ID: still here\n\n'));
  const max = CAPS.maxHeaderBytes + CAPS.maxBodyBytes;
  const run = (decoder: EslDecoder, chunks: readonly Uint8Array[], sink: (frame: EslFrame) => void): string => {
    decoder.reset();
    try {
      for (const chunk of chunks) decoder.push(chunk, sink);
      return decoder.pendingBytes > max ? `holds ${decoder.pendingBytes} bytes` : '';
    } catch (error) {
      if (!isCtiError(error)) throw error;
      return error.code;
    }
  };
  return {
    about: 'the frames of FreeSWITCH, damaged',
    corpus: [...written.map((text) => Buffer.from(text)), ...recorded()],
    dictionary,
    leastMapped: 0.3,
    covers: new URL('../../packages/adapters-freeswitch/src/map/', import.meta.url),
    feed(input, random): Fed {
      let mapped = false;
      let events = 0;
      inputs += 1;
      if (dialogues.length > 0 && inputs % STORY_EVERY === 0) {
        fuzzMap(dialogues, { count: STORY_EVENTS, seed: Math.floor(random() * 2 ** 32) });
      }
      const maps = new Maps();
      const whole: EslFrame[] = [];
      const end = run(decoders.whole, [input], (frame) => {
        whole.push(frame);
        readAll(frame);
        if (frame.type !== 'event') return;
        events += 1;
        mapped ||= frame.name !== '';
        maps.take(frame);
      });
      const cut: EslFrame[] = [];
      const endOfCut = run(decoders.cut, inPieces(input, random), (frame) => cut.push(frame));
      const result = { mapped, frames: whole.length };
      const held = [...maps.model.legs].length + maps.observe.size;
      if (held > MAX_NEW_PER_EVENT * events)
        return { ...result, fault: `the maps hold ${held} channels after ${events} events` };
      if (end.startsWith('holds') || endOfCut.startsWith('holds')) return { ...result, fault: end || endOfCut };
      if (end !== endOfCut) return { ...result, fault: `ends with "${end}" whole and "${endOfCut}" cut` };
      if (whole.length !== cut.length) return { ...result, fault: `${whole.length} frames whole, ${cut.length} cut` };
      const differs = whole.findIndex(
        (frame, at) => JSON.stringify(frame.headers()) !== JSON.stringify(cut[at]?.headers()),
      );
      if (differs >= 0) return { ...result, fault: `frame ${differs} differs when it is cut` };
      let after: EslEvent | undefined;
      run(decoders.cut, [sentinel], (frame) => {
        if (frame.type === 'event') after = frame;
      });
      return after?.get('Unique-ID') === 'still here'
        ? result
        : { ...result, fault: 'a good frame after a reset did not come' };
    },
  };
}

function inPieces(input: Uint8Array, random: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < input.length; ) {
    const to = from + 1 + Math.floor(random() * (random() < 0.5 ? 8 : 400));
    pieces.push(input.subarray(from, to));
    from = to;
  }
  return pieces;
}

/** Short frames of the recorded dialogues, where they are on this machine. */
function recorded(): Buffer[] {
  const byKind = new Map<string, Buffer>();
  for (const trace of readTraces(TRACES)) {
    for (const { chunks } of streamsOf(trace, { link: 'esl', kind: 'in' })) {
      const all = Buffer.concat(chunks);
      for (let from = 0, end = all.indexOf('\n\n'); end >= 0; end = all.indexOf('\n\n', from)) {
        const head = all.toString('latin1', from, end);
        const next = end + 2 + Number(/^Content-Length: (\d+)$/m.exec(head)?.[1] ?? 0);
        if (next > all.length || next <= from) break;
        const frame = Buffer.from(all.subarray(from, next));
        const kind = `${/Content-Type: \S+/.exec(head)?.[0]} ${/Event-Name\W+(\w+)/.exec(frame.toString('latin1'))?.[1]}`;
        const known = byKind.get(kind);
        if (known === undefined || known.length > frame.length) byKind.set(kind, frame);
        from = next;
      }
    }
  }
  return [...byKind.values()].sort((a, b) => a.length - b.length).slice(0, MAX_RECORDED);
}
