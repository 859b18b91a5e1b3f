import { describe, expect, it } from 'vitest';
import { bench } from './host.js';

describe.each(['kts-bin/1', 'kts-ascii/1'] as const)('%s', (profile) => {
  it('tells a call from its first ring to its record', () => {
    const { sim, host } = bench({ extensions: 8, lines: 4, profile });
    host.begin().take();
    const caller = sim.outside.call({ line: 3, number: '13912345678', name: '张三' });
    host.run(2_000);
    expect(host.got.find(({ word }) => word === 'CID')?.fields.one).toMatchObject({
      call: caller?.call,
      number: '13912345678',
      name: '张三',
      nameBytes: Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd),
      charset: 'GBK',
    });
    expect(host.states()).toEqual(['LINE 3 RING', 'EXT 801 RING']);
    expect(host.ask('CALL', { op: 'ANSWER', ext: '801' })?.fields.one).toMatchObject({
      code: 'OK',
      call: caller?.call,
    });
    host.run(2_000);
    expect(host.states()).toEqual(['LINE 3 TALK', 'EXT 801 TALK']);
    host.ask('CALL', { op: 'PARK', ext: '801', slot: 1 });
    host.run(2_000);
    expect(host.states()).toEqual(['PARK 1 TAKEN', 'LINE 3 PARKED', 'EXT 801 IDLE']);
    host.ask('CALL', { op: 'UNPARK', ext: '802', slot: 1 });
    host.run(2_000);
    expect(host.states()).toEqual(['PARK 1 FREE', 'LINE 3 TALK', 'EXT 802 TALK']);
    host.run(18_000);
    caller?.hangUp();
    host.run(5_000);
    const records = host.got.filter(({ word }) => word === 'CDR').map(({ fields }) => fields.one);
    expect(records).toMatchObject([{ record: 2, part: 2, durationS: 20, ext: '802', from: '801', end: 'NORMAL' }]);
    expect(host.states()).toEqual(['LINE 3 WRAP NORMAL', 'EXT 802 IDLE NORMAL', 'LINE 3 IDLE']);
  });
});
