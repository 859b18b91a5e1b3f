import { expect, it } from 'vitest';
import { INTERNAL, type Leg, type Place } from './leg.js';
import { putNamesRight } from './named-bridges.js';

const alone: Place = { kind: 'alone' };
const pair = (withId: string): Place => ({ kind: 'pair', withId });
const conference = (bridge: string): Place => ({ kind: 'conference', name: `${INTERNAL}${bridge}` });

/** Rows of channel, where it is, the bridge that it names, and the one that it is in. */
it.each<[what: string, rows: readonly (readonly [id: string, place: Place, named: string, is: string])[]]>([
  ['alone and the only one', [['a', alone, 'b1', 'b1']]],
  [
    'two alone with one name',
    [
      ['a', alone, 'b1', ''],
      ['b', alone, 'b1', ''],
    ],
  ],
  [
    'a pair, and a third who names it',
    [
      ['a', pair('b'), 'b1', 'b1'],
      ['b', pair('a'), 'b1', 'b1'],
      ['c', alone, 'b1', ''],
    ],
  ],
  [
    'a pair of which one goes on to others',
    [
      ['a', pair('b'), 'b1', 'b2'],
      ['b', pair('a'), 'b2', 'b2'],
      ['c', alone, 'b1', ''],
    ],
  ],
  [
    'a pair whose second goes on',
    [
      ['a', pair('b'), 'b1', 'b1'],
      ['b', pair('a'), 'b2', 'b1'],
      ['c', alone, 'b2', ''],
    ],
  ],
  ['a pair with somebody who is not ours', [['a', pair('x'), 'b1', 'b1']]],
  [
    'a pair of which one names none',
    [
      ['a', pair('b'), 'b1', 'b1'],
      ['b', pair('a'), '', ''],
    ],
  ],
  [
    'a conference, and one who is on the way to it',
    [
      ['a', conference('b1'), 'b1', 'b1'],
      ['b', conference('b1'), 'b1', 'b1'],
      ['c', alone, 'b1', ''],
    ],
  ],
  [
    'in a conference, and named elsewhere already',
    [
      ['a', conference('b1'), 'b2', 'b1'],
      ['b', alone, 'b2', 'b2'],
    ],
  ],
  ["in a conference of the switch's own", [['a', { kind: 'conference', name: 'sales' }, 'b1', '']]],
])('%s', (_what, rows) => {
  const legs = rows.map(([id, place, named]) => ({ id, place, ...(named === '' ? {} : { bridgeId: named }) }) as Leg);
  putNamesRight(legs);
  expect(legs.map(({ id, bridgeId }) => [id, bridgeId ?? ''])).toEqual(rows.map(([id, , , is]) => [id, is]));
});
