import {
  asId,
  type ConnectionId,
  type DriverCommand,
  type RawParty,
  RELEASE_CAUSES,
  type SwitchId,
} from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { asteriskOptions } from '../options.js';
import { adoptRequests, createRequest, refusalOf, setVariable, simpleRequest } from './from-core.js';
import { legOf, stamp } from './leg.js';
import { causeOfQ850, Q850_OF_CAUSE, releaseOf } from './release-cause.js';

const MAIN = asId<SwitchId>('main');
const options = asteriskOptions.parse({ ari: { url: 'http://127.0.0.1:8088', user: 'u', password: 'p' } });
const base = { commandId: 'k1', boundMs: 5_000, connectionId: 'main~1.2' };
const command = (more: object): DriverCommand => ({ ...base, ...more }) as unknown as DriverCommand;
const request = (more: object) => simpleRequest(command(more) as never, '1.2', options);

describe('requests', () => {
  it('say to the channel what the command says', () => {
    expect(request({ type: 'claim', mark: { callId: 'e-c1' } })).toEqual({
      method: 'POST',
      path: '/channels/1.2/variable',
      query: { variable: 'CORDBOARD_CALL', value: 'e-c1' },
    });
    expect(request({ type: 'ring' })).toEqual({ method: 'POST', path: '/channels/1.2/ring' });
    expect(request({ type: 'answer' })).toEqual({ method: 'POST', path: '/channels/1.2/answer' });
    const moh = { path: '/channels/1.2/moh' };
    expect(request({ type: 'holdMusic', mode: 'start' })).toEqual({ ...moh, method: 'POST' });
    expect(request({ type: 'holdMusic', mode: 'start', musicClass: 'jazz' })).toEqual({
      ...moh,
      method: 'POST',
      query: { mohClass: 'jazz' },
    });
    expect(request({ type: 'holdMusic', mode: 'stop', musicClass: 'jazz' })).toEqual({ ...moh, method: 'DELETE' });
    expect(request({ type: 'sendDigits', digits: '12#', toneMs: 99.6, gapMs: 50.2 })).toEqual({
      method: 'POST',
      path: '/channels/1.2/dtmf',
      query: { dtmf: '12#', duration: '100', between: '50' },
    });
    const mute = { path: '/channels/1.2/mute', query: { direction: 'in' } };
    expect(request({ type: 'mute', mode: 'mute' })).toEqual({ ...mute, method: 'POST' });
    expect(request({ type: 'mute', mode: 'unmute' })).toEqual({ ...mute, method: 'DELETE' });
    for (const type of ['bridge', 'play', 'record', 'monitor', 'flash']) expect(request({ type })).toBeUndefined();
  });

  it('set a variable of one channel, whatever its id holds', () => {
    expect(setVariable('a/b', 'X', 'y')).toEqual({
      method: 'POST',
      path: '/channels/a%2Fb/variable',
      query: { variable: 'X', value: 'y' },
    });
  });

  it('keep the phone’s transfers of a channel that came by itself, or have its end told', () => {
    const refer = setVariable('1.2', 'PJSIP_TRANSFER_HANDLING()', 'ari-only');
    const mark = setVariable('1.2', 'CORDBOARD_CALL', 'e-c1');
    const subscribed = {
      method: 'POST',
      path: '/applications/cordboard/subscription',
      query: { eventSource: 'channel:1.2' },
    };
    const of = (device: string, callId?: string) =>
      adoptRequests({ id: '1.2', device: asId(device), ...(callId === undefined ? {} : { callId }) }, 'cordboard');
    expect(of('main:extension:8001')).toEqual([refer]);
    expect(of('main:trunk:carrier', 'e-c1')).toEqual([mark, refer]);
    expect(of('main:external:Local/1')).toEqual([subscribed]);
    expect(of('main:external:Local/1', 'e-c1')).toEqual([mark, subscribed]);
  });

  it('dial a device by its address, and name whoever is known to call', () => {
    const target = { kind: 'device', device: 'main:extension:8001' };
    const made = (more: object) =>
      createRequest(
        command({ type: 'originate', connectionId: 'main~x', target, mark: { callId: 'c' }, ...more }) as never,
        options,
      );
    expect(made({})).toMatchObject({
      method: 'POST',
      query: { endpoint: 'PJSIP/8001', appArgs: 'out', channelId: 'x' },
    });
    const caller = (more: object) =>
      (made(more).body as { variables: Record<string, string> }).variables['CALLERID(all)'];
    expect(made({}).body).not.toHaveProperty(['variables', 'CALLERID(all)']);
    expect(caller({ callerNumber: '8002' })).toBe('8002');
    expect(caller({ callerName: 'Bo' })).toBe('"Bo" <>');
    expect(caller({ callerNumber: '+1 (2)<3>', callerName: ' a\\b ' })).toBe('"a b" <+123>');
    expect(caller({ callerNumber: '1'.repeat(70), callerName: 'n'.repeat(90) })).toBe(
      `"${'n'.repeat(80)}" <${'1'.repeat(64)}>`,
    );
  });
});

