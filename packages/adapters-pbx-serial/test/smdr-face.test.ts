import { once } from 'node:events';
import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { type SimSmdrFormat, serialPbx, smdrFace } from '@cordboard/simulator';
import { describe, expect, it } from 'vitest';
import { createSmdrParser, SMDR_FORMATS, type SmdrOptions } from '../src/smdr/index.js';

const TABLE: SmdrOptions = {
  table: {
    columns: [
      'start',
      'duration',
      'ring',
      'extension',
      'line',
      'direction',
      'number',
      'accountCode',
      'cost',
      'recordNo',
    ],
    directions: { out: ['O'], in: ['I'], internal: ['N'] },
  },
};

/** A PBX on a virtual clock that prints its records, and what came out of its port. */
function printing(format: SimSmdrFormat, kind: 'serial' | 'tcp' = 'serial') {
  const clock = new SimulatedClock();
  const sim = serialPbx({
    clock,
    profile: smdrFace(format, { replay: 3 }),
    lines: 4,
    extensions: 8,
    firstNumber: 101,
    line: { kind },
  });
  let text = '';
  const plug = (): ((bytes: Uint8Array) => void) =>
    sim.line.connect((bytes) => {
      text += Buffer.from(bytes).toString('latin1');
    });
  return { clock, sim, plug, text: () => text };
}

/** An outside call that an extension answers. */
async function call({ clock, sim }: ReturnType<typeof printing>): Promise<void> {
  sim.pbx.ringIn(1, { presentation: 'number', number: '5551234' });
  await clock.tick(6_000);
  const ext = sim.pbx.extensions().find(({ state }) => state === 'ringing')?.ext ?? '';
  sim.pbx.carryOut({ service: 'answer', ext });
  await clock.tick(65_000);
  sim.pbx.far(1, 'hangsUp');
  await clock.tick(30_000);
}

describe.each(SMDR_FORMATS)('a PBX that prints %s', (format) => {
  it('prints each of its records once, in its columns, at the speed of its line', async () => {
    const at = printing(format);
    at.plug();
    at.sim.start();
    await call(at);
    await call(at);
    const truth = at.sim.pbx.records().list;
    const options: SmdrOptions = { arrivedAt: '2026-01-01T23:00:00', ...(format === 'generic-csv' ? TABLE : {}) };
    const { records, others } = createSmdrParser(format, options).push(at.text());
    expect(others.filter(({ kind }) => kind === 'unreadable')).toEqual([]);
    expect(records).toHaveLength(truth.length);
    for (const [index, record] of records.entries()) {
      const seconds = (record.durationMs ?? -1) / 1_000;
      // DEFINITY tells tenths of a minute, and five digits of a caller.
      expect(seconds).toBe(
        format === 'definity-80'
          ? (truth[index]?.durationS ?? 0) - ((truth[index]?.durationS ?? 0) % 6)
          : truth[index]?.durationS,
      );
      expect(record).toMatchObject({
        direction: 'in',
        extension: truth[index]?.ext,
        number: format === 'definity-80' ? '55512' : '5551234',
      });
    }
    await at.sim.close();
  });
});

it('a host that comes again over TCP is told the last records again', async () => {
  const at = printing('ipoffice-csv', 'tcp');
  at.sim.start();
  at.sim.hostEnd().destroy();
  await call(at);
  const end = at.sim.hostEnd();
  const [heard] = await Promise.all([once(end, 'data'), at.clock.tick(1_000)]);
  const { records } = createSmdrParser('ipoffice-csv').push(String(heard));
  expect(records).toHaveLength(1);
  await at.sim.close();
});

it('a KX-TD that gets a carriage return in its first ten seconds prints no more; later it goes on', async () => {
  for (const [afterMs, printed] of [
    [2_000, 0],
    [12_000, 1],
  ] as const) {
    const at = printing('kx-td');
    const say = at.plug();
    at.sim.start();
    await at.clock.tick(afterMs);
    say(Uint8Array.of(0x0d));
    await at.clock.tick(100);
    await call(at);
    expect(createSmdrParser('kx-td').push(at.text()).records).toHaveLength(printed);
    await at.sim.close();
  }
});
