import { asId, type SwitchId } from '@cordboard/cti-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { decodeAriEvent } from '../wire/ari-decoder.js';
import type { MapEffect } from './effects.js';
import { CallModel } from './to-core.js';

let model: CallModel;
beforeEach(() => {
  model = new CallModel({ switchId: asId<SwitchId>('main'), trunks: ['carrier'] });
});

const channel = (id: string, more: object = {}) => ({
  id,
  name: 'PJSIP/8001-00000001',
  state: 'Up',
  caller: { name: 'Ann', number: '8001' },
  connected: { name: '', number: '' },
  dialplan: { exten: '4001', app_name: 'Stasis', app_data: '' },
  ...more,
});

/** One line for each effect, with what is decided in it. */
function line(effect: MapEffect): string {
  switch (effect.kind) {
    case 'tell': {
      const { type, ...rest } = effect.event as { readonly type: string } & Readonly<Record<string, unknown>>;
      const facts = [rest.connectionId, rest.bridgeId, rest.digit, rest.toneMs, rest.by, rest.consultId];
      return [type, ...facts.filter((fact) => fact !== undefined)].join(' ');
    }
    case 'ended':
      return `ended ${effect.leg.connectionId} ${effect.release.cause}`;
    case 'adopt':
      return `adopt ${effect.leg.connectionId}`;
    case 'hangUp':
      return `hangUp ${effect.legId} ${effect.why}`;
    case 'left':
      return `left ${effect.legId}`;
    case 'declineTransfer':
      return `declineTransfer ${effect.leg.id}`;
    case 'emptyBridge':
      return `emptyBridge ${effect.bridgeId}`;
    case 'undo':
      return `undo ${effect.channelIds.join()} ${effect.places.map(({ legId, bridgeId }) => `${legId}@${bridgeId}`)}`;
  }
}

function apply(event: object): string[] {
  const frame = decodeAriEvent(JSON.stringify(event));
  if (frame.type === 'unreadable') throw new Error('no event of Asterisk');
  return model.apply(frame).map(line);
}

const starts = (id: string, more: object = {}, event: object = {}): string[] =>
  apply({ type: 'StasisStart', args: ['device'], channel: channel(id, more), ...event });
const bridge = (id: string, channels: readonly string[], more: object = {}) => ({
  id,
  bridge_type: 'mixing',
  bridge_class: 'stasis',
  channels,
  ...more,
});
const destroyed = (id: string, more: object = {}): MapEffect[] => {
  const frame = decodeAriEvent(JSON.stringify({ type: 'ChannelDestroyed', channel: channel(id), ...more }));
  if (frame.type === 'unreadable') throw new Error('no event of Asterisk');
  return model.apply(frame);
};

describe('the end of a channel', () => {
  const requested = (more: object): string[] =>
    apply({ type: 'ChannelHangupRequest', channel: channel('1.1'), ...more });
  const release = (more: object = {}) =>
    destroyed('1.1', more).flatMap((it) => (it.kind === 'ended' ? [it.release] : []));
  beforeEach(() => void starts('1.1'));

  it('has the cause that it is told with, cut to what may be kept', () => {
    requested({ cause: 17, tech_cause: 486 });
    expect(release({ cause: 21, tech_cause: 603, cause_txt: 'x'.repeat(200) })).toEqual([
      { cause: 'rejected', native: { q850: 21, sip: 603, text: 'x'.repeat(128) } },
    ]);
  });

  it('has the causes that asked for it where it is told without any', () => {
    expect(requested({ cause: 17 })).toEqual([]);
    expect(requested({ tech_cause: 486 })).toEqual([]);
    expect(release()).toEqual([{ cause: 'busy', native: { q850: 17, sip: 486 } }]);
  });

  it('is not told by a soft request, unless Asterisk shuts down', () => {
    requested({ cause: 17, soft: true });
    expect(release({ cause: 16 })).toEqual([{ cause: 'normalClearing', native: { q850: 16 } }]);
    starts('1.1');
    requested({ cause: 4, soft: true });
    expect(release({ cause: 16 })).toEqual([{ cause: 'shutdown', native: { q850: 16 } }]);
  });

  it('ends its bridge first, once', () => {
    apply({ type: 'ChannelEnteredBridge', channel: channel('1.1'), bridge: bridge('b1~3', ['1.1']) });
    expect(destroyed('1.1', { cause: 16 }).map(line)).toEqual([
      'unbridged main~1.1 b1',
      'ended main~1.1 normalClearing',
    ]);
    expect(destroyed('1.1', { cause: 16 })).toEqual([]);
    expect(model.leg('1.1')).toBeUndefined();
  });
});

