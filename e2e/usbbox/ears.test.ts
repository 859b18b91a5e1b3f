import { humSource } from '@cordboard/adapters-usbbox/simulated';
import { createWavWriter } from '@cordboard/telephony-dsp';
import { expect, test } from 'vitest';
import { agentHz, callerHz, speakersIn } from './ears.js';

const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

interface Voice {
  readonly hz: number;
  /** How far below the others; default 0. */
  readonly db?: number;
}

/** Three seconds of these voices in the codec of recordings. */
function recorded(voices: readonly Voice[]): Buffer {
  const mixed = new Int16Array(24_000);
  for (const { hz, db = 0 } of voices) {
    const alone = new Int16Array(mixed.length);
    humSource(hz).mix(alone);
    for (let at = 0; at < mixed.length; at += 1)
      mixed[at] = (mixed[at] ?? 0) + Math.round((alone[at] ?? 0) * 10 ** (-db / 20));
  }
  const writer = createWavWriter({ encoding: 'wav49' });
  return Buffer.concat([writer.header, writer.push(mixed)]);
}

test.each(PLACES)('caller %i with every agent is heard as two', (caller) => {
  for (const agent of PLACES) {
    const pair = [agentHz(agent), callerHz(caller)];
    expect(speakersIn(recorded(pair.map((hz) => ({ hz }))))).toEqual(pair);
  }
});

test.each(PLACES)('a third voice, 6 dB below caller %i and the agent, is heard as one', (caller) => {
  for (const step of [1, 4, 6]) {
    const agent = (caller + step) % 8;
    for (const third of [callerHz((caller + step) % 8), agentHz((agent + step) % 8)]) {
      const voices = [{ hz: callerHz(caller) }, { hz: agentHz(agent) }, { hz: third, db: 6 }];
      expect(speakersIn(recorded(voices))).toEqual(voices.map(({ hz }) => hz).sort((a, b) => a - b));
    }
  }
});
