import { beforeAll, describe, expect, test } from 'vitest';
import { byChannel, Orders, replyShape, Shapes } from './recorded/compare.js';
import { eventsOf, fieldOf, framesOf, type SeenEvent, type SeenFrame } from './recorded/frames.js';
import { recorded, recordedSite, replay, replayOutbound } from './recorded/replay.js';
import { hasTraces } from './recorded/trace.js';

/** Dialogues that teach what events look like. */
const TEACHERS = (
  '05-event-plain-all 09-originate-sip-bridge 10-blind-transfer 11-attended-transfer-uuid-bridge 13-hold-unhold 14-park 15-dtmf ' +
  '16-play-and-get-digits 17-record 18-eavesdrop-dtmf 19-eavesdrop-whisper-threeway 20-conference 23-bgapi-jobs 24-originate-fail ' +
  '26-sendmsg 33-utf8-caller-name 36-burst-50 40-sip-user-calls-user 43-makecall-park-bridge 44-sip-refer-blind ' +
  '46-myevents-dead-uuid 47-queued-apps-lost'
).split(' ');

/** Dialogues that the face is led through, each with what it does otherwise and why. */
const LESSONS: readonly { readonly name: string; readonly but?: readonly RegExp[] }[] = [
  { name: '01-auth-ok' },
  { name: '02-auth-fail' },
  { name: '03-auth-before' },
  { name: '04-userauth' },
  // uuid_dump as JSON: values of another run.
  { name: '05-event-plain-all', but: [/^reply.*CHANNEL_DATA/su] },
  { name: '09-originate-sip-bridge' },
  { name: '10-blind-transfer' },
  { name: '11-attended-transfer-uuid-bridge' },
  { name: '13-hold-unhold' },
  { name: '14-park' },
  { name: '15-dtmf' },
  { name: '16-play-and-get-digits' },
  { name: '17-record' },
  { name: '18-eavesdrop-dtmf' },
  { name: '19-eavesdrop-whisper-threeway' },
  // Members count from another number there; lists show nobody talking; hup-member is recorded once, on a channel of another origin.
  { name: '20-conference', but: [/^reply/u, /hup-member/u] },
  // The identifier of 300 characters runs into the next frame, which is another one here.
  { name: '23-bgapi-jobs', but: [/^reply.*LLLLLLLL/su] },
  // sofia/internal/USER@HOST:PORT is dialled to the port there, to the user here.
  { name: '24-originate-fail', but: [/^reply/u, /^CALL_UPDATE RECV/u] },
  // Applications and commands that the face has not: uuid_chat and its like.
  { name: '26-sendmsg', but: [/^reply.*Message sent/su] },
  { name: '33-utf8-caller-name' },
  { name: '36-burst-50' },
  { name: '43-makecall-park-bridge' },
  { name: '47-queued-apps-lost' },
];

/** Events that must come as often as recorded, in the dialogues that nobody but the client and the telephones had a part in. */
const COUNTED = (
  'CHANNEL_CREATE CHANNEL_ANSWER CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_PARK CHANNEL_UNPARK CHANNEL_HANGUP ' +
  'CHANNEL_HANGUP_COMPLETE CHANNEL_DESTROY CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE BACKGROUND_JOB'
).split(' ');
const COMPLETE = [
  '09-originate-sip-bridge',
  '10-blind-transfer',
  '11-attended-transfer-uuid-bridge',
  '13-hold-unhold',
  '17-record',
  '43-makecall-park-bridge',
];

const isReply = (frame: SeenFrame): boolean => {
  const type = fieldOf(frame, 'Content-Type') ?? '';
  return !type.startsWith('text/event') && type !== 'log/data';
};

const countOf = (events: readonly SeenEvent[], kind: string): number =>
  events.filter((event) => event.kind === kind).length;