describe('what no Asterisk could do', () => {
  const originate = {
    type: 'originate',
    connectionId: 'main~x.1',
    target: { kind: 'device', device: 'main:extension:8001' },
    ringTimeoutMs: 20_000,
  };
  const bridge = { type: 'bridge', bridgeId: 'b1', connectionIds: ['main~1'] };
  const digits = { type: 'sendDigits', digits: '1', toneMs: 100, gapMs: 100 };
  const many = (length: number): readonly object[] => Array.from({ length }, () => ({ kind: 'silence', forMs: 1 }));

  it.each<object>([
    { ...bridge, boundMs: 100 },
    { ...bridge, boundMs: 60_000 },
    { ...originate, ringTimeoutMs: 1_000 },
    { ...originate, ringTimeoutMs: 300_000 },
    { ...originate, target: { kind: 'device', device: 'main:line:3' } },
    { ...originate, target: { kind: 'number', trunk: 'main:trunk:c', number: '9,,1' } },
    { ...digits, digits: '0123456789*#ABCD', toneMs: 40, gapMs: 1_000 },
    { type: 'play', media: many(1) },
    { type: 'play', media: many(100) },
    { type: 'holdMusic', mode: 'start' },
    { type: 'holdMusic', mode: 'start', musicClass: 'my_class-1.0' },
    { type: 'redirect', number: '*8900#' },
    ...['claim', 'ring', 'answer', 'clear', 'unbridge', 'stopPlay', 'collectDigits', 'mute', 'record'].map((type) => ({
      type,
    })),
    ...['controlRecording', 'monitor', 'stopMonitor'].map((type) => ({ type })),
  ])('is none of these: %j', (more) => {
    expect(refusalOf(command(more), MAIN)).toBeUndefined();
  });

  it.each<object>([
    { ...bridge, boundMs: 99 },
    { ...bridge, boundMs: 60_001 },
    { ...bridge, boundMs: Number.NaN },
    { ...bridge, connectionIds: [] },
    { ...bridge, bridgeId: 'a/b' },
    { ...bridge, bridgeId: 'cb-b' },
    { ...originate, ringTimeoutMs: 999 },
    { ...originate, ringTimeoutMs: 300_001 },
    { ...originate, target: { kind: 'number', trunk: 'main:extension:8001', number: '1' } },
    { ...originate, target: { kind: 'number', trunk: 'main:trunk:c', number: ',' } },
    { ...originate, target: { kind: 'device', device: 'main:external:1' } },
    { ...digits, digits: '' },
    { ...digits, digits: '1'.repeat(65) },
    { ...digits, digits: 'E' },
    { ...digits, toneMs: 39 },
    { ...digits, toneMs: 1_001 },
    { ...digits, gapMs: 39 },
    { ...digits, gapMs: 1_001 },
    { type: 'play', media: [] },
    { type: 'play', media: many(101) },
    { type: 'holdMusic', mode: 'start', musicClass: '../x' },
    { type: 'holdMusic', mode: 'start', musicClass: '' },
    { type: 'redirect', number: '' },
  ])('is this: %j', (more) => {
    expect(refusalOf(command(more), MAIN)).toBe('invalid');
  });

  it('is a flash, and what only a PBX does by itself', () => {
    expect(refusalOf(command({ type: 'flash' }), MAIN)).toBe('notSupported');
    expect(refusalOf(command({ type: 'makeCall' }), MAIN)).toBe('notSupported');
  });
});

