import { SimulatedClock } from '@cordboard/driver-kit/testing';
import { expect, it } from 'vitest';
import { Requests } from './requests.js';

/** A request that was acknowledged at 0. @returns when it was given up, ms */
async function givenUpAtMs(what: (requests: Requests, clock: SimulatedClock) => void): Promise<number | undefined> {
  const clock = new SimulatedClock();
  const requests = new Requests({ clock, boundMs: 5_000 });
  let at: number | undefined;
  const asked = requests.ask({ type: 'clockGet' }, { send: (_, acked) => acked() });
  asked.catch(() => {
    at = clock.nowMs();
  });
  what(requests, clock);
  for (let n = 0; n < 1_000 && at === undefined; n++) await clock.tick(100);
  await expect(asked).rejects.toMatchObject({ code: 'driver.timeout' });
  return at;
}

it('waits 5 s from the acknowledgement', async () => {
  expect(await givenUpAtMs(() => undefined)).toBe(5_000);
});

it('waits anew from what came meanwhile, since the answer may stand behind it', async () => {
  const every = (forMs: number) => (requests: Requests, clock: SimulatedClock) => {
    for (let atMs = 1_000; atMs <= forMs; atMs += 1_000) clock.setTimer(atMs, () => requests.heard());
  };
  expect(await givenUpAtMs(every(12_000))).toBe(17_000);
  expect(await givenUpAtMs(every(90_000))).toBe(60_000);
});
