import { asId, type DriverCommand, RELEASE_CAUSES, type SwitchId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { freeswitchOptions } from '../driver-options.js';
import type { SwitchEvent } from './event.js';
import {
  conferenceText,
  eavesdropText,
  keepingVariables,
  originateText,
  parkText,
  redirectText,
  refusalOf,
  setVariable,
  setVariables,
  simpleText,
} from './from-core.js';
import type { Leg } from './leg.js';
import { causeOfName, NAME_OF_CAUSE, nativeOf, nativeOfName, releaseOf } from './release-cause.js';

const MAIN = asId<SwitchId>('main');
const options = freeswitchOptions.parse({ esl: { host: '127.0.0.1', password: 'p' } });
const command = (more: object): DriverCommand =>
  ({ commandId: 'k1', boundMs: 5_000, connectionId: 'main~u1', ...more }) as unknown as DriverCommand;
const text = (more: object) => simpleText(command(more) as never, 'u1');

describe('commands', () => {
  it('say to the channel what the contract says', () => {
    expect(text({ type: 'claim', mark: { callId: 'e-c1' } })).toBe('uuid_setvar u1 cordboard_call e-c1');
    expect(text({ type: 'ring' })).toBe('uuid_ring_ready u1');
    expect(text({ type: 'answer' })).toBe('uuid_answer u1');
    expect(text({ type: 'clear', cause: 'busy' })).toBe('uuid_kill u1 USER_BUSY');
    expect(text({ type: 'sendDigits', digits: '12#', toneMs: 99.6, gapMs: 50 })).toBe('uuid_send_dtmf u1 12#@100');
    expect(text({ type: 'mute', mode: 'mute' })).toBe('uuid_audio u1 start read mute -1');
    expect(text({ type: 'mute', mode: 'unmute' })).toBe('uuid_audio u1 stop');
    for (const type of ['bridge', 'play', 'record', 'holdMusic', 'flash']) expect(text({ type })).toBeUndefined();
  });

  it('set, clear and move', () => {
    expect(setVariable('u1', 'a', 'b')).toBe('uuid_setvar u1 a b');
    expect([setVariable('u1', 'a'), setVariable('u1', 'a', '')]).toEqual(['uuid_setvar u1 a', 'uuid_setvar u1 a']);
    expect(setVariables('u1', { a: 'b', c: 'd' })).toBe('uuid_setvar_multi u1 a=b;c=d');
    expect(parkText('u1')).toBe('uuid_transfer u1 park inline');
    expect(conferenceText('u1', 'cb-b1', 'cordboard')).toBe('uuid_transfer u1 conference:cb-b1@cordboard,park inline');
    const ear = (mode: 'listen' | 'whisper') => eavesdropText('u1', { targetId: 'u2', mode });
    expect(ear('listen')).toBe('uuid_transfer u1 set:eavesdrop_whisper_bleg=false,eavesdrop:u2,park inline');
    expect(ear('whisper')).toBe('uuid_transfer u1 set:eavesdrop_whisper_bleg=true,eavesdrop:u2,park inline');
  });

  it('give a call back to a number, to what its phone has dialled, or to the fallback', () => {
    const leg = (direction: string, device: string, number: string): Leg =>
      ({ id: 'u1', direction, device, called: { number, presentation: 'allowed' } }) as never;
    const back = (one: Leg, number?: string) => redirectText(one, number, options);
    const to = (number: string): string => `uuid_transfer u1 ${number} XML default`;
    expect(back(leg('incoming', 'main:trunk:carrier', '4001'))).toBe(to('cordboard-fallback'));
    expect(back(leg('incoming', 'main:extension:8001', '4001'))).toBe(to('4001'));
    expect(back(leg('incoming', 'main:extension:8001', '-bleg'))).toBe(to('cordboard-fallback'));
    expect(back(leg('outgoing', 'main:extension:8001', '4001'))).toBe(to('cordboard-fallback'));
    expect(back(leg('incoming', 'main:extension:8001', '4001'), '8900')).toBe(to('8900'));
  });

  it('dial with our id, our mark and a bound that outlasts ours', () => {
    const dial = (more: object) =>
      originateText(
        command({
          type: 'originate',
          connectionId: 'main~x1',
          target: { kind: 'device', device: 'main:extension:8001' },
          mark: { callId: 'e-c1' },
          ringTimeoutMs: 20_001,
          ...more,
        }) as never,
        options,
      );
    const variables = (line: string): string[] => (/^originate \{([^}]*)\}/u.exec(line)?.[1] ?? '').split(',');
    const plain = [
      'origination_uuid=x1',
      'cordboard=out',
      'cordboard_call=e-c1',
      'cordboard_device=extension:8001',
      ...Object.entries(keepingVariables(options)).map(([name, value]) => `${name}=${value}`),
      'ignore_early_media=true',
      'originate_timeout=24',
      'call_timeout=24',
    ];
    expect(keepingVariables(options)).toMatchObject({ park_after_bridge: 'true', hangup_after_bridge: 'false' });
    expect(variables(dial({}))).toEqual(plain);
    expect(dial({})).toMatch(/8001\S* &park\(\)$/u);
    expect(variables(dial({ callerNumber: '+1{2}', callerName: "a'b" })).slice(plain.length)).toEqual([
      'origination_caller_id_number=+12',
      "origination_caller_id_name='a b'",
    ]);
    expect(variables(dial({ ring: 'silent' })).slice(plain.length)).toEqual(['alert_info=silent']);
    expect(variables(dial({ ring: 'silent', autoAnswer: 'ask' })).slice(plain.length)).toEqual([
      'sip_auto_answer=true',
    ]);
    const outside = dial({ target: { kind: 'number', trunk: 'main:trunk:carrier', number: '9,0139' } });
    expect(variables(outside)).toContain('cordboard_number=90139');
    expect(variables(outside)).toContain('cordboard_device=trunk:carrier');
    expect(outside).toMatch(/carrier\S*90139\S* &park\(\)$/u);
  });
});

