import { asId, type RecordingId } from '@cordboard/cti-core';
import { readWav } from '@cordboard/telephony-dsp';
import { afterEach, describe, expect, it } from 'vitest';
import type { FarStep, VirtualModemOptions } from '../src/simulated/index.js';
import { closeModemBenches, modemBench } from './modem-harness.js';

afterEach(closeModemBenches);

const NUMBERS: Readonly<Record<string, readonly FarStep[]>> = {
  '010': [{ do: 'ringback', cycles: 2 }, { do: 'answer' }, { do: 'say', forMs: 60_000 }],
  '011': [{ do: 'tone', tone: 'busy' }],
  '012': [{ do: 'tone', tone: 'congestion' }],
  '014': [{ do: 'ringback' }],
  '015': [{ do: 'announce', forMs: 12_000 }],
  '016': [{ do: 'colour', forMs: 12_000 }, { do: 'answer' }, { do: 'say', forMs: 20_000 }, { do: 'hangUp' }],
  '017': [
    { do: 'ringback', cycles: 1 },
    { do: 'answer', polarity: 'reversed' },
    { do: 'say', forMs: 5_000 },
    { do: 'hangUp', polarity: 'reversed' },
  ],
};

/** Modems differ: each of these must do. */
const MODELS: Readonly<Record<string, { readonly modem: Partial<VirtualModemOptions>; readonly device?: object }>> = {
  'of 8-bit linear': { modem: {} },
  'that answers in figures, slowly': { modem: { style: 'figures', delayMs: 250 } },
  'that answers with line feeds, in mu-law': {
    modem: {
      style: 'bare',
      keys: 'shielded',
      formats: [{ method: 4, name: 'G.711 ULAW', coding: 'ulaw', rates: [8_000] }],
    },
  },
  'of 7,200 samples a second, A-law, chatty': {
    modem: { chatter: 'chatty', formats: [{ method: 5, name: 'A-LAW', coding: 'alaw', rates: [7_200] }] },
  },
  'of 11,025 samples a second, signed': {
    modem: {
      formats: [{ method: 0, name: 'SIGNED PCM', coding: 'signed', rates: [11_025] }],
      baudRate: 230_400,
    },
    device: { baudRate: 230_400 },
  },
  'of older ways': {
    modem: { rawCallerId: 'knows', keys: 'shielded' },
    device: { answer: 'ata', stopHearing: 'esc', country: '26', init: ['ATM0', 'AT+NONSENSE=1'] },
  },
  'that is duplex': { modem: { duplex: 'full' } },
};

describe('a call that comes in', () => {
  for (const [model, how] of Object.entries(MODELS))
    it(`on a modem ${model} is told with its caller before the second ring, answered, spoken to, heard and ended`, async () => {
      const b = await modemBench(how);
      const startMs = b.clock.nowMs();
      b.modem.callIn({ number: '13900001111', name: '张三' });
      const { connectionId: id, calling } = await b.sees('created');
      expect(b.clock.nowMs() - startMs).toBeLessThan(5_000);
      expect(calling).toEqual({ number: '13900001111', name: '张三', presentation: 'allowed' });
      await b.accepted({ type: 'claim', connectionId: id, mark: { callId: asId('c1') } });
      await b.accepted({ type: 'answer', connectionId: id });
      await b.sees('connected', { on: id });
      const media = [{ kind: 'prompt', prompt: 'welcome' }] as const;
      await b.accepted({ type: 'play', connectionId: id, playbackId: asId('p1'), media });
      expect((await b.sees('playbackFinished', { on: id })).outcome).toBe('done');
      await b.clock.tick(800);
      b.modem.exchange.press('12*0#');
      await b.clock.tick(2_000);
      const digits = b.of('digit', id).map((event) => event.digit);
      expect(digits.join('')).toBe('12*0#');
      b.modem.exchange.press('1122##');
      await b.clock.tick(2_000);
      const again = b.of('digit', id).map((event) => event.digit);
      expect(again.join('')).toBe('12*0#1122##');
      await b.accepted({ type: 'sendDigits', connectionId: id, digits: '47', toneMs: 80, gapMs: 80 });
      await b.clock.tick(1_000);
      expect(b.modem.exchange.keysHeard).toBe('47');
      await b.accepted({ type: 'clear', connectionId: id, cause: 'normalClearing' });
      await b.sees('cleared', { on: id });
      await b.clock.tick(2_000);
      expect([b.modem.hook, b.modem.exchange.state]).toEqual(['on', 'free']);
    });

  it('is told with its caller by formatted lines', async () => {
    const b = await modemBench({ modem: { rawCallerId: 'not' } });
    b.modem.callIn({ number: '13900001111', name: 'ANN LEE' });
    expect((await b.sees('created')).calling).toEqual({
      number: '13900001111',
      name: 'ANN LEE',
      presentation: 'allowed',
    });
  });

  it('says who withholds the number', async () => {
    const b = await modemBench({ modem: { rawCallerId: 'not' } });
    b.modem.callIn({ absence: 'P' });
    expect((await b.sees('created')).calling).toEqual({ number: '', presentation: 'withheld' });
  });

  it('is told with its caller by DTMF where the modem listens on-hook', async () => {
    const b = await modemBench({ modem: { snoops: 'snoops' }, device: { listensOnHook: 'listens' } });
    b.modem.callIn({ number: '13900001111', callerId: 'dtmf' });
    expect((await b.sees('created')).calling.number).toBe('13900001111');
  });

  it('is taken over at the telephone beside the modem', async () => {
    const b = await modemBench({ modem: { phone: 'parallel' }, device: { phone: 'parallel' } });
    const id = await b.talk();
    b.modem.phone.lift();
    expect((await b.sees('lifted')).targetId).toBe(id);
    b.modem.phone.layDown();
    await b.clock.tick(1_000);
    expect(b.of('cleared', id)).toEqual([]);
  });

  it('hears keys while a prompt plays', async () => {
    const b = await modemBench();
    const id = await b.talk();
    const media = [{ kind: 'prompt', prompt: 'long' }] as const;
    await b.accepted({ type: 'play', connectionId: id, playbackId: asId('p1'), media });
    await b.clock.tick(1_000);
    expect(b.modem.mode).toBe('play');
    b.modem.exchange.press('5');
    expect((await b.sees('digit', { on: id, withinMs: 1_000 })).digit).toBe('5');
    await b.accepted({ type: 'stopPlay', connectionId: id, playbackId: asId('p1') });
    await b.clock.tick(1_000);
    expect(b.modem.mode).toBe('hear');
  });

  it('is recorded, both ways', async () => {
    const b = await modemBench();
    const id = await b.talk();
    const recordingId = asId<RecordingId>('r');
    await b.accepted({ type: 'record', connectionId: id, recordingId, tracks: 'mixed', format: 'wav49' });
    const media = [{ kind: 'prompt', prompt: 'welcome' }] as const;
    await b.accepted({ type: 'play', connectionId: id, playbackId: asId('p1'), media });
    await b.clock.tick(8_000);
    b.modem.exchange.hangUp();
    const { release } = await b.sees('cleared', { on: id });
    expect(release).toEqual({ cause: 'normalClearing', evidence: { by: 'tone', confidence: 0.9, tone: 'busy' } });
    const wav = readWav(b.storage.files.get('recordings/r.WAV') ?? new Uint8Array(0));
    expect(wav.ok && !wav.truncated && wav.samples > 60_000).toBe(true);
  });
});

