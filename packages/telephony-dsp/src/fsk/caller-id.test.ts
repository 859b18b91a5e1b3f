import { describe, expect, it } from 'vitest';
import { makeFsk, randomMessage } from '../../test/signals/fsk.js';
import { createFskCallerId } from './caller-id.js';

describe('FSK caller ID', () => {
  it.each(['bell202', 'v23'] as const)('is read in %s, once', (standard) => {
    for (let seed = 0; seed < 8; seed++) {
      const sent = randomMessage(seed);
      const events = createFskCallerId().push(
        makeFsk({ message: sent.bytes, standard, snrDb: 20, ...(seed % 2 === 0 && { grid: 0 }) }, seed),
        'on',
      );
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        type: 'cid',
        method: 'fsk',
        ...(sent.number !== undefined && { number: sent.number }),
      });
    }
  });

  it('is not listened to off-hook unless that is asked for', () => {
    const sent = randomMessage(3);
    const signal = makeFsk({ message: sent.bytes, standard: 'bell202', seizure: 0, marks: 80 }, 3);
    expect(createFskCallerId().push(signal, 'off')).toEqual([]);
    expect(createFskCallerId({ callWaiting: true }).push(signal, 'off')).toHaveLength(1);
  });

  it('tells nothing of a wrong checksum or a cut message', () => {
    for (let seed = 0; seed < 8; seed++) {
      const { bytes } = randomMessage(seed);
      const wrong = bytes.map((b, i) => (i === 5 ? b ^ 1 : b));
      expect(createFskCallerId().push(makeFsk({ message: wrong, standard: 'bell202' }, seed), 'on')).toEqual([]);
      const cut = makeFsk({ message: bytes, standard: 'v23', cutBits: 480 + 10 * bytes.length - 14 }, seed);
      expect(createFskCallerId().push(cut, 'on')).toEqual([]);
    }
  });
});
