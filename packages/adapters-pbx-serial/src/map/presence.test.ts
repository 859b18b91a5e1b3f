import { asId, type RawParty, type SwitchId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import type { MessageOf } from '../wire/kts/index.js';
import { Devices } from './devices.js';
import { showExt, showLine, showSlot } from './presence.js';

const devices = new Devices({ switchId: asId<SwitchId>('m'), lines: new Map([[3, { name: 'main' }]]) });
const bare = { devices, party: undefined, nativeCallRef: undefined };
const party: RawParty = { number: '0139', name: 'Mei', presentation: 'allowed' };
const beside = { devices, party, nativeCallRef: '1.7' };
const ext = (extState: string, more: Partial<MessageOf<'extState'>> = {}): MessageOf<'extState'> =>
  ({ type: 'extState', ext: '801', extState, ...more }) as MessageOf<'extState'>;
const line = (lineState: string, more: Partial<MessageOf<'lineState'>> = {}): MessageOf<'lineState'> =>
  ({ type: 'lineState', line: 3, lineState, ...more }) as MessageOf<'lineState'>;

describe('a telephone', () => {
  it.each([
    ['oos', 'outOfService', 'unreachable'],
    ['idle', 'idle', 'idle'],
    ['offhook', 'offHook', 'busy'],
    ['dial', 'dialling', 'busy'],
    ['ring', 'ringing', 'alerting'],
    ['intalk', 'talking', 'busy'],
    ['talk', 'talking', 'busy'],
    ['hold', 'held', 'held'],
    ['howl', 'howler', 'busy'],
    ['ringback', 'ringback', 'busy'],
    ['conf', 'conference', 'busy'],
    ['busy', 'busyTone', 'busy'],
    ['prog', 'programming', 'busy'],
    ['#sleep', 'unknown', 'unknown'],
  ])('that is %s is %s, and %s to others', (word, state, presence) => {
    expect(showExt(ext(word), bare)).toEqual({ presence, detail: { state } });
    const wanted = { presence: presence === 'idle' ? 'doNotDisturb' : presence, detail: { state, doNotDisturb: 'on' } };
    expect(showExt(ext(word, { dnd: true }), bare)).toEqual(wanted);
  });

  it('shows with whom, on which line, and what is set at it', () => {
    const message = ext('talk', { dir: 'in', peer: '802', line: 3, forward: '802', lamp: true, cls: 4 } as never);
    expect(showExt(message, { ...beside, classOfService: 2 })).toMatchObject({
      presence: 'busy',
      detail: {
        ...{
          state: 'talking',
          direction: 'in',
          party,
          nativeCallRef: '1.7',
          peer: 'm:extension:802',
          line: 'm:line:main',
        },
        ...{ messageLamp: 'on', classOfService: 4 },
      },
    });
    expect(showExt(message, beside).detail.forward).toBe('802');
    expect(showExt(ext('idle'), { ...bare, classOfService: 2 }).detail).toEqual({ state: 'idle', classOfService: 2 });
    const nothing = { peer: '', forward: '', dnd: false, lamp: false, dir: 'sideways' } as never;
    expect(showExt(ext('idle', nothing), bare)).toEqual({ presence: 'idle', detail: { state: 'idle' } });
  });
});

describe('a line', () => {
  it.each([
    ['oos', 'outOfService', 'unreachable'],
    ['idle', 'idle', 'idle'],
    ['ring', 'ringing', 'alerting'],
    ['seized', 'offHook', 'busy'],
    ['dial', 'dialling', 'busy'],
    ['ringback', 'ringback', 'busy'],
    ['talk', 'talking', 'busy'],
    ['held', 'held', 'held'],
    ['busy', 'busyTone', 'busy'],
    ['wrap', 'wrapUp', 'busy'],
    ['parked', 'parked', 'held'],
    ['conf', 'conference', 'busy'],
    ['#later', 'unknown', 'unknown'],
  ])('that is %s is %s, and %s to others', (word, state, presence) => {
    expect(showLine(line(word), bare)).toEqual({ presence, detail: { state } });
  });

  it('shows with whom', () => {
    expect(showLine(line('talk', { peer: '801', dir: 'out' }), beside).detail).toEqual({
      ...{ state: 'talking', direction: 'out', party, nativeCallRef: '1.7', peer: 'm:extension:801' },
    });
    expect(showLine(line('talk', { peer: '' }), bare).detail).toEqual({ state: 'talking' });
  });
});

describe('a park slot', () => {
  const slot = (parkState: string, more: object = {}): MessageOf<'parkState'> =>
    ({ type: 'parkState', slot: 4, parkState, ...more }) as MessageOf<'parkState'>;

  it('is free, taken, or nobody knows', () => {
    const free = { presence: 'idle', detail: { state: 'free' } };
    expect([showSlot(undefined, beside), showSlot(slot('free'), beside)]).toEqual([free, free]);
    expect(showSlot(slot('taken'), bare)).toEqual({ presence: 'busy', detail: { state: 'taken' } });
    expect(showSlot(slot('#later'), bare)).toEqual({ presence: 'unknown', detail: { state: 'unknown' } });
  });

  it('shows who waits, and who parked them', () => {
    expect(showSlot(slot('taken', { peer: '801', line: 3 }), beside).detail).toEqual({
      ...{ state: 'taken', party, nativeCallRef: '1.7', peer: 'm:extension:801', line: 'm:line:main' },
    });
    expect(showSlot(slot('taken', { peer: '' }), bare).detail).toEqual({ state: 'taken' });
  });
});
