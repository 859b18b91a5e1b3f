import {
  asId,
  type CommandId,
  type ConnectionId,
  type DeviceId,
  type DriverCommand,
  type RecordingId,
  type SwitchId,
} from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { asteriskOptions } from '../options.js';
import { decodeAriEvent } from '../wire/ari-decoder.js';
import type { AriChannel, AriEvent } from '../wire/ari-messages.js';
import { DeviceModel } from './devices.js';
import { createRequest, declineTransfer, dialRequest, refusalOf, simpleRequest } from './from-core.js';
import { rawParty } from './leg.js';
import { toSegments } from './media.js';
import { causeOfQ850, Q850_OF_CAUSE, releaseOf } from './release-cause.js';
import { ourChannels, ourSnoops, surveyOf } from './survey.js';
import { CallModel } from './to-core.js';

const MAIN = asId<SwitchId>('main');
const options = asteriskOptions.parse({
  ari: { url: 'http://127.0.0.1:8088', user: 'u', password: 'p' },
  promptPrefix: 'cb/',
});
const channel = (id: string, name: string, more: Partial<AriChannel> = {}): AriChannel => ({
  id,
  name,
  state: 'Up',
  caller: { name: '', number: '' },
  connected: { name: '', number: '' },
  ...more,
});

describe('toSegments', () => {
  it('plays each sound by itself, in the words of Asterisk', () => {
    expect(
      toSegments(
        [
          { kind: 'prompt', prompt: 'front/menu', language: 'zh' },
          { kind: 'prompt', prompt: '/abs/file' },
          { kind: 'silence', forMs: 250 },
          { kind: 'digits', text: '12#' },
          { kind: 'number', value: 42 },
          { kind: 'tone', tone: 'ringback' },
          { kind: 'recording', recordingId: asId<RecordingId>('e1-w1') },
        ],
        options,
      ),
    ).toEqual([
      { kind: 'media', uri: 'sound:cb/front/menu', ends: 'byItself', language: 'zh' },
      { kind: 'media', uri: 'sound:/abs/file', ends: 'byItself' },
      { kind: 'pause', forMs: 250 },
      { kind: 'media', uri: 'digits:12#', ends: 'byItself' },
      { kind: 'media', uri: 'number:42', ends: 'byItself' },
      { kind: 'media', uri: 'tone:ring', ends: 'whenStopped' },
      { kind: 'media', uri: 'recording:e1-w1', ends: 'byItself', stored: 'e1-w1' },
    ]);
  });

  it.each([
    { kind: 'prompt', prompt: '../../etc/passwd' },
    { kind: 'prompt', prompt: 'a,tone:busy' },
    { kind: 'prompt', prompt: 'http://x/y:z' },
    { kind: 'prompt', prompt: '' },
    { kind: 'digits', text: '12x' },
    { kind: 'speech', text: 'hello', language: 'en' },
    { kind: 'recording', recordingId: asId<RecordingId>('../../spool/x') },
    { kind: 'recording', recordingId: asId<RecordingId>('a,tone:busy') },
    { kind: 'number', value: Number.NaN },
    { kind: 'prompt', prompt: 'ok', language: '../x' },
  ] as const)('refuses %o', (ref) => {
    expect(toSegments([ref], options)).toBeUndefined();
  });
});