describe('what no FreeSWITCH could do', () => {
  const mark = { callId: 'e-c1' };
  const originate = {
    ...{ type: 'originate', connectionId: 'main~x.1', ringTimeoutMs: 20_000, mark },
    target: { kind: 'device', device: 'main:extension:8001' },
  };
  const bridge = { type: 'bridge', bridgeId: 'b1', connectionIds: ['main~1'] };
  const digits = { type: 'sendDigits', digits: '1', toneMs: 100, gapMs: 100 };
  const record = { type: 'record', recordingId: 'e-w1', format: 'wav' };
  const many = (length: number): readonly object[] => Array.from({ length }, () => ({ kind: 'silence', forMs: 1 }));

  it.each<object>([
    { ...bridge, boundMs: 100 },
    { ...bridge, boundMs: 60_000 },
    { ...originate, ringTimeoutMs: 1_000 },
    { ...originate, ringTimeoutMs: 300_000 },
    { ...originate, target: { kind: 'device', device: 'main:line:3' } },
    { ...originate, target: { kind: 'number', trunk: 'main:trunk:c', number: '9,,1' } },
    { ...digits, digits: '0123456789*#ABCD', toneMs: 40, gapMs: 1_000 },
    { type: 'claim', mark },
    { type: 'play', media: many(1) },
    { type: 'play', media: many(100) },
    { type: 'holdMusic', mode: 'start' },
    { type: 'holdMusic', mode: 'start', musicClass: 'my_class-1.0' },
    { type: 'redirect' },
    { type: 'redirect', number: '*8900#' },
    record,
    { ...record, format: 'ulaw' },
    ...['ring', 'answer', 'clear', 'unbridge', 'stopPlay', 'collectDigits', 'mute'].map((type) => ({ type })),
    ...['controlRecording', 'monitor', 'stopMonitor'].map((type) => ({ type })),
  ])('is none of these: %j', (more) => {
    expect(refusalOf(command(more), MAIN)).toBeUndefined();
  });

  it.each<object>([
    { ...bridge, boundMs: 99 },
    { ...bridge, boundMs: 60_001 },
    { ...bridge, connectionIds: [] },
    { ...bridge, bridgeId: 'a b' },
    { ...bridge, bridgeId: 'cb-b' },
    { ...originate, connectionId: 'other~x' },
    { ...originate, connectionId: 'main~cb-x' },
    { ...originate, connectionId: `main~${'x'.repeat(37)}` },
    { ...originate, mark: { callId: 'a b' } },
    { ...originate, ringTimeoutMs: 999 },
    { ...originate, ringTimeoutMs: 300_001 },
    { ...originate, target: { kind: 'device', device: 'other:extension:8001' } },
    { ...originate, target: { kind: 'device', device: 'main:extension:8001&x' } },
    { ...originate, target: { kind: 'device', device: 'main:trunk:c' } },
    { ...originate, target: { kind: 'number', trunk: 'main:extension:8001', number: '1' } },
    { ...originate, target: { kind: 'number', trunk: 'main:trunk:c', number: ',' } },
    { ...digits, digits: '' },
    { ...digits, digits: 'E' },
    { ...digits, toneMs: 39 },
    { ...digits, toneMs: 1_001 },
    { ...digits, gapMs: 39 },
    { ...digits, gapMs: 1_001 },
    { type: 'claim', mark: { callId: '' } },
    { type: 'play', media: [] },
    { type: 'play', media: many(101) },
    { type: 'holdMusic', mode: 'start', musicClass: '../x' },
    { type: 'redirect', number: '-bleg' },
    { ...record, recordingId: '../x' },
    { ...record, recordingId: 'a..b' },
  ])('is this: %j', (more) => {
    expect(refusalOf(command(more), MAIN)).toBe('invalid');
  });

  it('is a flash, GSM in WAV, and what only a PBX does by itself', () => {
    for (const more of [{ type: 'flash' }, { ...record, format: 'wav49' }, { type: 'makeCall' }]) {
      expect(refusalOf(command(more), MAIN)).toBe('notSupported');
    }
  });
});