/** What becomes of each number: by our own ears, and by the modem's. */
const FATES: Readonly<Record<string, { readonly sound: readonly string[]; readonly modem?: readonly string[] }>> = {
  '010': {
    sound: ['created', 'alerting ringback 0.9', 'connected ringback-broken 0.9'],
    modem: ['created', 'alerting ringback 0.9', 'connected modem 0.9'],
  },
  '011': { sound: ['created', 'cleared busy tone:busy 0.9'], modem: ['created', 'cleared busy modem:busy 0.9'] },
  '012': { sound: ['created', 'cleared congestion tone:congestion 0.9'] },
  '013': { sound: ['created', 'cleared unallocatedNumber tone:unobtainable 0.9'] },
  '014': {
    sound: ['created', 'alerting ringback 0.9', 'cleared noAnswer ringback:ringback 0.9'],
    modem: ['created', 'alerting ringback 0.9', 'cleared noAnswer ringback:ringback 0.9'],
  },
  '015': { sound: ['created', 'connected voice 0.5', 'cleared normalClearing tone:busy 0.9'] },
  '016': {
    sound: [
      'created',
      'alerting colour-ringback 0.5',
      'connected voice-after-crbt 0.45',
      'cleared normalClearing tone:busy 0.9',
    ],
  },
  '017': {
    sound: ['created', 'alerting ringback 0.9', 'connected polarity 1', 'cleared normalClearing polarity 1'],
  },
};

describe('a call that goes out', () => {
  for (const progress of ['sound', 'modem'] as const)
    for (const [number, fate] of Object.entries(FATES)) {
      const story = fate[progress];
      if (story === undefined) continue;
      it(`to ${number} is typed by the ${progress}: ${story.at(-1) ?? ''}`, async () => {
        const b = await modemBench({ modem: { numbers: NUMBERS, polarity: 'tells' }, device: { progress } });
        const id = await b.originate(number, 30_000);
        const isOver = (): boolean => b.of('cleared', id).length > 0;
        for (let ms = 0; ms < 55_000 && !isOver(); ms += 500) await b.clock.tick(500);
        expect(b.story(id)).toEqual(story);
        expect(b.modem.exchange.dialledNumbers).toEqual([number]);
      });
    }

  it('is dialled by keys that are played, where that is wished for', async () => {
    const b = await modemBench({ modem: { numbers: NUMBERS }, device: { dials: 'sound' } });
    const id = await b.originate('010');
    await b.sees('connected', { on: id });
    expect(b.modem.exchange.dialledNumbers).toEqual(['010']);
    expect(b.modem.commands.some((each) => each.startsWith('ATD'))).toBe(false);
  });

  it('fails by the word of the modem where there is no dial tone', async () => {
    const b = await modemBench({ modem: { numbers: NUMBERS } });
    b.modem.cable('absent');
    const id = await b.originate('010');
    await b.sees('cleared', { on: id });
    expect(b.story(id)).toEqual(['created', 'cleared failure modem:dial 0.9']);
    expect(b.modem.hook).toBe('on');
  });

  it('is given to another by a flash', async () => {
    const b = await modemBench();
    const id = await b.talk();
    await b.accepted({ type: 'flash', connectionId: id, digits: '802', after: 'leave' });
    const { release } = await b.sees('cleared', { on: id });
    expect(release.cause).toBe('transferred');
    await b.clock.tick(3_000);
    expect([b.modem.exchange.flashes, b.modem.exchange.transferredTo]).toEqual([1, '802']);
  });
});