describe('release causes', () => {
  it('maps what Asterisk says and back', () => {
    expect([0, 1, 3, 16, 17, 18, 19, 20, 21, 26, 27, 34, 127, undefined].map(causeOfQ850)).toEqual([
      'unknown',
      'unallocatedNumber',
      'unallocatedNumber',
      'normalClearing',
      'busy',
      'noAnswer',
      'noAnswer',
      'deviceUnreachable',
      'rejected',
      'answeredElsewhere',
      'deviceUnreachable',
      'congestion',
      'failure',
      'unknown',
    ]);
    for (const q850 of Object.values(Q850_OF_CAUSE)) expect(causeOfQ850(q850)).not.toBe('unknown');
  });

  it('takes our wish first, then the way of the call, then the code', () => {
    const leg = { direction: 'incoming', state: 'connected' } as const;
    expect(releaseOf({ ...leg, clearing: 'forcedRelease' }, { q850: 16 }).cause).toBe('forcedRelease');
    expect(releaseOf({ ...leg, state: 'initiated' }, { q850: 127 }).cause).toBe('cancelled');
    expect(releaseOf({ direction: 'outgoing', state: 'alerting' }, { q850: 19 }).cause).toBe('noAnswer');
    expect(releaseOf({ ...leg, hangup: { q850: 4 } }, { q850: 16 }).cause).toBe('shutdown');
    expect(releaseOf(leg, {}).cause).toBe('normalClearing');
  });
});

describe('commands', () => {
  const base = { commandId: asId<CommandId>('k1'), boundMs: 5_000 };
  const originate: Extract<DriverCommand, { type: 'originate' }> = {
    ...base,
    type: 'originate',
    connectionId: asId<ConnectionId>('main~x.1'),
    target: { kind: 'number', trunk: asId<DeviceId>('main:trunk:carrier'), number: '9,013800138000' },
    mark: { callId: asId('e-c1') },
    ringTimeoutMs: 20_400,
    callerNumber: '+8613900000000',
    callerName: 'A "quoted" <name>\u0000',
    autoAnswer: 'ask',
  };

  it('dials with our id, our mark and a caller name that can not break out', () => {
    const request = createRequest(originate, options);
    expect(request.path).toBe('/channels/create');
    expect(request.query).toEqual({
      endpoint: 'PJSIP/9013800138000@carrier',
      app: 'cordboard',
      appArgs: 'out,trunk,9013800138000',
      channelId: 'x.1',
    });
    const caller = '"A  quoted   name" <+8613900000000>';
    expect(request.body).toMatchObject({
      variables: {
        CORDBOARD_CALL: 'e-c1',
        'PJSIP_TRANSFER_HANDLING()': 'ari-only',
        'CALLERID(all)': caller,
        'CONNECTEDLINE(all,i)': caller,
      },
    });
    expect(dialRequest('x.1', 20_001)).toEqual({
      method: 'POST',
      path: '/channels/x.1/dial',
      query: { timeout: '21' },
    });
    expect(refusalOf(originate, MAIN)).toBeUndefined();
  });

  it('asks for a silent ring where it is wanted, and not of a phone that is to answer by itself', () => {
    const header = 'PJSIP_HEADER(add,Alert-Info)';
    const variables = (command: typeof originate): unknown =>
      (createRequest(command, options).body as { readonly variables: unknown }).variables;
    const { autoAnswer: _, ...plain } = originate;
    expect(variables({ ...plain, ring: 'silent' })).toHaveProperty([header], '<http://cordboard>;info=silent');
    expect(variables(plain)).not.toHaveProperty([header]);
    expect(variables({ ...originate, ring: 'silent' })).toHaveProperty(
      [header],
      '<http://cordboard>;info=alert-autoanswer;delay=0',
    );
  });

  it.each<[string, Partial<DriverCommand>]>([
    ['an id of another switch', { connectionId: asId('other~x') }],
    ['an id of our own helpers', { connectionId: asId('main~cb-x') }],
    ['an id that is no path', { connectionId: asId('main~a/b') }],
    ['a number with letters', { target: { kind: 'number', trunk: asId('main:trunk:c'), number: '12&SIP/x' } }],
    ['a device of another switch', { target: { kind: 'device', device: asId('b:extension:1') } }],
    ['an address with options', { target: { kind: 'device', device: asId('main:extension:1&PJSIP/2') } }],
    ['a trunk as a device', { target: { kind: 'device', device: asId('main:trunk:c') } }],
    ['no bound', { boundMs: 5 }],
    ['an endless ring', { ringTimeoutMs: 1e9 }],
  ])('refuses %s', (_, wrong) => {
    expect(refusalOf({ ...originate, ...wrong } as DriverCommand, MAIN)).toBe('invalid');
  });

  it('gives a call back behind Stasis(), or to an extension of the plain context', () => {
    const back = { ...base, type: 'redirect', connectionId: asId<ConnectionId>('main~1.2') } as const;
    const request = { method: 'POST', path: '/channels/1.2/continue' };
    expect(refusalOf(back, MAIN)).toBeUndefined();
    expect(simpleRequest(back, '1.2', options)).toEqual(request);
    expect(simpleRequest({ ...back, number: '8900' }, '1.2', options)).toEqual({
      ...request,
      query: { context: options.context, extension: '8900', priority: '1' },
    });
    expect(refusalOf({ ...back, number: 'a b' }, MAIN)).toBe('invalid');
  });

  it('gives the cause to the far end', () => {
    const clear = { ...base, type: 'clear', connectionId: asId<ConnectionId>('main~1.2'), cause: 'busy' } as const;
    expect(simpleRequest(clear, '1.2', options)).toEqual({
      method: 'DELETE',
      path: '/channels/1.2',
      query: { reason_code: '17' },
    });
  });
});