describe('a channel that left', () => {
  it('is looked for, and is a new connection when it comes back', () => {
    expect(starts('1.1')).toEqual(['created main~1.1', 'adopt main~1.1', 'connected main~1.1']);
    const ends = { type: 'StasisEnd', channel: channel('1.1') };
    expect(apply(ends)).toEqual(['left 1.1']);
    expect(apply(ends)).toEqual([]);
    expect(apply({ type: 'ChannelHold', channel: channel('1.1') })).toEqual([]);
    const back = (nth: number, before: string): string[] => [
      `ended ${before} transferred`,
      `created main~1.1.r${nth}`,
      `adopt main~1.1.r${nth}`,
      `connected main~1.1.r${nth}`,
    ];
    expect(starts('1.1')).toEqual(back(2, 'main~1.1'));
    apply(ends);
    expect(starts('1.1')).toEqual(back(3, 'main~1.1.r2'));
    expect(model.isOurs('1.1')).toBe(true);
    destroyed('1.1', { cause: 16 });
    expect(model.isOurs('1.1')).toBe(false);
    expect(starts('1.1')[0]).toBe('created main~1.1');
  });
});

describe('a channel that takes the place of another', () => {
  const replaces = (): string[] => starts('1.2', {}, { replace_channel: channel('1.1') });

  it('is told after it is there; the old one is ours to end when it is left over in a bridge', () => {
    starts('1.1');
    apply({ type: 'ChannelEnteredBridge', channel: channel('1.1'), bridge: bridge('b1', ['1.1']) });
    const leg = model.leg('1.1');
    if (leg !== undefined) leg.callId = asId('e-c1');
    expect(replaces()).toEqual([
      'created main~1.2',
      'adopt main~1.2',
      'connected main~1.2',
      'replaced main~1.1 main~1.2',
      'hangUp 1.1 replaced',
    ]);
    expect(model.leg('1.2')?.callId).toBe('e-c1');
    expect(destroyed('1.1', { cause: 16 }).map(line)).toEqual(['unbridged main~1.1 b1', 'ended main~1.1 replaced']);
  });

  it('leaves one that stands alone to Asterisk', () => {
    starts('1.1', { state: 'Ring' });
    expect(replaces()).toEqual([
      'created main~1.2',
      'adopt main~1.2',
      'connected main~1.2',
      'replaced main~1.1 main~1.2',
    ]);
  });
});

