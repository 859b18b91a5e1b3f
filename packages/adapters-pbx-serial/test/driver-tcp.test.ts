import { asId, type CommandId, type CtiDriver, type DriverEvent, type SwitchId } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import { SerialPbx } from '@cordboard/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { createPbxSerialDriver } from '../src/index.js';

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function pbxOnTcp(profile: 'kts-bin/1' | 'kts-ascii/1') {
  const pbx = new SerialPbx({ clock: systemClock, profile, line: { kind: 'tcp' }, extensions: 8, lines: 4 }).start();
  closing.push(() => pbx.close());
  return { pbx, at: await pbx.listen({ port: 0 }) };
}

/** A driver over a real socket, and a way to wait for what it tells. */
function host(profile: 'kts-bin/1' | 'kts-ascii/1', at: { readonly host: string; readonly port: number }) {
  const driver: CtiDriver = createPbxSerialDriver({
    profile,
    transport: at,
    backoffFirst: '100ms',
    backoffMax: '300ms',
  })(asId<SwitchId>('tcp'), { clock: systemClock, random: Math.random, log: LOG });
  closing.push(() => driver.stop());
  const events: DriverEvent[] = [];
  const waiting = new Set<() => void>();
  const started = driver.start(
    (event) => {
      events.push(event);
      for (const look of [...waiting]) look();
    },
    { signal: new AbortController().signal },
  );
  const sees = (type: DriverEvent['type'], since = 0): Promise<DriverEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.slice(since).find((event) => event.type === type);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { driver, events, sees, started };
}

for (const profile of ['kts-bin/1', 'kts-ascii/1'] as const) {
  describe(`the driver over TCP to a PBX that speaks ${profile}`, () => {
    it('takes a call, has it answered, and is right again after the PBX has lost its power', async () => {
      const { pbx, at } = await pbxOnTcp(profile);
      const { driver, events, sees, started } = host(profile, at);
      await started;
      await sees('linkSynced');
      pbx.pbx.ringIn(1, { presentation: 'number', number: '13912345678' });
      await sees('alerting');
      const phone = events.find((event) => event.type === 'created' && event.direction === 'outgoing');
      if (phone?.type !== 'created') throw new Error('no phone rings');
      const reply = await driver.execute({
        type: 'answer',
        connectionId: phone.connectionId,
        commandId: asId<CommandId>('k1'),
        boundMs: 5_000,
      });
      expect(reply).toEqual({ outcome: 'accepted' });
      await sees('connected');
      const since = events.length;
      pbx.losePower();
      await sees('linkDown', since);
      const snapshot = await sees('snapshot', since);
      expect(snapshot).toMatchObject({ snapshot: { connections: [] } });
      await sees('linkSynced', since);
      await Promise.all([driver.stop(), driver.stop()]);
    });

    it('gives way to a host that comes, and has the PBX again when that one is gone', async () => {
      const { pbx, at } = await pbxOnTcp(profile);
      const one = host(profile, at);
      await one.started;
      await one.sees('linkSynced');
      const two = host(profile, at);
      await two.started;
      await two.sees('linkSynced');
      await one.sees('linkDown');
      await two.driver.stop();
      const since = one.events.length;
      pbx.pbx.ringIn(2, { presentation: 'withheld' });
      // Either it has the PBX already, or its next snapshot shows the call.
      await Promise.race([one.sees('created', since), one.sees('snapshot', since)]);
      await one.driver.stop();
    });
  });
}