describe('rawParty', () => {
  it('tells withheld from unavailable and cuts what is too long', () => {
    expect(rawParty({ number: 'anonymous', name: 'Anonymous' })).toEqual({
      number: '',
      name: 'Anonymous',
      presentation: 'withheld',
    });
    expect(rawParty({ number: '<unknown>', name: '<unknown>' })).toEqual({ number: '', presentation: 'unavailable' });
    expect(rawParty({ number: '1'.repeat(99), name: 'n'.repeat(999) })).toMatchObject({
      number: '1'.repeat(64),
      name: 'n'.repeat(128),
      presentation: 'allowed',
    });
  });
});

describe('a REFER', () => {
  const channel = (name: string, id: string) => ({
    id,
    name: `PJSIP/${name}-00000001`,
    state: 'Up',
    caller: { name: '', number: '1' },
    connected: { name: '', number: '' },
    dialplan: { exten: '4001', app_name: 'Stasis', app_data: '' },
  });
  const told = (name: string, args: string[], event: object): readonly string[] => {
    const model = new CallModel({ switchId: MAIN, trunks: [] });
    const source_channel = channel(name, '1.1');
    const apply = (what: object) => {
      const frame = decodeAriEvent(JSON.stringify(what));
      if (frame.type === 'unreadable') throw new Error('no event of Asterisk');
      return model.apply(frame);
    };
    apply({ type: 'StasisStart', args, channel: source_channel });
    return apply({ ...event, channel: source_channel, referred_by: { source_channel } }).map((effect) =>
      effect.kind === 'tell' ? effect.event.type : effect.kind,
    );
  };
  const asked = { type: 'ChannelTransfer', refer_to: { requested_destination: { destination: '00900123' } } };
  const done = { type: 'BridgeBlindTransfer', exten: '00900123', result: 'Success' };

  it('of a phone is told', () => {
    expect(told('8001', ['device'], asked)).toEqual(['transferRequested']);
    expect(told('8001', ['device'], done)).toEqual(['transferRequested', 'undo']);
  });

  it('from outside is declined, and taken back where Asterisk did not ask', () => {
    expect(told('carrier', ['trunk'], asked)).toEqual(['declineTransfer']);
    expect(told('carrier', ['trunk'], done)).toEqual(['undo']);
    expect(declineTransfer('1.1')).toEqual({
      method: 'POST',
      path: '/channels/1.1/transfer_progress',
      query: { states: 'channel_declined' },
    });
  });
});