describe('a channel that we dial', () => {
  it('is not ours to have when it comes unasked and undialled, or was given up', () => {
    expect(starts('x1', { state: 'Down' }, { args: ['out'] })).toEqual(['hangUp x1 undialled']);
    starts('x2', { state: 'Ringing' }, { args: ['out'] });
    const leg = model.leg('x2');
    if (leg !== undefined) leg.dialling = 'givenUp';
    expect(starts('x2', {}, { args: ['out'] })).toEqual(['hangUp x2 undialled']);
  });

  it('rings once and is answered once, however often it is told', () => {
    expect(starts('x1', { state: 'Ringing' }, { args: ['out'] })).toEqual(['created main~x1', 'adopt main~x1']);
    const state = (to: string): string[] =>
      apply({ type: 'ChannelStateChange', channel: channel('x1', { state: to }) });
    const dial = (dialstatus: string): string[] => apply({ type: 'Dial', peer: channel('x1'), dialstatus });
    expect(dial('')).toEqual([]);
    expect(dial('RINGING')).toEqual(['alerting main~x1']);
    expect([...dial('PROGRESS'), ...state('Ringing'), ...state('Dialing')]).toEqual([]);
    expect(state('Up')).toEqual(['connected main~x1']);
    expect([...state('Up'), ...dial('RINGING')]).toEqual([]);
  });

  it('rings by its own state, too', () => {
    starts('x1', { state: 'Down' }, { args: ['device'] });
    starts('x2', { state: 'Ringing' }, { args: ['out'] });
    const ringing = (id: string): string[] =>
      apply({ type: 'ChannelStateChange', channel: channel(id, { state: 'Ringing' }) });
    expect([ringing('x1'), ringing('x2')]).toEqual([[], ['alerting main~x2']]);
  });
});

describe('bridges', () => {
  const enters = (id: string): string[] =>
    apply({ type: 'ChannelEnteredBridge', channel: channel('1.1'), bridge: bridge(id, ['1.1']) });
  const leaves = (id: string, channels: readonly string[] = ['1.2'], more: object = {}): string[] =>
    apply({ type: 'ChannelLeftBridge', channel: channel('1.1'), bridge: bridge(id, channels, more) });
  beforeEach(() => void starts('1.1'));

  it('are told as the engine names them, each way in and out once', () => {
    expect([enters('b1~1'), enters('b1~1'), leaves('b1~1'), leaves('b1~1')]).toEqual([
      ['bridged main~1.1 b1'],
      [],
      ['unbridged main~1.1 b1'],
      [],
    ]);
  });

  it('follow one another without a word of the way out; those of the driver itself are not told', () => {
    enters('b1');
    expect(enters('b2')).toEqual(['unbridged main~1.1 b1', 'bridged main~1.1 b2']);
    expect(leaves('b1')).toEqual([]);
    expect(enters('cb-mon')).toEqual(['unbridged main~1.1 b2']);
    expect(model.leg('1.1')?.bridgeId).toBeUndefined();
  });

  it('made anew for the same talk are not told, once', () => {
    enters('b1~1');
    const leg = model.leg('1.1');
    if (leg !== undefined) leg.moving = 'b1~2';
    expect([leaves('b1~1'), enters('b1~2')]).toEqual([[], []]);
    expect(model.leg('1.1')).toMatchObject({ bridgeId: 'b1~2' });
    expect(leaves('b1~2')).toEqual(['unbridged main~1.1 b1']);
    expect(enters('b1~2')).toEqual(['bridged main~1.1 b1']);
  });

  it('without a member are ours to remove, if they are ours', () => {
    expect(leaves('b1', [])).toEqual(['emptyBridge b1']);
    expect(leaves('b1', [], { bridge_class: undefined })).toEqual(['emptyBridge b1']);
    expect(leaves('b1', [], { bridge_class: 'basic' })).toEqual([]);
  });
});

