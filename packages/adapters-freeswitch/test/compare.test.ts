import type { DriverEvent } from '@cordboard/cti-core';
import {
  COMPARED_CASES,
  CONFORMANCE_CASES,
  compareRuns,
  type Run,
  recordRun,
  type World,
} from '@cordboard/driver-kit/conformance';
import { describe, expect, it } from 'vitest';
import { SimulatorWorld } from '../../simulator/src/testing/index.js';
import { EslWorld } from './esl-world.js';

function play(id: string, world: World): Promise<Run> {
  const item = CONFORMANCE_CASES.find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`no case ${id}`);
  return recordRun(world, { nonce: 'cmp' }, (probe) => item.run(probe));
}

async function both(id: string): Promise<readonly [Run, Run]> {
  const [virtual, esl] = [new SimulatorWorld({ seed: 1, orders: 'plain' }), await EslWorld.open()];
  try {
    return [await play(id, virtual), await play(id, esl)];
  } finally {
    await virtual.close();
    await esl.close();
  }
}

describe('one scenario on the simulator and over the event socket', () => {
  it.each(COMPARED_CASES)('%s: the core is told the same', async (id) => {
    expect(compareRuns(...(await both(id)))).toEqual([]);
  });

  it('a planted swap of two events is noticed', async () => {
    const [virtual, esl] = await both('DRV-MON-03');
    const events: DriverEvent[] = [...esl.events];
    const from = events.findIndex((event) => event.type === 'monitoring' && event.mode === null);
    const to = events.findIndex((event, at) => at > from && event.type === 'cleared');
    const [ended, cleared] = [events[from], events[to]];
    if (ended === undefined || cleared === undefined) throw new Error('no end of monitoring to swap');
    events[from] = cleared;
    events[to] = ended;
    expect(compareRuns(virtual, { ...esl, events }).map(({ where }) => where)).toContain('HB-MONITOR-END');
  });
});
