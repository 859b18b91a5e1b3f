import { describe, expect, it } from 'vitest';
import { EslDecoder } from '../src/wire/esl-decoder.js';
import type { EslEvent } from '../src/wire/esl-event.js';
import { Maps, planned } from './recorded.js';

/** An event as the wire has it: values percent-encoded. */
function onWire(name: string, headers: Readonly<Record<string, string>>): EslEvent {
  const lines = Object.entries({ 'Event-Name': name, ...headers }).map(([key, value]) => `${key}: ${value}\n`);
  const body = `${lines.join('')}\n`;
  const frame = `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-plain\n\n${body}`;
  const events: EslEvent[] = [];
  new EslDecoder({ charset: 'gb18030' }).push(Buffer.from(frame), (each) => {
    if (each.type === 'event') events.push(each);
  });
  const [event] = events;
  if (event === undefined) throw new Error('no event');
  return event;
}

const percent = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');

const parked = (name: string): EslEvent =>
  onWire('CHANNEL_PARK', {
    'Unique-ID': 'u1',
    'Answer-State': 'ringing',
    'Caller-Caller-ID-Number': '13800138000',
    'Caller-Caller-ID-Name': name,
    'Caller-Destination-Number': '4008001000',
    variable_cordboard: 'trunk%3Acarrier',
  });

describe('names of callers', () => {
  it.each([
    ['UTF-8', percent(Buffer.from('张三')), '张三'],
    ['GBK', '%D5%C5%C8%FD', '张三'],
    ['with what looks like a header', percent(Buffer.from('A: b\r\nEvent-Name: X')), 'A: bEvent-Name: X'],
    ['as long as a book', percent(Buffer.from('x'.repeat(5_000))), 'x'.repeat(128)],
  ])('%s', (_what, wire, name) => {
    const maps = new Maps();
    maps.take(parked(wire));
    expect(maps.told[0]).toMatchObject({
      type: 'created',
      device: 'main:trunk:carrier',
      calling: { number: '13800138000', name },
    });
  });

  it('that are withheld or the number itself are none', () => {
    for (const [number, name, expected] of [
      ['anonymous', 'Anonymous', { number: '', presentation: 'withheld' }],
      ['13800138000', '13800138000', { number: '13800138000', presentation: 'allowed' }],
      ['0000000000', '', { number: '', presentation: 'unavailable' }],
    ] as const) {
      const maps = new Maps();
      maps.take(
        onWire('CHANNEL_PARK', {
          'Unique-ID': 'u',
          'Caller-Caller-ID-Number': number,
          'Caller-Caller-ID-Name': name,
          variable_cordboard: 'phone',
        }),
      );
      expect(maps.told[0]).toMatchObject({ calling: expected });
    }
  });
});

/** As a FreeSWITCH 1.11.2 tells it: `switch_r_sdp` is what the phone has sent last. */
describe('the hold of a phone', () => {
  const sdp = (direction: string): string =>
    encodeURIComponent(
      `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\na=${direction}\r\nm=video 0 RTP/AVP 96\r\na=inactive\r\n`,
    );
  const say = (name: string, direction: string): EslEvent =>
    onWire(name, { 'Unique-ID': 'leg', variable_switch_r_sdp: sdp(direction) });
  const reinvite = (): EslEvent => onWire('CUSTOM', { 'Event-Subclass': 'sofia%3A%3Areinvite', 'Unique-ID': 'leg' });

  function talking(): Maps {
    const maps = new Maps();
    const leg = planned({ id: 'leg', user: '8001' });
    leg.state = 'connected';
    leg.told = 'yes';
    leg.place = { kind: 'pair', withId: 'caller' };
    maps.model.add(leg);
    return maps;
  }

  it('lasts when the switch takes it off its books because the bridge has ended, and is asked for at the next word of the phone', () => {
    const maps = talking();
    maps.take(say('CHANNEL_HOLD', 'sendonly'));
    maps.take(reinvite());
    maps.take(say('CHANNEL_UNHOLD', 'sendonly'));
    expect(maps.told.map(({ type }) => type)).toEqual(['heldByDevice']);
    maps.take(reinvite());
    expect(maps.others).toEqual(['doubtHold', 'doubtHold']);
    const leg = maps.model.leg('leg');
    if (leg === undefined) throw new Error('no leg');
    expect(maps.model.retrieved(leg)).toMatchObject([{ kind: 'tell', event: { type: 'retrievedByDevice' } }]);
    expect(maps.model.retrieved(leg)).toEqual([]);
  });

  it('ends when the phone takes the call back, whatever it says of video', () => {
    const maps = talking();
    maps.take(say('CHANNEL_HOLD', 'inactive'));
    maps.take(say('CHANNEL_UNHOLD', 'sendrecv'));
    maps.take(reinvite());
    expect(maps.told.map(({ type }) => type)).toEqual(['heldByDevice', 'retrievedByDevice']);
    expect(maps.others).toEqual([]);
  });
});

