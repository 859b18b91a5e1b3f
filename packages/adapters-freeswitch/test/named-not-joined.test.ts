import { describe, expect, it } from 'vitest';
import { ACCEPTED, Running } from './running.js';

/** A caller and an agent who answered, and their channels on the switch by connection. */
async function apart() {
  const running = await Running.start();
  const { world } = running;
  await world.phones[0].setHabit('answer');
  const caller = await running.caller();
  expect(await running.originate('agent')).toEqual(ACCEPTED);
  await running.sees('connected', 2);
  const channel = (connection: string) => world.face.sw.channels.get(connection.slice('sim~'.length));
  /** The bridges that the next snapshot shows. */
  const shown = async (): Promise<ReadonlyMap<string, string | undefined>> => {
    const before = running.of('snapshot').length;
    await world.cutLink(50);
    await running.sees('snapshot', before + 1);
    const { connections } = running.of('snapshot').at(-1)?.snapshot ?? { connections: [] };
    return new Map(connections.map((each) => [each.connectionId, each.bridgeId]));
  };
  return { running, caller, channel, shown };
}

describe('channels that name a bridge in which they are not, as when their client died before it joined them', () => {
  it('are shown in none when both are alone', async () => {
    const { caller, channel, shown } = await apart();
    for (const id of [caller, 'sim~agent']) channel(id)?.variables.set('cordboard_bridge', 'b1');
    expect(await shown()).toEqual(
      new Map([
        [caller, undefined],
        ['sim~agent', undefined],
      ]),
    );
  });

  it('are shown where they are when another is named with them', async () => {
    const { running, caller, channel, shown } = await apart();
    await running.world.phones[1].setHabit('answer');
    expect(await running.originate('third', 'sim:extension:8002')).toEqual(ACCEPTED);
    await running.sees('connected', 3);
    await running.run({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller, 'sim~agent'] });
    await running.sees('bridged', 2);
    channel('sim~third')?.variables.set('cordboard_bridge', 'b1');
    expect(await shown()).toEqual(
      new Map([
        [caller, 'b1'],
        ['sim~agent', 'b1'],
        ['sim~third', undefined],
      ]),
    );
  });

  it('can be joined in it afterwards', async () => {
    const { running, caller, channel, shown } = await apart();
    for (const id of [caller, 'sim~agent']) channel(id)?.variables.set('cordboard_bridge', 'b1');
    await shown();
    expect(await running.run({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller, 'sim~agent'] })).toEqual(
      ACCEPTED,
    );
    await running.sees('bridged', 2);
  });

  it('are shown together when they are joined and one of them names the bridge it was on its way to', async () => {
    const { running, caller, channel, shown } = await apart();
    await running.world.phones[1].setHabit('answer');
    expect(await running.originate('third', 'sim:extension:8002')).toEqual(ACCEPTED);
    await running.sees('connected', 3);
    await running.run({ type: 'bridge', bridgeId: 'b2', connectionIds: ['sim~agent', 'sim~third'] });
    await running.sees('bridged', 2);
    for (const id of [caller, 'sim~third']) channel(id)?.variables.set('cordboard_bridge', 'b1');
    expect(await shown()).toEqual(
      new Map([
        [caller, undefined],
        ['sim~agent', 'b2'],
        ['sim~third', 'b2'],
      ]),
    );
  });

  it('is shown in it when it is alone and the only one', async () => {
    const { running, caller, shown } = await apart();
    await running.run({ type: 'bridge', bridgeId: 'b1', connectionIds: [caller] });
    expect((await shown()).get(caller)).toBe('b1');
  });
});
