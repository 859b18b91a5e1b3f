import { expect, test } from 'vitest';
import { createIvrSession, type FlowId, type IvrGraph, type IvrNode, stepIvr } from '../../src/index.js';

const flow = (id: string, nodes: Readonly<Record<string, IvrNode>>): IvrGraph => ({
  format: 'cordboard-ivr/1',
  id: id as FlowId,
  version: '1',
  languages: ['en'],
  start: 'start',
  nodes,
  prompts: {},
});
const menu: IvrNode = { type: 'menu', say: [], keys: { '1': 'BACK' }, noInput: 'END', noMatch: 'END' };
const asks: IvrNode = {
  type: 'collect',
  say: [],
  variable: 'v',
  min: 1,
  max: 1,
  next: 'BACK',
  noInput: 'END',
  noMatch: 'END',
};

test('a sub-flow knows no way back to a menu of its own that bears the name of the node which called it', () => {
  const outer = flow('outer', {
    start: { type: 'set', assign: {}, next: 'same' },
    same: { type: 'subflow', flow: 'inner', results: {}, otherwise: 'END' },
  });
  const inner = flow('inner', { start: asks, same: menu });
  const context = {
    session: 's',
    atMs: 0,
    wallMs: 0,
    offsetMin: 0,
    callerNumber: '',
    dialledNumber: '',
  };
  const world = {
    context,
    graph: (id: FlowId) => [outer, inner].find((one) => one.id === id),
    calendars: {},
    dialPlan: { countryCode: '86', internal: [], ownNumbers: [], emergency: [] },
  };
  const begun = stepIvr(createIvrSession(outer, context), { type: 'start' }, world).state;
  const { path } = stepIvr(begun, { type: 'digit', digit: '5' }, world).state;
  expect(path).toEqual(['outer/start', 'outer/same', 'inner/start', 'inner/start']);
});
