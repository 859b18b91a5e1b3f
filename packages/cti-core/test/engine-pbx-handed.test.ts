import { describe, expect, test } from 'vitest';
import { asId, type Cdr, restoreEngine } from '../src/index.js';
import { ext, line, PbxFloor } from './support/pbx.js';

const MEI = '13912345678';
const OUT = '13700000000';
const ORDERS = ['leavesFirst', 'movesFirst'] as const;

const told = (cdr: Cdr) => cdr.transfers.map(({ kind, by, to, outcome }) => ({ kind, by, to, outcome }));
const empty = (floor: PbxFloor): void => {
  for (const part of [...floor.parts.values()]) floor.hangsUp(part);
  expect(floor.parts.size).toBe(0);
};

/** Mei, Ann and Bob talk: he was called in, or there was a conference after a consultation. */
function three(how: 'calledIn' | 'conference'): PbxFloor {
  const floor = new PbxFloor().ready('ann', 'bob');
  floor.rings(MEI, ['8001']);
  floor.wait(1000).answer_('8001').wait(1000);
  if (how === 'calledIn') floor.adds(floor.on(ext('8001'))[0], '8002');
  else {
    floor.holds(floor.on(ext('8001'))[0]);
    floor.dials(ext('8001'), '8002');
  }
  floor.wait(1000).answer_('8002').wait(1000);
  if (how === 'conference') expect(floor.confers(ext('8001'))).toBe('done');
  return floor.wait(1000);
}

describe.each(['calledIn', 'conference'] as const)('one of three who talk sends the others on (%s)', (how) => {
  test('to a phone that answers: done then, and with whom', () => {
    const floor = three(how);
    expect(floor.sends(floor.on(ext('8001'))[0], '8004')).toBe('done');
    floor.wait(5000).answer_('8004').wait(1000);
    empty(floor);
    expect(told(floor.onlyCdr())).toEqual([{ kind: 'blind', by: 'ann', to: '8004', outcome: 'done' }]);
  });

  test.each(['before', 'after'] as const)(
    'to a phone that begins to ring %s they leave, and is not answered: failed',
    (order) => {
      const floor = three(how);
      const own = floor.on(ext('8001'))[0];
      if (own === undefined) throw new Error('ann has left');
      if (order === 'after') floor.sends(own, '8004');
      else {
        floor.alert(ext('8004'), own.ref);
        floor.end(own, 'transferred');
      }
      const rung = floor.wait(5000).on(ext('8004'))[0];
      if (rung === undefined) throw new Error('nobody is rung');
      floor.end(rung, 'noAnswer');
      floor.wait(2000);
      empty(floor);
      expect(told(floor.onlyCdr())).toEqual([{ kind: 'blind', by: 'ann', to: '8004', outcome: 'failed' }]);
    },
  );

  test('and it comes back to them: failed', () => {
    const floor = three(how);
    floor.sends(floor.on(ext('8001'))[0], '8004');
    const rung = floor.wait(5000).on(ext('8004'))[0];
    if (rung === undefined) throw new Error('nobody is rung');
    floor.end(rung, 'noAnswer');
    floor.alert(ext('8001'), rung.ref);
    floor.wait(1000).answer_('8001').wait(1000);
    empty(floor);
    expect(told(floor.onlyCdr())).toEqual([{ kind: 'blind', by: 'ann', to: '8004', outcome: 'failed' }]);
  });

  describe.each(ORDERS)('after a consultation (%s)', (order) => {
    const consulted = (): PbxFloor => {
      const floor = three(how);
      floor.holds(floor.on(ext('8001'))[0]);
      floor.dials(ext('8001'), '8004');
      return floor.wait(1000);
    };

    test('before the answer: done at the answer, once', () => {
      const floor = consulted();
      expect(floor.transfers(ext('8001'), order)).toBe('done');
      floor.wait(4000).answer_('8004').wait(1000);
      empty(floor);
      expect(told(floor.onlyCdr())).toEqual([{ kind: 'attended', by: 'ann', to: '8004', outcome: 'done' }]);
    });

    test('before the answer, which never comes: failed, once', () => {
      const floor = consulted();
      floor.transfers(ext('8001'), order);
      const rung = floor.wait(4000).on(ext('8004'))[0];
      if (rung === undefined) throw new Error('nobody is rung');
      floor.end(rung, 'noAnswer');
      floor.wait(1000);
      empty(floor);
      expect(told(floor.onlyCdr())).toEqual([{ kind: 'attended', by: 'ann', to: '8004', outcome: 'failed' }]);
    });

    test('after the answer: done', () => {
      const floor = consulted();
      floor.answer_('8004').wait(1000);
      floor.transfers(ext('8001'), order);
      floor.wait(1000);
      empty(floor);
      expect(told(floor.onlyCdr())).toEqual([{ kind: 'attended', by: 'ann', to: '8004', outcome: 'done' }]);
    });
  });
});

