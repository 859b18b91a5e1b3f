import { asId, CtiError, deviceId, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { LineAbilities, LineDevice, LineDeviceSink } from '../src/index.js';
import { createUsbBoxDriver } from '../src/index.js';
import { Bench, closeBenches, LINE, useBench } from './harness.js';

afterEach(closeBenches);

/** A device that writes down what it is told; what it tells is up to the test. */
class ScriptedDevice implements LineDevice {
  readonly told: string[] = [];
  readonly abilities: LineAbilities;
  sink: LineDeviceSink | undefined;
  /** Orders that are refused. */
  readonly refuses = new Set<string>();

  constructor(abilities: LineAbilities) {
    this.abilities = abilities;
  }

  async open(sink: LineDeviceSink): Promise<void> {
    this.sink = sink;
  }
  hook = (state: 'on' | 'off'): Promise<void> => this.#order(`hook ${state}`);
  flash = (forMs: number): Promise<void> => this.#order(`flash ${forMs}`);
  dial = (digits: string): Promise<void> => this.#order(`dial ${digits}`);
  direct = (way: string): Promise<void> => this.#order(`direct ${way}`);
  close = async (): Promise<void> => void this.told.push('close');

  async #order(what: string): Promise<void> {
    this.told.push(what);
    if (this.refuses.has(what)) throw new CtiError('device.refused', 'the device says no');
  }
}

/** A voice modem: hears or plays, dials by itself, has ears of its own. */
const MODEM: LineAbilities = {
  detects: new Set(['ring', 'callerId', 'dtmf', 'progress', 'answer'] as const),
  sound: 'half',
  listensOnHook: 'deaf',
  hook: 'soft',
  dials: 'itself',
  phone: 'none',
  ringsPhone: 'silent',
};
/** A unit that only tells who calls. */
const WATCHER: LineAbilities = {
  ...MODEM,
  detects: new Set(['ring', 'callerId', 'phoneHook'] as const),
  sound: 'none',
  hook: 'none',
  dials: 'none',
  phone: 'parallel',
};

async function on(
  abilities: LineAbilities,
  line: object = {},
): Promise<{ readonly b: Bench; readonly device: ScriptedDevice }> {
  const device = new ScriptedDevice(abilities);
  const b = await useBench(new Bench({ line: { device: () => device, ...line } }));
  return { b, device };
}

describe('a half-duplex device with ears of its own', () => {
  it('can do what half a line allows', async () => {
    const { b } = await on(MODEM);
    expect([...b.driver.capabilities].sort()).toEqual(
      [
        'answer',
        'claim',
        'clear',
        'collectDigits',
        'controlRecording',
        'devices',
        'flash',
        'holdMusic',
        'mute',
        'originate',
        'play',
        'record',
        'ring',
        'sendDigits',
        'stopPlay',
      ].sort(),
    );
    expect((await b.sees('linkSynced')).capabilities).not.toContain('bridge');
  });

  it('is turned round to play, and back to hear', async () => {
    const { b, device } = await on(MODEM);
    device.sink?.event({ type: 'signal', signal: 'ringStart' });
    await b.clock.tick(200);
    expect(b.of('created')).toEqual([]);
    device.sink?.event({ type: 'callerId', callerId: { method: 'fsk', number: '13900001111', name: 'ANN' } });
    const { connectionId, calling } = await b.sees('created', { withinMs: 100 });
    expect(calling).toEqual({ number: '13900001111', name: 'ANN', presentation: 'allowed' });
    await b.accepted({ type: 'answer', connectionId });
    await b.accepted({
      type: 'play',
      connectionId,
      playbackId: asId('p'),
      media: [{ kind: 'prompt', prompt: 'welcome' }],
    });
    const block = new Int16Array(160);
    for (let n = 0; n < 100; n++) {
      device.sink?.wanted(block);
      await b.clock.tick(20);
    }
    expect((await b.sees('playbackFinished')).outcome).toBe('done');
    expect(device.told).toEqual(['hook off', 'direct hear', 'direct play', 'direct hear']);
    device.sink?.event({ type: 'digit', from: 'line', digit: '5' });
    device.sink?.event({ type: 'remoteHangup', by: 'modem' });
    await b.sees('cleared');
    expect(b.story(connectionId).slice(-2)).toEqual(['digit 5', 'cleared normalClearing modem 0.9']);
    expect(device.told.at(-1)).toBe('hook on');
  });

  it('dials by itself, and its word is taken for what becomes of the call', async () => {
    const { b, device } = await on(MODEM);
    const id = await b.originate('0,13900001111.5');
    await b.clock.tick(100);
    expect(device.told).toEqual(['hook off', 'dial 0,13900001111,5', 'direct hear']);
    device.sink?.event({ type: 'tone', tone: 'ringback', state: 'begins' });
    device.sink?.event({ type: 'answer', by: 'modem' });
    await b.sees('connected', { on: id });
    device.sink?.event({ type: 'tone', tone: 'busy', state: 'begins' });
    await b.clock.tick(1_000);
    expect(b.of('cleared')).toEqual([]);
    await b.sees('cleared', { on: id });
    expect(b.story(id)).toEqual([
      'created',
      'alerting ringback 0.9',
      'connected modem 0.9',
      'cleared normalClearing tone:busy 0.9',
    ]);
  });

  it('that reports one reversal twice ends no call by it', async () => {
    const { b, device } = await on(MODEM);
    const id = await b.originate('010');
    await b.clock.tick(100);
    device.sink?.event({ type: 'answer', by: 'polarity' });
    device.sink?.event({ type: 'signal', signal: 'polarity' });
    await b.clock.tick(2_000);
    expect(b.story(id)).toEqual(['created', 'connected polarity 1']);
    device.sink?.event({ type: 'signal', signal: 'polarity' });
    expect((await b.sees('cleared')).release.evidence?.by).toBe('polarity');
  });

  it('that refuses to answer or to dial ends the call and says so', async () => {
    const { b, device } = await on(MODEM);
    device.refuses.add('hook off');
    device.sink?.event({ type: 'signal', signal: 'ringStart' });
    device.sink?.event({ type: 'callerId', callerId: { method: 'fsk', number: '139' } });
    const { connectionId } = await b.sees('created');
    expect(await b.give({ type: 'answer', connectionId })).toMatchObject({
      outcome: 'refused',
      code: 'rejected',
      native: 'device.refused',
    });
    expect((await b.sees('cleared')).release.cause).toBe('failure');
    await b.clock.tick(3_000);
    const id = await b.originate('010');
    expect((await b.sees('cleared', { on: id })).release.cause).toBe('deviceUnreachable');
    device.refuses.clear();
    device.refuses.add('dial 010');
    await b.clock.tick(3_000);
    const again = await b.originate('010');
    expect((await b.sees('cleared', { on: again })).release.cause).toBe('failure');
    expect(device.told.at(-1)).toBe('hook on');
  });
});

