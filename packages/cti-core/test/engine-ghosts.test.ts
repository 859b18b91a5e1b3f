import { describe, expect, test } from 'vitest';
import { asId, type ConnectionId } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const ANN = 'main:extension:8001';
const none = { number: '', presentation: 'unavailable' } as const;

/** An originate that is carried out although its answer never comes, while the switch takes no clear. */
function unanswered(): { readonly floor: Floor; readonly id: ConnectionId } {
  const floor = new Floor(site()).up().ready('ann');
  floor.refuse.set('originate', 'timeout').set('clear', 'timeout');
  floor.caller('13912345678', '4008001001');
  floor.wait(100);
  const [asked] = floor.sent('originate');
  if (asked === undefined) throw new Error('nobody was dialled');
  const id = asked.connectionId;
  floor.media.set(id, {
    device: asId(ANN),
    direction: 'outgoing',
    state: 'initiated',
    callId: asked.mark.callId,
    music: 'off',
  });
  floor.event({
    type: 'created',
    connectionId: id,
    device: asId(ANN),
    direction: 'outgoing',
    control: 'full',
    calling: none,
    called: none,
    callId: asked.mark.callId,
  });
  return { floor, id };
}

const clearsOf = (floor: Floor, id: ConnectionId): number =>
  floor.sent('clear').filter((command) => command.connectionId === id).length;

describe('a dialling that was given up and carried out all the same', () => {
  test('is cleared again until the switch confirms, also when it is lifted meanwhile', () => {
    const { floor, id } = unanswered();
    floor.event({ type: 'alerting', connectionId: id });
    floor.answer(ANN);
    floor.wait(15_000);
    expect(floor.media.has(id)).toBe(true);
    floor.refuse.delete('clear');
    floor.wait(30_000);
    expect(floor.media.has(id)).toBe(false);
    const asked = clearsOf(floor, id);
    floor.wait(600_000);
    expect(clearsOf(floor, id)).toBe(asked);
  });

  test('is not asked for without end', () => {
    const { floor, id } = unanswered();
    floor.wait(3_600_000);
    const asked = clearsOf(floor, id);
    expect(asked).toBeGreaterThan(5);
    expect(asked).toBeLessThan(50);
    floor.wait(3_600_000);
    expect(clearsOf(floor, id)).toBe(asked);
  });

  test('is gone when a snapshot does not show it, and cleared when one does', () => {
    const { floor, id } = unanswered();
    floor.refuse.delete('clear');
    floor.down().up();
    floor.wait(30_000);
    expect(floor.media.has(id)).toBe(false);
    expect(JSON.parse(floor.engine.dump()).legs).not.toHaveProperty([id]);
  });
});