describe.each(ORDERS)('an inside call is handed to an outside line (%s)', (order) => {
  const consulted = (): PbxFloor => {
    const floor = new PbxFloor().ready('ann');
    floor.dials(ext('8001'), '8003');
    floor.wait(1000).answer_('8003').wait(1000);
    floor.holds(floor.on(ext('8001'))[0]);
    floor.dials(ext('8001'), OUT);
    return floor.wait(1000);
  };

  test('that is not answered: failed', () => {
    const floor = consulted();
    floor.transfers(ext('8001'), order);
    const rung = floor.wait(4000).on(line(1))[0];
    if (rung === undefined) throw new Error('no line');
    floor.end(rung, 'noAnswer');
    empty(floor);
    expect(told(floor.onlyCdr())).toMatchObject([{ kind: 'attended', by: 'ann', outcome: 'failed' }]);
  });

  test('that is answered: done then', () => {
    const floor = consulted();
    floor.transfers(ext('8001'), order);
    floor.wait(4000).farAnswers();
    floor.wait(1000);
    empty(floor);
    expect(told(floor.onlyCdr())).toMatchObject([{ kind: 'attended', by: 'ann', outcome: 'done' }]);
  });
});

test('who leaves two others to each other has transferred them, and they may do what they like', () => {
  const floor = three('calledIn');
  const own = floor.on(ext('8001'))[0];
  if (own === undefined) throw new Error('ann has left');
  floor.end(own, 'transferred');
  floor.wait(2000).holds(floor.on(ext('8002'))[0]);
  floor.wait(2000).retrieves(floor.on(ext('8002'))[0]);
  floor.wait(1000).sends(floor.on(ext('8002'))[0], '8003');
  floor.wait(1000).answer_('8003').wait(1000);
  empty(floor);
  const cdr = floor.onlyCdr();
  expect(told(cdr)).toEqual([
    { kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'done' },
    { kind: 'blind', by: 'bob', to: '8003', outcome: 'done' },
  ]);
  expect(cdr.segments.map(({ kind }) => kind)).toEqual([
    'ringing',
    'talking',
    'conference',
    'talking',
    'held',
    'talking',
    'transferring',
    'talking',
  ]);
});

test('one of two who were left to each other sends the other on at once: both transfers are done', () => {
  const floor = three('calledIn');
  const own = floor.on(ext('8001'))[0];
  if (own === undefined) throw new Error('ann has left');
  floor.end(own, 'transferred');
  floor.sends(floor.on(ext('8002'))[0], '8003');
  floor.wait(1000).answer_('8003').wait(1000);
  empty(floor);
  expect(told(floor.onlyCdr())).toEqual([
    { kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'done' },
    { kind: 'blind', by: 'bob', to: '8003', outcome: 'done' },
  ]);
});

test('who took a held caller has them, whatever comes first', () => {
  const floor = new PbxFloor().ready('ann', 'bob');
  const caller = floor.rings(MEI, ['8001']);
  floor.wait(1000).answer_('8001').wait(1000);
  const own = floor.on(ext('8001'))[0];
  if (own === undefined) throw new Error('ann has left');
  floor.holds(own);
  const taken = floor.create({ device: ext('8002'), direction: 'incoming', ref: caller.ref });
  floor.set(taken, 'connected');
  floor.end(own, 'transferred');
  floor.wait(2000);
  empty(floor);
  expect(told(floor.onlyCdr())).toEqual([{ kind: 'blind', by: 'ann', to: 'agent:bob', outcome: 'done' }]);
});

test('a conference in which the phone leaves one of its two calls as transferred is no transfer; what it sends on after it is one', () => {
  const floor = new PbxFloor().ready('ann', 'bob');
  floor.rings(MEI, ['8001']);
  floor.wait(1000).answer_('8001').wait(1000);
  floor.holds(floor.on(ext('8001'))[0]);
  floor.dials(ext('8001'), '8002');
  floor.wait(1000).answer_('8002').wait(1000);
  const [active, held] = [floor.active(ext('8001')), floor.heldAt(ext('8001'))];
  const bob = floor.on(ext('8002'))[0];
  if (active === undefined || held === undefined || bob === undefined) throw new Error('no consultation');
  bob.ref = held.ref;
  floor.event({ type: 'movedCall', connectionId: bob.id, nativeCallRef: held.ref });
  floor.end(active, 'transferred');
  held.held = undefined;
  floor.event({ type: 'retrievedByDevice', connectionId: held.id });
  floor.wait(5000);
  expect(floor.engine.agent(asId('ann'))?.calls).toHaveLength(1);
  floor.sends(held, '8004');
  floor.wait(1000).answer_('8004').wait(1000);
  empty(floor);
  expect(told(floor.onlyCdr())).toEqual([{ kind: 'blind', by: 'ann', to: '8004', outcome: 'done' }]);
});

test('a transfer under way in a snapshot of before those in the talk were kept disturbs nobody, and is not written down', () => {
  const floor = new PbxFloor().ready('ann');
  floor.rings(MEI, ['8001']);
  floor.wait(1000).answer_('8001').wait(1000);
  floor.sends(floor.on(ext('8001'))[0], '8004');
  const state = JSON.parse(floor.engine.dump()) as {
    readonly calls: Record<string, { readonly native: { readonly handed: Record<string, unknown> } }>;
  };
  for (const { native } of Object.values(state.calls))
    for (const field of ['kind', 'among']) delete native.handed[field];
  floor.engine = restoreEngine(JSON.stringify(state));
  floor.wait(4000).answer_('8004').wait(1000);
  empty(floor);
  expect(floor.onlyCdr()).toMatchObject({ outcome: 'answered', transfers: [] });
});
