import { describe, expect, test } from 'vitest';
import { type ConnectionId, IVR_SESSION_MACHINE, type IvrGraph } from '../src/index.js';
import { Floor } from './support/floor.js';
import { FRONT, site } from './support/site.js';

/** `1` leads into a queue, `2` to a phone. */
const flow: IvrGraph = {
  ...FRONT,
  nodes: {
    pick: {
      type: 'menu',
      say: [{ kind: 'prompt', prompt: 'menu' }],
      keys: { '1': 'sales', '2': 'desk' },
      timeoutMs: 5000,
      noInput: 'END',
      noMatch: 'END',
    },
    sales: { type: 'queue', queue: 'sales', overflow: 'END' },
    desk: { type: 'transfer', to: { kind: 'extension', number: '8002' }, busy: 'END', noAnswer: 'END', failed: 'END' },
  },
};

/** A caller who has heard the menu out and is waited for. */
function asked(): { readonly floor: Floor; readonly caller: ConnectionId } {
  const floor = new Floor(site({ flows: [flow] })).up();
  const caller = floor.caller('13912345678', '4008001000');
  hearOut(floor, caller);
  return { floor, caller };
}

function hearOut(floor: Floor, caller: ConnectionId): void {
  const playing = floor.media.get(caller)?.playing;
  if (playing === undefined) return;
  floor.event({ type: 'playbackFinished', connectionId: caller, playbackId: playing as never, outcome: 'done' });
}

describe.each([
  ['1', 'queued'],
  ['2', 'transferring'],
] as const)('key %s: a flow that is %s', (digit, state) => {
  test('gets no input any more: keys, ends of announcements and timers are ended before, also across an outage', () => {
    expect(IVR_SESSION_MACHINE.table[state].input).toBe('reject');
    const { floor, caller } = asked();
    floor.wait(1000).down();
    floor.wait(1000).up();
    floor.event({ type: 'digit', connectionId: caller, digit, toneMs: 100 });
    hearOut(floor, caller);
    floor.event({ type: 'digit', connectionId: caller, digit: '2', toneMs: 100 });
    floor.wait(10_000);
    const counters = floor.engine.counters();
    expect(counters[`moved.ivrSession.running.${state}`]).toBe(1);
    expect(Object.keys(counters).filter((name) => name.startsWith('rejected.ivrSession'))).toEqual([]);
  });
});