describe('causes', () => {
  const event = (headers: Readonly<Record<string, string>>): SwitchEvent => ({
    name: 'CHANNEL_HANGUP_COMPLETE',
    get: (name) => headers[name],
  });

  it('that we give tell the far end as much as its signalling can', () => {
    const told = Object.fromEntries(RELEASE_CAUSES.map((cause) => [cause, causeOfName(NAME_OF_CAUSE[cause])]));
    const plain = ['transferred', 'replaced', 'forcedRelease', 'shutdown', 'lostInOutage', 'unknown'];
    expect(told).toEqual({
      ...Object.fromEntries(RELEASE_CAUSES.map((cause) => [cause, plain.includes(cause) ? 'normalClearing' : cause])),
      blocked: 'rejected',
      failure: 'congestion',
    });
  });

  it('of the switch alone mean what its sources say', () => {
    const names = {
      BLIND_TRANSFER: 'transferred',
      ATTENDED_TRANSFER: 'transferred',
      MANAGER_REQUEST: 'forcedRelease',
      SYSTEM_SHUTDOWN: 'shutdown',
      ORIGINATOR_CANCEL: 'cancelled',
      LOSE_RACE: 'answeredElsewhere',
      PICKED_OFF: 'replaced',
      ALLOTTED_TIMEOUT: 'noAnswer',
      PROGRESS_TIMEOUT: 'noAnswer',
      NO_PICKUP: 'noAnswer',
      USER_NOT_REGISTERED: 'deviceUnreachable',
      GATEWAY_DOWN: 'deviceUnreachable',
      BUSY_EVERYWHERE: 'busy',
      DECLINE: 'rejected',
      UNWANTED: 'rejected',
      DOES_NOT_EXIST_ANYWHERE: 'unallocatedNumber',
      NOT_ACCEPTABLE: 'incompatible',
      OUTGOING_CALL_BARRED: 'blocked',
      INCOMING_CALL_BARRED: 'blocked',
      BOWOUT: 'normalClearing',
      NONE: 'unknown',
      INTERWORKING: 'unknown',
      MEDIA_TIMEOUT: 'failure',
      OF_A_LATER_VERSION: 'failure',
    };
    expect(Object.fromEntries(Object.keys(names).map((name) => [name, causeOfName(name)]))).toEqual(names);
    expect(causeOfName(undefined)).toBe('unknown');
  });

  it('keep the number of Q.850 that belongs to the word, else what is told beside it', () => {
    const of = (name: string, q850?: string) =>
      nativeOf(event({ 'Hangup-Cause': name, ...(q850 === undefined ? {} : { variable_hangup_cause_q850: q850 }) }))
        .q850;
    const by = {
      UNALLOCATED_NUMBER: 1,
      NO_ROUTE_DESTINATION: 3,
      NORMAL_CLEARING: 16,
      USER_BUSY: 17,
      NO_USER_RESPONSE: 18,
    };
    const more = { NO_ANSWER: 19, CALL_REJECTED: 21, LOSE_RACE: 26, NORMAL_CIRCUIT_CONGESTION: 34, INTERWORKING: 127 };
    for (const [name, q850] of Object.entries({ ...by, ...more })) expect(of(name, '16'), name).toBe(q850);
    expect([of('SYSTEM_SHUTDOWN', '16'), of('OF_A_LATER_VERSION', '99'), of('OF_A_LATER_VERSION')]).toEqual([
      undefined,
      99,
      undefined,
    ]);
    expect(['0', '128', '1x', '1000', '-1', ''].map((text) => of('OF_A_LATER_VERSION', text))).toEqual(
      Array(6).fill(undefined),
    );
  });

  it('keep the word and the answer of the far end, bounded', () => {
    expect(nativeOf(event({ variable_hangup_cause: 'USER_BUSY', variable_sip_term_status: '486' }))).toEqual({
      ...{ q850: 17, sip: 486, text: 'USER_BUSY' },
    });
    expect(nativeOf(event({ variable_proto_specific_hangup_cause: 'sip:603' }))).toEqual({ sip: 603 });
    expect(nativeOf(event({ variable_sip_term_status: '700' }))).toEqual({});
    expect(nativeOf(event({ 'Hangup-Cause': 'X'.repeat(200) })).text).toHaveLength(128);
    expect(nativeOfName('USER_NOT_REGISTERED')).toEqual({ text: 'USER_NOT_REGISTERED' });
    expect([nativeOfName('no such channel'), nativeOfName('')]).toEqual([{}, {}]);
  });

  it('say who wanted the end, then how far the call was, then the word', () => {
    const leg = { direction: 'incoming', state: 'connected' } as const;
    const cause = (more: object, text?: string) =>
      releaseOf({ ...leg, ...more }, text === undefined ? {} : { text }).cause;
    expect(cause({ clearing: 'busy', replacedBy: 'main~2' }, 'SYSTEM_SHUTDOWN')).toBe('shutdown');
    expect(cause({ clearing: 'busy', replacedBy: 'main~2' }, 'NORMAL_CLEARING')).toBe('replaced');
    expect(cause({ clearing: 'busy' }, 'NORMAL_CLEARING')).toBe('busy');
    expect(cause({ state: 'initiated' }, 'NORMAL_CLEARING')).toBe('cancelled');
    expect(cause({ state: 'initiated' })).toBe('cancelled');
    expect(cause({ state: 'initiated' }, 'USER_BUSY')).toBe('busy');
    expect(cause({ state: 'alerting', direction: 'outgoing' }, 'NORMAL_CLEARING')).toBe('normalClearing');
    expect(cause({ state: 'alerting', direction: 'outgoing' })).toBe('unknown');
    expect(cause({}, 'PICKED_OFF')).toBe('answeredElsewhere');
    expect([cause({}, 'NONE'), cause({})]).toEqual(['normalClearing', 'normalClearing']);
    expect(releaseOf(leg, {})).toEqual({ cause: 'normalClearing' });
    expect(releaseOf(leg, { q850: 16 })).toEqual({ cause: 'normalClearing', native: { q850: 16 } });
  });
});
