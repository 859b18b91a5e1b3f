import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAriEvent } from './ari-decoder.js';

const channel = {
  id: '1.2',
  name: 'PJSIP/8001-00000001',
  state: 'Up',
  caller: { name: 'Ann', number: '8001' },
  connected: { name: '', number: '' },
  dialplan: { context: 'x', exten: '1' },
};

describe('decodeAriEvent', () => {
  it('hands known events on whole, with fields that it does not know', () => {
    const event = { type: 'ChannelDtmfReceived', digit: '5', duration_ms: 140, channel, added_later: { x: 1 } };
    expect(decodeAriEvent(JSON.stringify(event))).toEqual(event);
  });

  it.each(['ChannelVarset', 'SomethingOfVersion30', 'constructor', '__proto__', 'unknown'])(
    'names %s unknown',
    (type) => {
      expect(decodeAriEvent(JSON.stringify({ type, channel: 3 }))).toEqual({
        type: 'unknown',
        name: type,
        event: { type, channel: 3 },
      });
    },
  );

  it.each([
    ['broken JSON', '{"type":"StasisEnd"'],
    ['a list', '[1]'],
    ['a number', '12'],
    ['null', 'null'],
    ['no type', '{"channel":{}}'],
    ['a channel without id', JSON.stringify({ type: 'StasisEnd', channel: { ...channel, id: undefined } })],
    ['args that are no texts', JSON.stringify({ type: 'StasisStart', channel, args: [1] })],
    ['a bridge without members', JSON.stringify({ type: 'BridgeDestroyed', bridge: { id: 'b' } })],
    ['a transfer without its phone', JSON.stringify({ type: 'ChannelTransfer', refer_to: {}, referred_by: {} })],
    ['nothing', ''],
  ])('calls %s unreadable and keeps a sample', (_, text) => {
    const frame = decodeAriEvent(text);
    if (frame.type !== 'unreadable') throw new Error(frame.type);
    expect(new TextDecoder().decode(frame.sample)).toBe(text.slice(0, 256));
  });

  it('keeps at most 256 bytes of what it can not read, characters of several bytes too', () => {
    const frame = decodeAriEvent(`{${'日'.repeat(5_000)}`);
    if (frame.type !== 'unreadable') throw new Error(frame.type);
    expect(frame.sample.length).toBe(256);
  });

  it('never throws', () => {
    const name = fc.constantFrom('StasisStart', 'StasisEnd', 'Dial', 'ChannelTransfer', 'PlaybackFinished', 'x');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.tuple(name, fc.jsonValue()).map(([type, channel]) =>
            JSON.stringify({
              type,
              channel,
              playback: channel,
              refer_to: channel,
              referred_by: channel,
              peer: channel,
            }),
          ),
        ),
        (text) => {
          expect(typeof decodeAriEvent(text).type).toBe('string');
        },
      ),
    );
  });
});
