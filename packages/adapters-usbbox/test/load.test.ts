import { asId, type DriverEvent, type RecordingId, type SwitchId } from '@cordboard/cti-core';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { CHINA, createCallProgress, createDtmf, createWavWriter } from '@cordboard/telephony-dsp';
import { describe, expect, it } from 'vitest';
import { createUsbBoxDriver, type LineDevice, type LineDeviceSink } from '../src/index.js';
import { SimulatedBox } from '../src/simulated/index.js';
import { voiceSource } from '../src/simulated/sounds.js';
import { collect } from './heap.js';
import { MemoryStorage } from './memory-storage.js';

const SWITCH = asId<SwitchId>('box');
const LINES = 128;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A device that costs nothing itself: it says the same as all others and forgets what it plays. */
function speakingDevice(sinks: LineDeviceSink[]): () => LineDevice {
  return () => ({
    abilities: {
      detects: new Set(['ring'] as const),
      sound: 'full',
      listensOnHook: 'deaf',
      hook: 'soft',
      dials: 'sound',
      phone: 'none',
      ringsPhone: 'silent',
    },
    async open(sink) {
      sinks.push(sink);
    },
    hook: () => Promise.resolve(),
    flash: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
}

/** What the detectors and the coder cost by themselves, for 128 lines. */
function bareCores(voice: Int16Array): number {
  const lines = Array.from({ length: 8 }, () => ({
    keys: createDtmf(),
    tones: createCallProgress({ tones: CHINA }),
    file: createWavWriter({ encoding: 'wav49' }),
  }));
  const run = (seconds: number): void => {
    for (let block = 0; block < seconds * 50; block++) {
      const heard = voice.subarray((block % 200) * 160, ((block % 200) + 1) * 160);
      for (const { keys, tones, file } of lines) {
        keys.push(heard, 'off');
        tones.push(heard, 'off');
        file.push(heard);
      }
    }
  };
  run(2);
  const before = process.cpuUsage();
  run(12);
  const used = process.cpuUsage(before);
  return ((used.user + used.system) / 12e6) * (LINES / lines.length);
}

describe('128 lines', () => {
  it('that all talk, are recorded in WAV49 and listened to for keys and tones cost little more than the listening and coding themselves', async () => {
    const clock = new SimulatedClock();
    const storage = new MemoryStorage();
    storage.prompt('prompts/long.wav', { ms: 60_000 });
    const sinks: LineDeviceSink[] = [];
    const events: DriverEvent[] = [];
    const driver = createUsbBoxDriver(
      {
        lines: Array.from({ length: LINES }, (_, n) => ({ name: `l${n}`, device: speakingDevice(sinks) })),
        prompts: 'prompts',
        recordings: 'recordings',
      },
      { storage },
    )(SWITCH, { clock, random: () => 0.5, log });
    await driver.start((event) => void events.push(event), { signal: new AbortController().signal });
    await clock.tick(3_000);
    for (const sink of sinks) sink.event({ type: 'signal', signal: 'ringStart' });
    await clock.tick(500);
    const calls = events.flatMap((event) => (event.type === 'created' ? [event.connectionId] : []));
    expect(calls).toHaveLength(LINES);
    const give = (command: object): Promise<unknown> =>
      driver.execute({ commandId: asId('k'), boundMs: 5_000, ...command } as never);
    for (const [n, connectionId] of calls.entries()) {
      void give({ type: 'answer', connectionId });
      await clock.tick(0);
      void give({
        type: 'record',
        connectionId,
        recordingId: asId<RecordingId>(`r${n}`),
        tracks: 'mixed',
        format: 'wav49',
      });
      void give({ type: 'play', connectionId, playbackId: asId(`p${n}`), media: [{ kind: 'prompt', prompt: 'long' }] });
      await clock.tick(0);
    }
    const voice = new Int16Array(160 * 200);
    voiceSource(3).mix(voice);
    const wanted = new Int16Array(160);
    const speak = async (seconds: number): Promise<void> => {
      for (let block = 0; block < seconds * 50; block++) {
        const heard = voice.subarray((block % 200) * 160, ((block % 200) + 1) * 160);
        for (const sink of sinks) {
          sink.heard(heard);
          sink.wanted(wanted);
        }
        await clock.tick(20);
      }
    };
    await speak(2);
    const before = process.cpuUsage();
    await speak(6);
    const used = process.cpuUsage(before);
    const cores = (used.user + used.system) / 6e6;
    const bare = bareCores(voice);
    process.stdout.write(
      `128 lines that talk: ${cores.toFixed(2)} cores, of them ${bare.toFixed(2)} for keys, tones and WAV49\n`,
    );
    expect(events.filter((event) => event.type === 'digit' || event.type === 'cleared')).toEqual([]);
    await driver.stop();
    expect([...storage.files.keys()].filter((name) => name.endsWith('.WAV'))).toHaveLength(LINES);
    // The machine may be busy: what is held is the share of the driver itself.
    expect(cores / bare).toBeLessThan(2.5);
  }, 300_000);

  it('pass hours of calls that come and go, in bounded memory, and leave nothing behind', async () => {
    const clock = new SimulatedClock();
    const storage = new MemoryStorage();
    storage.prompt('prompts/welcome.wav', { ms: 1_000 });
    const box = new SimulatedBox({ clock, noiseDbm0: null, numbers: { '010': [{ do: 'tone', tone: 'busy' }] } });
    const counts = new Map<string, number>();
    const driver = createUsbBoxDriver(
      {
        lines: Array.from({ length: LINES }, (_, n) => ({ name: `l${n}`, device: box.device(`l${n}`) })),
        prompts: 'prompts',
        recordings: 'recordings',
      },
      { storage },
    )(SWITCH, { clock, random: () => 0.5, log });
    let ids = 0;
    const give = (command: object): Promise<unknown> =>
      driver.execute({ commandId: asId(`k${ids++}`), boundMs: 5_000, ...command } as never);
    await driver.start(
      (event) => {
        counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
        if (event.type === 'created' && event.direction === 'incoming')
          void give({ type: 'answer', connectionId: event.connectionId });
        if (event.type !== 'connected') return;
        const { connectionId } = event;
        const recordingId = asId<RecordingId>(`r${ids++}`);
        void give({ type: 'record', connectionId, recordingId, tracks: 'mixed', format: 'wav49' });
        void give({
          type: 'play',
          connectionId,
          playbackId: asId(`p${ids++}`),
          media: [{ kind: 'prompt', prompt: 'welcome' }],
        });
      },
      { signal: new AbortController().signal },
    );
    // A whole hour takes a minute; every change is held to a part of it.
    const seconds = process.env.CORDBOARD_DEEP === undefined ? 720 : 3_600;
    let heapAtQuarter = 0;
    for (let second = 0; second < seconds; second += 1) {
      // Each line has one call in the hour, all at different times.
      if (second % 28 === 5)
        box
          .line(`l${Math.floor(second / 28) % LINES}`)
          .exchange.callIn({ number: '13900001111', answered: [{ do: 'say', forMs: 3_000 }, { do: 'hangUp' }] });
      await clock.tick(1_000);
      if (second === seconds / 4) {
        collect();
        heapAtQuarter = process.memoryUsage().heapUsed;
      }
      if (second % 300 === 0)
        for (const name of [...storage.files.keys()]) if (name.endsWith('.WAV')) storage.files.delete(name);
    }
    await clock.tick(30_000);
    expect(counts.get('created')).toBe(Math.floor((seconds - 6) / 28) + 1);
    expect(counts.get('cleared')).toBe(counts.get('created'));
    expect(counts.get('recordingFinished')).toBe(counts.get('created'));
    collect();
    expect(process.memoryUsage().heapUsed - heapAtQuarter).toBeLessThan(64e6);
    await driver.stop();
    expect(clock.pendingTimers).toBe(0);
  }, 300_000);
});