describe('survey', () => {
  it('finds what is ours and leaves the rest alone', () => {
    const stasis = (data: string) => ({ dialplan: { app_name: 'Stasis', app_data: data } });
    const survey = surveyOf({
      channels: [
        channel('1.1', 'PJSIP/trunk-00000001', stasis('cordboard,trunk')),
        channel('x1', 'PJSIP/8001-00000002', stasis('cordboard,out')),
        channel('x2', 'PJSIP/8002-00000003', { state: 'Ringing', ...stasis('cordboard,out') }),
        channel('y', 'PJSIP/8003-00000004', { state: 'Ringing', dialplan: { app_name: 'AppDial2' } }),
        channel('z', 'PJSIP/8004-00000005', stasis('cordboardx,out')),
        channel('cb-rec-r1-m', 'Snoop/1.1-00000001', stasis('cordboard,helper')),
        { id: 'broken' },
      ],
      bridges: [{ id: 'b1', channels: ['1.1', 'x1'] }, { id: 'cb-mon-x', channels: ['x1'] }, 'nonsense'],
      endpoints: { not: 'a list' },
    });
    expect(
      ourChannels(survey, 'cordboard').map(({ channel: { id }, args, place, bridgeId }) => [id, args, place, bridgeId]),
    ).toEqual([
      ['1.1', ['trunk'], 'in', 'b1'],
      ['x1', ['out'], 'in', 'b1'],
      ['x2', ['out'], 'before', undefined],
    ]);
    expect(ourSnoops(survey)).toEqual([{ snoopId: 'cb-rec-r1-m', targetId: '1.1' }]);
    expect(survey.endpoints).toEqual([]);
  });
});

describe('DeviceModel', () => {
  const model = (): DeviceModel => new DeviceModel({ switchId: MAIN, trunks: () => new Set(['carrier']) });
  const event = (type: string, more: object): AriEvent => ({ type, ...more }) as unknown as AriEvent;

  it('tells each change once, from registration and channels', () => {
    const devices = model();
    devices.load(
      [
        { technology: 'PJSIP', resource: '8001', state: 'online' },
        { technology: 'PJSIP', resource: 'carrier', state: 'offline' },
        { technology: 'IAX2', resource: 'x', state: 'online' },
      ],
      [],
    );
    expect(devices.devices).toEqual([
      { device: 'main:extension:8001', presence: 'idle' },
      { device: 'main:trunk:carrier', presence: 'unreachable' },
    ]);
    const at = (state: string): AriChannel => channel('1', 'PJSIP/8001-00000001', { state });
    const told = [
      event('ChannelCreated', { channel: at('Down') }),
      event('ChannelStateChange', { channel: at('Ringing') }),
      event('ChannelStateChange', { channel: at('Ringing') }),
      event('ChannelStateChange', { channel: at('Up') }),
      event('ChannelHold', { channel: at('Up') }),
      event('ChannelUnhold', { channel: at('Up') }),
      event('ChannelDestroyed', { channel: at('Up') }),
      event('EndpointStateChange', {
        endpoint: { technology: 'PJSIP', resource: '8001', state: 'offline', channel_ids: [] },
      }),
    ].map((each) => {
      const change = devices.apply(each);
      return change?.type === 'devicePresence' ? change.presence : '-';
    });
    expect(told).toEqual(['-', 'alerting', '-', 'busy', 'held', 'busy', 'idle', 'unreachable']);
  });

  it('forgets a channel whose end it missed', () => {
    const devices = model();
    devices.load([{ technology: 'PJSIP', resource: '8001', state: 'online' }], [channel('1', 'PJSIP/8001-00000001')]);
    expect(devices.devices[0]?.presence).toBe('busy');
    const gone = { endpoint: { technology: 'PJSIP', resource: '8001', state: 'online', channel_ids: [] } };
    expect(devices.apply(event('EndpointStateChange', gone))).toMatchObject({ presence: 'idle' });
  });
});