describe('a unit that only watches', () => {
  it('tells who calls and who lifts, and can do nothing about it', async () => {
    const { b, device } = await on(WATCHER);
    expect([...b.driver.capabilities].sort()).toEqual(['bridge', 'claim', 'devices', 'ring', 'unbridge']);
    device.sink?.event({ type: 'signal', signal: 'ringStart' });
    device.sink?.event({ type: 'callerId', callerId: { method: 'fsk', number: '139' } });
    const { connectionId } = await b.sees('created');
    expect(await b.give({ type: 'answer', connectionId })).toMatchObject({ code: 'notSupported' });
    device.sink?.event({ type: 'phoneHook', hook: 'off' });
    await b.sees('connected', { on: connectionId });
    device.sink?.event({ type: 'phoneHook', hook: 'on' });
    expect((await b.sees('cleared', { on: connectionId })).release.evidence).toEqual({ by: 'hook', confidence: 1 });
    expect(device.told).toEqual([]);
  });
});

describe('options', () => {
  const host = {
    clock: new SimulatedClock(),
    random: () => 0.5,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
  const device = (): LineDevice => new ScriptedDevice(MODEM);

  it('are refused with the place of what is wrong', () => {
    const wrong = (options: unknown, kinds = {}): string => {
      try {
        createUsbBoxDriver(options as never, { kinds });
        return 'taken';
      } catch (error) {
        return String((error as CtiError).details.path);
      }
    };
    expect(wrong({ lines: [] })).toBe('lines');
    expect(wrong({ lines: Array.from({ length: 129 }, (_, n) => ({ name: `l${n}`, device })) })).toBe('lines');
    expect(
      wrong({
        lines: [
          { name: 'one', device },
          { name: 'one', device },
        ],
      }),
    ).toBe('lines.1.name');
    expect(
      wrong({
        lines: [
          { name: 'a', device, phone: { extension: '1' } },
          { name: 'b', device, phone: { extension: '1' } },
        ],
      }).slice(0, 7),
    ).toBe('lines.1');
    expect(wrong({ lines: [{ name: 'one', device, flashMs: '2s' }] })).toBe('lines.0.flashMs');
    expect(wrong({ lines: [{ name: 'one', device: { kind: 'nix' } }] })).toBe('lines.0.device.kind');
    expect(wrong({ lines: [{ name: 'one', device: { kind: 'mine', port: 'x' } }] }, { mine: () => device })).toBe(
      'taken',
    );
  });

  it('of a country without tones are refused when the driver is made', () => {
    const factory = createUsbBoxDriver({ lines: [{ name: 'one', device, country: 'QQ' }] });
    expect(() => factory(asId<SwitchId>('box'), host)).toThrow(/no set of tones/);
  });

  it('take tones that were learnt in the place of the country’s', () => {
    const factory = createUsbBoxDriver({
      lines: [{ name: 'one', device, tones: { busy: { hz: 400, cadence: [500, 500] } } }],
    });
    const driver = factory(asId<SwitchId>('box'), host);
    expect(driver.capabilities.has('originate')).toBe(true);
    expect(deviceId(asId<SwitchId>('box'), 'line', 'one')).toBe(LINE);
  });
});