describe('causes', () => {
  it('of Q.850 are ours, and what is in no table has failed', () => {
    const known: Record<string, number[]> = {};
    for (let q850 = 1; q850 <= 127; q850 += 1) {
      const cause = causeOfQ850(q850);
      if (cause === 'failure') continue;
      known[cause] ??= [];
      known[cause].push(q850);
    }
    // ITU-T Q.850 (05/98), table 1: 22 the number has changed, 28 it is incomplete, 31 unspecified, 38-44 networks and channels out of service, 58-88 bearers.
    expect(known).toEqual({
      unallocatedNumber: [1, 2, 3, 22, 28],
      normalClearing: [16, 31],
      busy: [17],
      noAnswer: [18, 19],
      deviceUnreachable: [20, 27],
      rejected: [21],
      answeredElsewhere: [26],
      congestion: [34, 38, 41, 42, 44],
      incompatible: [58, 65, 79, 88],
    });
  });

  it('that we give tell the far end as much as its signalling can', () => {
    const told = Object.fromEntries(RELEASE_CAUSES.map((cause) => [cause, causeOfQ850(Q850_OF_CAUSE[cause])]));
    const plain = ['cancelled', 'transferred', 'replaced', 'forcedRelease', 'shutdown', 'lostInOutage', 'unknown'];
    expect(told).toEqual({
      ...Object.fromEntries(RELEASE_CAUSES.map((cause) => [cause, plain.includes(cause) ? 'normalClearing' : cause])),
      blocked: 'rejected',
      failure: 'congestion',
    });
  });

  it('of a call that nobody explained are those of how far it was', () => {
    const leg = { direction: 'outgoing', state: 'connected' } as const;
    expect(releaseOf(leg, { q850: 0 })).toEqual({ cause: 'normalClearing', native: { q850: 0 } });
    expect(releaseOf({ ...leg, state: 'alerting' }, { q850: 0 }).cause).toBe('unknown');
    expect(releaseOf({ ...leg, state: 'alerting' }, {})).toEqual({ cause: 'unknown' });
    expect(releaseOf(leg, { q850: 17 }).cause).toBe('busy');
  });
});

describe('a leg', () => {
  const channel = {
    id: '1.2',
    name: 'PJSIP/8001-00000001',
    state: 'Up',
    caller: { name: 'Ann', number: '8001' },
    connected: { name: 'Bo', number: '8002' },
    dialplan: { exten: '4001' },
  };
  const context = { connectionId: asId<ConnectionId>('main~1.2'), switchId: MAIN, trunks: new Set(['carrier']) };
  const party = (number: string, name?: string): RawParty => ({
    number,
    ...(name === undefined ? {} : { name }),
    presentation: 'allowed',
  });

  it('that came by itself is from its caller to what was dialled', () => {
    const leg = legOf({ ...channel, state: 'Ringing' }, { ...context, direction: 'incoming' });
    expect(leg).toEqual({
      ...{ id: '1.2', connectionId: 'main~1.2', device: 'main:extension:8001', direction: 'incoming' },
      ...{
        calling: party('8001', 'Ann'),
        called: party('4001'),
        state: 'initiated',
        place: 'in',
        told: 'no',
        hold: 'none',
      },
    });
  });

  it('that we dialled is from whom it shows to what was dialled, else to its endpoint', () => {
    const outgoing = { ...context, direction: 'outgoing' } as const;
    const ringing = legOf(
      { ...channel, state: 'Ringing', protocol_id: 'call-1' },
      { ...outgoing, dialled: '00900123' },
    );
    expect(ringing).toMatchObject({ calling: party('8002', 'Bo'), called: party('00900123'), state: 'alerting' });
    expect(ringing.protocolId).toBe('call-1');
    const up = legOf({ ...channel, name: 'PJSIP/carrier-00000001', protocol_id: '' }, outgoing);
    expect(up).toMatchObject({ device: 'main:trunk:carrier', called: party('carrier'), state: 'connected' });
    expect(up).not.toHaveProperty('protocolId');
  });

  it('of no SIP endpoint has the name of its channel', () => {
    const named = (name: string) => legOf({ ...channel, name }, { ...context, direction: 'incoming' }).device;
    expect(named('Local/8002@ctx-0000000a;1')).toBe('main:external:Local/8002@ctx');
    expect(named(`DAHDI/${'x'.repeat(200)}`)).toBe(`main:external:DAHDI/${'x'.repeat(122)}`);
  });

  it('keeps the stamp of Asterisk, where it is one', () => {
    expect(stamp('2026-11-21T10:00:00.250+0800')).toEqual({ nativeAtMs: Date.UTC(2026, 10, 21, 2, 0, 0, 250) });
    expect([stamp(undefined), stamp('yesterday')]).toEqual([{}, {}]);
  });
});