/** REFER with Replaces, in the frames and the order of a FreeSWITCH 1.11.2 with baresip: `first` is the call on hold, `second` the consultation. */
describe('an attended transfer at the phone', () => {
  /** FreeSWITCH has joined the far ends itself and keeps the consultation for two seconds in a park that is no answer of ours. */
  const kept = (): EslEvent =>
    onWire('CHANNEL_PARK', {
      'Unique-ID': 'second',
      'Answer-State': 'answered',
      variable_transfer_disposition: 'replaced',
      variable_endpoint_disposition: 'ATTENDED_TRANSFER',
    });
  const end = (id: string, headers: Readonly<Record<string, string>> = {}): EslEvent =>
    onWire('CHANNEL_HANGUP_COMPLETE', { 'Unique-ID': id, 'Hangup-Cause': 'NORMAL_CLEARING', ...headers });
  const endOfFirst = (): EslEvent =>
    end('first', {
      variable_endpoint_disposition: 'ANSWER',
      variable_refer_uuid: 'second',
      variable_transfer_to: 'att%3Agoal',
    });
  /** A phone that is slow to hang up: its partner is gone, and `park_after_bridge` keeps the channel. */
  const left = (): EslEvent =>
    onWire('CHANNEL_PARK', {
      'Unique-ID': 'first',
      'Answer-State': 'answered',
      variable_endpoint_disposition: 'ANSWER',
      variable_refer_uuid: 'second',
      variable_transfer_to: 'att%3Agoal',
    });
  const endOfSecond = (): EslEvent =>
    end('second', {
      'Hangup-Cause': 'ATTENDED_TRANSFER',
      variable_transfer_disposition: 'replaced',
      variable_endpoint_disposition: 'ATTENDED_TRANSFER',
    });
  const retrieved = (): EslEvent => onWire('CHANNEL_UNHOLD', { 'Unique-ID': 'first' });

  function talking(): Maps {
    const maps = new Maps();
    for (const [id, withId] of [
      ['first', 'caller'],
      ['second', 'goal'],
    ] as const) {
      for (const [one, other, user] of [
        [id, withId, '8001'],
        [withId, id, withId === 'goal' ? '8002' : '8009'],
      ] as const) {
        const leg = planned({ id: one, user });
        leg.state = 'connected';
        leg.told = 'yes';
        leg.place = { kind: 'pair', withId: other };
        leg.bridgeId = `bridge-${id}` as NonNullable<typeof leg.bridgeId>;
        leg.hold = one === 'first' ? 'byDevice' : 'none';
        maps.model.add(leg);
      }
    }
    return maps;
  }

  it.each([
    ['the consultation is parked first', [kept, retrieved, endOfFirst, endOfSecond]],
    ['the phone hangs up first', [retrieved, endOfFirst, kept, endOfSecond]],
    ['the phone is slow to hang up', [kept, left, endOfFirst, endOfSecond]],
    ['the phone is slow to hang up, and nobody hears of the consultation', [left, endOfFirst, endOfSecond]],
    ['nobody hears that it was parked', [endOfFirst, endOfSecond]],
    ['only the end of the consultation is heard', [endOfSecond, endOfFirst]],
  ])('%s: told once, of the call that was on hold, and nobody has left', (_what, order) => {
    const maps = talking();
    for (const event of order) maps.take(event());
    expect(maps.told.filter(({ type }) => type !== 'retrievedByDevice')).toMatchObject([
      { type: 'transferRequested', kind: 'attended', connectionId: 'main~first', consultId: 'main~second' },
    ]);
    expect(maps.others).toEqual(['ghost', 'ghost']);
  });

  it('has the switch join the far ends: nobody else does until it has', () => {
    const maps = talking();
    maps.take(kept());
    expect([maps.model.leg('caller')?.meeting, maps.model.leg('goal')?.meeting]).toEqual(['goal', 'caller']);
    maps.take(
      onWire('CHANNEL_BRIDGE', {
        'Unique-ID': 'caller',
        'Bridge-A-Unique-ID': 'caller',
        'Bridge-B-Unique-ID': 'goal',
      }),
    );
    expect([maps.model.leg('caller')?.meeting, maps.model.leg('goal')?.place]).toEqual([
      undefined,
      { kind: 'pair', withId: 'caller' },
    ]);
  });

  // The engine has taken the held call out of its bridge: FreeSWITCH ends both channels of the phone and parks the other party of the consultation.
  it.each([
    ['the call that was on hold', ['first', 'second']],
    ['the consultation', ['second', 'first']],
  ] as const)('of a call that was set aside: both channels end, and %s says so first', (_what, order) => {
    const maps = talking();
    const held = maps.model.leg('first');
    if (held === undefined) throw new Error('no leg');
    held.place = { kind: 'alone' };
    const ends = {
      first: { 'Hangup-Cause': 'ATTENDED_TRANSFER', variable_refer_uuid: 'second' },
      second: { 'Hangup-Cause': 'ATTENDED_TRANSFER', variable_transfer_disposition: 'replaced' },
    };
    for (const id of order) maps.take(onWire('CHANNEL_HANGUP', { 'Unique-ID': id, ...ends[id] }));
    for (const id of order) maps.take(end(id, { variable_endpoint_disposition: 'ANSWER', ...ends[id] }));
    maps.take(onWire('CHANNEL_PARK', { 'Unique-ID': 'goal', 'Answer-State': 'answered' }));
    expect(maps.told).toMatchObject([
      { type: 'transferRequested', kind: 'attended', connectionId: 'main~first', consultId: 'main~second' },
    ]);
    expect(maps.others).toEqual(['ghost', 'ghost']);
  });

  it('that FreeSWITCH refused is none: the phone hangs up both calls by hand', () => {
    const maps = talking();
    maps.take(end('first', { variable_endpoint_disposition: 'ANSWER', variable_refer_uuid: 'second' }));
    maps.take(end('second', { variable_endpoint_disposition: 'ANSWER' }));
    expect(maps.told.filter(({ type }) => type !== 'unbridged').map(({ type }) => type)).toEqual([
      'cleared',
      'cleared',
    ]);
  });

  it('without another call of the phone is an end like any other', () => {
    const maps = new Maps();
    const leg = planned({ id: 'first', user: '8001' });
    leg.state = 'connected';
    leg.told = 'yes';
    maps.model.add(leg);
    maps.take(end('first', { variable_endpoint_disposition: 'ATTENDED_TRANSFER' }));
    expect(maps.told).toMatchObject([{ type: 'cleared', release: { cause: 'normalClearing' } }]);
  });

  it('of the far end of a trunk is not followed', () => {
    const maps = new Maps();
    maps.take(parked('x'));
    maps.take(onWire('CHANNEL_ANSWER', { 'Unique-ID': 'u1', 'Answer-State': 'answered' }));
    maps.take(
      onWire('CHANNEL_HANGUP_COMPLETE', {
        'Unique-ID': 'u1',
        'Hangup-Cause': 'NORMAL_CLEARING',
        variable_endpoint_disposition: 'BLIND_TRANSFER',
        variable_transfer_destination: 'blind:00441234',
      }),
    );
    expect(maps.told.map(({ type }) => type)).toEqual(['created', 'connected', 'cleared']);
  });
});

/** Whoever is left by their partner is parked by FreeSWITCH itself (`park_after_bridge`), in CS_PARK; what is parked by an application is in CS_EXECUTE. */
describe('one who was sent to park', () => {
  const parkedIn = (state: string): EslEvent =>
    onWire('CHANNEL_PARK', { 'Unique-ID': 'u1', 'Channel-State': state, 'Answer-State': 'answered' });

  it('is there when that was carried out, not when the switch has parked it for another reason meanwhile', () => {
    const maps = new Maps();
    maps.take(parked('x'));
    const leg = maps.model.leg('u1');
    if (leg === undefined) throw new Error('no leg');
    leg.parking = 'yes';
    maps.take(parkedIn('CS_PARK'));
    expect(leg.parking).toBe('soon');
    maps.take(parkedIn('CS_EXECUTE'));
    expect(leg.parking).toBeUndefined();
  });
});