describe('what a phone does', () => {
  beforeEach(() => void starts('1.1'));
  const hold = (type: string): string[] => apply({ type, channel: channel('1.1') });

  it('holds and takes back, each change once; what Asterisk takes back for a transfer is nobody’s doing', () => {
    expect(hold('ChannelUnhold')).toEqual([]);
    expect([hold('ChannelHold'), hold('ChannelHold'), hold('ChannelUnhold'), hold('ChannelUnhold')]).toEqual([
      ['heldByDevice main~1.1'],
      [],
      ['retrievedByDevice main~1.1'],
      [],
    ]);
    hold('ChannelHold');
    const leg = model.leg('1.1');
    if (leg !== undefined) leg.referring = 'yes';
    expect(hold('ChannelUnhold')).toEqual([]);
  });

  it('presses keys, and nothing else passes for one', () => {
    const presses = (digit: string, more: object = {}): string[] =>
      apply({ type: 'ChannelDtmfReceived', digit, channel: channel('1.1'), ...more });
    expect(['0', '9', '*', '#', 'A', 'D'].flatMap((digit) => presses(digit, { duration_ms: 80 }))).toHaveLength(6);
    expect(presses('5', { duration_ms: 80 })).toEqual(['digit main~1.1 5 80']);
    expect(presses('5')).toEqual(['digit main~1.1 5']);
    expect(['E', 'a', '12', '1x', '', ' '].flatMap((digit) => presses(digit))).toEqual([]);
  });

  it('transfers to the call that its signalling names', () => {
    starts('1.2', { protocol_id: 'call-2' });
    starts('1.3', { protocol_id: '' });
    const asks = (more: object): string[] =>
      apply({
        type: 'ChannelTransfer',
        refer_to: { requested_destination: more },
        referred_by: { source_channel: channel('1.1', { protocol_id: 'call-1' }) },
      });
    expect(asks({ protocol_id: 'call-2', destination: '' })).toEqual(['transferRequested main~1.1 main~1.2']);
    expect(asks({ protocol_id: 'call-1', destination: '' })).toEqual([]);
    expect(asks({ protocol_id: '', destination: '' })).toEqual([]);
    expect(asks({ protocol_id: 'elsewhere', destination: '8002' })).toEqual(['transferRequested main~1.1']);
    apply({ type: 'ChannelStateChange', channel: channel('1.3', { protocol_id: 'call-3' }) });
    expect(asks({ protocol_id: 'call-3', destination: '' })).toEqual(['transferRequested main~1.1 main~1.3']);
  });

  it('and Asterisk transferred by itself is taken back: its means, and who was where', () => {
    apply({ type: 'ChannelEnteredBridge', channel: channel('1.1'), bridge: bridge('b1~1', ['1.1']) });
    apply({ type: 'ChannelLeftBridge', channel: channel('1.1'), bridge: bridge('b1~1', ['1.9']) });
    starts('1.2');
    apply({ type: 'ChannelEnteredBridge', channel: channel('1.2'), bridge: bridge('b2', ['1.2']) });
    const half = (id: string) => channel(id, { name: `Local/8002@ctx-00000001;${id}` });
    for (const id of ['1', '2', '3']) expect(apply({ type: 'StasisStart', args: [], channel: half(id) })).toEqual([]);
    apply({ type: 'StasisEnd', channel: half('2') });
    const done = {
      type: 'BridgeAttendedTransfer',
      transferer_first_leg: channel('1.1'),
      transferer_second_leg: channel('1.2'),
      result: 'Success',
    };
    expect(apply(done)).toEqual(['transferRequested main~1.1 main~1.2', 'undo 1,3 1.1@b1~1,1.2@b2']);
    expect(apply(done)).toEqual(['transferRequested main~1.1 main~1.2', 'undo  1.1@b1~1,1.2@b2']);
    const blind = { type: 'BridgeBlindTransfer', channel: channel('1.1'), exten: '8003' };
    expect(apply({ ...blind, result: 'Fail' })).toEqual([]);
    expect(apply({ ...blind, exten: '' })).toEqual([]);
    expect(apply(blind)).toEqual(['transferRequested main~1.1', 'undo  1.1@b1~1']);
  });
});

it('what is no part of a call is none: snoops, announcers, recorders and the helpers of the driver', () => {
  for (const name of ['Snoop/1.1-1', 'Announcer/ARI-1', 'Recorder/ARI-1']) expect(starts('1.5', { name })).toEqual([]);
  expect(starts('cb-rec-1')).toEqual([]);
  expect([...model.legs]).toEqual([]);
});
