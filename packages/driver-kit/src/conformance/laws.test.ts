import { asId, type ConnectionId, type DriverEvent, type LinkId } from '@cordboard/cti-core';
import { describe, expect, it } from 'vitest';
import { LawChecker } from './laws.js';

const A = asId<LinkId>('a');
const B = asId<LinkId>('b');
const ID = asId<ConnectionId>('main~1');
const none = { number: '', presentation: 'unavailable' } as const;

const up = (linkId: LinkId): DriverEvent => ({ type: 'linkUp', linkId });
const synced = (linkId: LinkId): DriverEvent => ({ type: 'linkSynced', linkId, capabilities: [] });
const down = (linkId: LinkId): DriverEvent => ({ type: 'linkDown', linkId, reason: 'closed', capabilities: [] });
const shows = (state?: 'connected'): DriverEvent => ({
  type: 'snapshot',
  snapshot: {
    connections:
      state === undefined
        ? []
        : [
            {
              connectionId: ID,
              device: asId('main:trunk:carrier'),
              direction: 'incoming',
              state,
              control: 'full',
              calling: none,
              called: none,
            },
          ],
    recordings: [],
    monitors: [],
    devices: [],
  },
});
const comes: DriverEvent = {
  type: 'created',
  connectionId: ID,
  device: asId('main:trunk:carrier'),
  direction: 'incoming',
  control: 'full',
  calling: none,
  called: none,
};
const digit: DriverEvent = { type: 'digit', connectionId: ID, digit: '1' };

/** The laws that a sequence breaks, with the index of the event that breaks each. */
function broken(...events: DriverEvent[]): string[] {
  const laws = new LawChecker();
  for (const event of events) laws.take(event);
  return laws.breaks.map(({ law, at }) => `${law} at ${at}`);
}

describe('the laws of links', () => {
  it('let a driver of one link tell from its snapshot to its end', () => {
    expect(
      broken(up(A), shows(), synced(A), comes, digit, down(A), up(A), shows('connected'), synced(A), digit),
    ).toEqual([]);
    expect(broken(up(A), shows(), synced(A), comes, down(A), digit)).toEqual(['DRV-ORDER-03 at 5']);
    expect(broken(up(A), shows(), synced(A), comes, down(A), up(A), digit)).toEqual(['DRV-ORDER-03 at 6']);
  });

  it('blame nobody for what is told while another link lives', () => {
    expect(broken(up(A), shows(), synced(A), comes, up(B), digit, shows('connected'), synced(B), digit)).toEqual([]);
    expect(broken(up(A), shows(), synced(A), up(B), shows(), synced(B), comes, down(A), digit)).toEqual([]);
    expect(broken(up(A), shows(), synced(A), up(B), shows(), synced(B), comes, down(B), digit, up(B), digit)).toEqual(
      [],
    );
  });

  it('let a link that is not synced yet go on when the other one goes down', () => {
    expect(broken(up(A), shows(), synced(A), up(B), down(A), shows(), synced(B), comes)).toEqual([]);
  });

  it('blame what is told after the last link went down, whichever it was', () => {
    for (const [first, last] of [
      [A, B],
      [B, A],
    ] as const) {
      const both = [up(A), shows(), synced(A), up(B), shows(), synced(B), comes];
      expect(broken(...both, down(first), digit, down(last), digit)).toEqual(['DRV-ORDER-03 at 10']);
    }
    expect(broken(up(A), shows(), synced(A), comes, up(B), down(A), digit)).toEqual(['DRV-ORDER-03 at 6']);
  });

  it('ask each link for a snapshot before it is synced', () => {
    expect(broken(shows())).toEqual(['HB-SNAPSHOT at 0']);
    expect(broken(up(A), shows(), synced(A), up(B), synced(B))).toEqual(['HB-SYNCED at 4']);
    expect(broken(up(A), shows(), synced(A), down(A), shows())).toEqual(['HB-SNAPSHOT at 4']);
  });
});
