import type { DriverEvent } from '@cordboard/cti-core';
import { COMPARED_CASES, CONFORMANCE_CASES, compareRuns, type Run, recordRun } from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import { SimulatorWorld } from '../src/testing/index.js';

async function runOf(id: string, options: { seed: number; orders: 'plain' | 'drawn' }): Promise<Run> {
  const item = CONFORMANCE_CASES.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`no case ${id}`);
  return recordRun(new SimulatorWorld(options), { nonce: 'cmp' }, (probe) => item.run(probe));
}

/** Exchanges the first event that fits with the next one that fits the other. */
function swap(run: Run, first: (event: DriverEvent) => boolean, second: (event: DriverEvent) => boolean): Run {
  const events = [...run.events];
  const from = events.findIndex(first);
  const to = events.findIndex((event, at) => at > from && second(event));
  const [a, b] = [events[from], events[to]];
  if (a === undefined || b === undefined) throw new Error('nothing to swap');
  events[from] = b;
  events[to] = a;
  return { ...run, events };
}

describe('two runs of one scenario', () => {
  it.each(COMPARED_CASES)('agree whatever order the switch chose: %s', async (id) => {
    const plain = await runOf(id, { seed: 1, orders: 'plain' });
    for (const seed of [2, 3, 4, 5, 6]) {
      const drawn = await runOf(id, { seed, orders: 'drawn' });
      const told = compareRuns(plain, drawn).filter((item) => !/cleared (unknown|normalClearing)/u.test(item.what));
      expect(told).toEqual([]);
    }
  });

  const SWAPS: readonly (readonly [
    string,
    string,
    (event: DriverEvent) => boolean,
    (event: DriverEvent) => boolean,
  ])[] = [
    ['HB-SNAPSHOT', 'DRV-CALL-02', (event) => event.type === 'linkUp', (event) => event.type === 'snapshot'],
    ['HB-SYNCED', 'DRV-CALL-02', (event) => event.type === 'snapshot', (event) => event.type === 'linkSynced'],
    [
      'HB-MONITOR-END',
      'DRV-MON-03',
      (event) => event.type === 'monitoring' && event.mode === null,
      (event) => event.type === 'cleared',
    ],
    [
      'HB-REPLACED-CLEARED',
      'DRV-REPLACE-01',
      (event) => event.type === 'replaced',
      (event) => event.type === 'cleared',
    ],
    [
      'HB-CONSULT-REFER',
      'DRV-REFER-02',
      (event) => event.type === 'connected',
      (event) => event.type === 'transferRequested',
    ],
    ['HB-MONITOR', 'DRV-MON-02', (event) => event.type === 'connected', (event) => event.type === 'monitoring'],
  ];
  it.each(SWAPS)('disagree when %s is swapped in one of them', async (law, id, first, second) => {
    const sound = await runOf(id, { seed: 1, orders: 'plain' });
    expect(compareRuns(sound, sound)).toEqual([]);
    const isOf = law === 'HB-MONITOR' ? lastConnectedBefore(sound) : first;
    const bent = swap(sound, law === 'HB-CONSULT-REFER' ? connectedOfConsult(sound) : isOf, second);
    expect(compareRuns(sound, bent).map((item) => item.where)).toContain(law);
  });

  it('disagree when two keys change places', async () => {
    const sound = await runOf('DRV-DIGIT-01', { seed: 1, orders: 'plain' });
    const bent = swap(
      sound,
      (event) => event.type === 'digit',
      (event) => event.type === 'digit',
    );
    expect(compareRuns(sound, bent)).toMatchObject([{ kind: 'connection' }]);
  });

  it('disagree when one of them lacks a connection', async () => {
    const sound = await runOf('DRV-BRIDGE-03', { seed: 1, orders: 'plain' });
    const last = sound.events.findLast((event) => event.type === 'created');
    const events = sound.events.filter(
      (event) =>
        !(last && 'connectionId' in event && 'connectionId' in last && event.connectionId === last.connectionId),
    );
    expect(compareRuns(sound, { ...sound, events })).toMatchObject([{ kind: 'run' }]);
  });
});

function connectedOfConsult(run: Run): (event: DriverEvent) => boolean {
  const asked = run.events.find((event) => event.type === 'transferRequested');
  const consultId = asked?.type === 'transferRequested' && asked.kind === 'attended' ? asked.consultId : undefined;
  return (event) => event.type === 'connected' && event.connectionId === consultId;
}

function lastConnectedBefore(run: Run): (event: DriverEvent) => boolean {
  const monitoring = run.events.find((event) => event.type === 'monitoring');
  return (event) =>
    event.type === 'connected' && monitoring?.type === 'monitoring' && event.connectionId === monitoring.connectionId;
}