describe.skipIf(!hasTraces())('the face beside the recorded dialogues', () => {
  const shapes = new Shapes();
  const orders = new Orders();

  beforeAll(() => {
    for (const name of TEACHERS) {
      for (const frames of recorded(name).frames.values()) {
        const events = eventsOf(frames);
        shapes.learn(events);
        for (const kinds of byChannel(events).values()) orders.learn(kinds);
      }
    }
    expect(shapes.kinds).toBeGreaterThan(60);
  }, 180_000);

  test.each(LESSONS)(
    '$name: the same replies, the same names in each event, orders that are recorded',
    async ({ name, but = [] }) => {
      const face = recordedSite('plain', 1);
      const theirs = recorded(name);
      const ours = await replay(face, name);
      await face.close();
      const wrong = new Set<string>();
      for (const [conn, frames] of ours.frames) {
        const want = (theirs.frames.get(conn) ?? []).filter(isReply).map(replyShape);
        const got = frames.filter(isReply).map(replyShape);
        for (let n = 0; n < Math.max(want.length, got.length); n++) {
          if (want[n] !== got[n]) wrong.add(`reply ${conn}.${n}: ${want[n]} <> ${got[n]}`);
        }
        const events = eventsOf(frames);
        for (const event of events) for (const text of shapes.judge(event)) wrong.add(text);
        for (const kinds of byChannel(events).values()) for (const text of orders.judge(kinds)) wrong.add(text);
        if (!COMPLETE.includes(name)) continue;
        const before = eventsOf(theirs.frames.get(conn) ?? []);
        for (const kind of COUNTED) {
          const [a, b] = [countOf(before, kind), countOf(events, kind)];
          if (a !== b) wrong.add(`${kind}: ${a} recorded, ${b} here`);
        }
      }
      expect([...wrong].filter((text) => !but.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    300_000,
  );

  test.each([
    ['27-outbound-async-full', 'async full'],
    ['30-outbound-async-nofull', 'async'],
  ])('%s: the same replies on each outbound connection', async (name, flags) => {
    const theirs = recorded(name);
    const ours = await replayOutbound(name, flags);
    expect(ours.frames.size).toBeGreaterThan(0);
    for (const [conn, frames] of ours.frames) {
      const shapesOf = (all: readonly SeenFrame[]): string[] => all.filter(isReply).map(replyShape);
      expect(shapesOf(frames), `connection ${conn}`).toEqual(shapesOf(theirs.frames.get(conn) ?? []));
    }
  });

  test.each([2, 3, 5, 8, 13])('drawn orders of seed %i are all recorded ones', async (seed) => {
    const face = recordedSite('drawn', seed);
    const wrong = new Set<string>();
    for (const frames of (await replay(face, '43-makecall-park-bridge')).frames.values()) {
      const events = eventsOf(frames);
      for (const event of events) for (const text of shapes.judge(event)) wrong.add(text);
      for (const kinds of byChannel(events).values()) for (const text of orders.judge(kinds)) wrong.add(text);
    }
    await face.close();
    expect([...wrong]).toEqual([]);
  });

  describe('planted defects are found', () => {
    const sample = (): readonly SeenEvent[] => eventsOf(recorded('09-originate-sip-bridge').frames.get('1') ?? []);
    const answer = (): SeenEvent => {
      const found = sample().find(({ kind }) => kind === 'CHANNEL_ANSWER');
      if (found === undefined) throw new Error('no CHANNEL_ANSWER in the recording');
      return found;
    };

    test('what is recorded is right', () => {
      for (const event of sample()) expect(shapes.judge(event)).toEqual([]);
      for (const kinds of byChannel(sample()).values()) expect(orders.judge(kinds)).toEqual([]);
    });

    test('a header that is missing, one too many, a variable that is missing', () => {
      const event = answer();
      const without = (name: string): SeenEvent => ({ ...event, names: event.names.filter((one) => one !== name) });
      expect(shapes.judge(without('Channel-Call-UUID'))).toEqual(['CHANNEL_ANSWER: Channel-Call-UUID is missing']);
      expect(shapes.judge({ ...event, names: [...event.names, 'X-Own'] })).toEqual([
        'CHANNEL_ANSWER: X-Own is in no recording',
      ]);
      const variables = event.variables.filter((one) => one !== 'variable_uuid');
      expect(shapes.judge({ ...event, variables })).toEqual(['CHANNEL_ANSWER: variable_uuid is missing']);
    });

    test('two headers that have changed places', () => {
      const event = answer();
      const names = [...event.names];
      const at = names.indexOf('Unique-ID');
      [names[at], names[at + 1]] = [names[at + 1] ?? '', names[at] ?? ''];
      expect(shapes.judge({ ...event, names })).toHaveLength(1);
    });

    test('two events that have changed places', () => {
      const [kinds] = [...byChannel(sample()).values()];
      const swapped = [...(kinds ?? [])];
      const [a, b] = [swapped.indexOf('CHANNEL_ANSWER'), swapped.indexOf('CHANNEL_HANGUP')];
      [swapped[a], swapped[b]] = [swapped[b] ?? '', swapped[a] ?? ''];
      expect(orders.judge(swapped).length).toBeGreaterThan(0);
    });

    test('a reply of another shape', () => {
      const shape = (text: string): string =>
        replyShape(framesOf(Buffer.from(text))[0] ?? { headers: [], body: Buffer.alloc(0) });
      const right = shape('Content-Type: api/response\nContent-Length: 4\n\n+OK\n');
      expect(shape('Content-Type: command/reply\nReply-Text: +OK\n\n')).not.toBe(right);
      expect(shape('Content-Length: 4\nContent-Type: api/response\n\n+OK\n')).not.toBe(right);
      expect(shape('Content-Type: api/response\nContent-Length: 3\n\n+OK')).not.toBe(right);
    });
  });
});
