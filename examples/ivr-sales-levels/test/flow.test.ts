import { checkIvr, fromJson, toJson } from '@cordboard/ivr-dsl';
import { Coverage, expectCoverage, expectSound, flowTest, randomWalks } from '@cordboard/ivr-dsl/testing';
import { toDot, toHtml, toMermaid } from '@cordboard/ivr-dsl/view';
import { afterAll, expect, test } from 'vitest';
import { DEPTH, sales } from '../sales.js';

const coverage = new Coverage();
/** A caller in the menu of a level. */
function at(level: number) {
  const caller = flowTest(sales, { coverage }).hears('level.1');
  for (let now = 2; now <= level; now += 1) caller.presses('1').hears(`level.${now}`);
  return caller;
}

test('the flow has no findings, and its menus are as deep as it promises', () => {
  expect(checkIvr(sales)).toEqual([]);
  expect(Object.values(sales.nodes).filter(({ type }) => type === 'menu')).toHaveLength(DEPTH);
});

test('a hundred levels are drawn as a page and as diagrams, and read back from JSON as they were', () => {
  for (const drawn of [toHtml(sales), toMermaid(sales), toDot(sales)]) expect(drawn).toContain(`level.${DEPTH}`);
  expect(fromJson(toJson(sales))).toEqual(sales);
});

test('from the deepest level back to the first, menu by menu', () => {
  const caller = at(DEPTH);
  for (let level = DEPTH - 1; level >= 1; level -= 1) caller.presses('*').hears(`level.${level}`);
  caller.presses('*').hears('welcome').hears('level.1');
});

test('from the deepest level back to the middle, and down again', () => {
  const caller = at(DEPTH);
  for (let level = DEPTH - 1; level >= 50; level -= 1) caller.presses('*').hears(`level.${level}`);
  for (let level = 51; level <= DEPTH; level += 1) caller.presses('1').hears(`level.${level}`);
  caller.presses('2').expects.toQueue('sales');
});

test('all keys at once: the way down is typed ahead', () => {
  flowTest(sales)
    .hears('welcome')
    .presses('1'.repeat(DEPTH - 1))
    .hears(`level.${DEPTH}`)
    .presses('2')
    .expects.toQueue('sales');
});

test('at every level one can order, keep silent, and press what is no choice', () => {
  for (let level = 1; level <= DEPTH; level += 1) {
    at(level).presses('2').expects.toQueue('sales');
    at(level).waits('30s').expects.toQueue('sales');
    at(level)
      .presses('7')
      .hears(`level.${level}`)
      .presses('7')
      .hears(level === 1 ? 'welcome' : `level.${level - 1}`);
  }
});

test('nobody sells, or gives the caller back', () => {
  at(3).presses('2').queueOverflows().hears('bye').isOver({ by: 'hangup' });
  at(3).presses('2').comesBack().isOver({ by: 'end' });
});

test('an outage at the deepest level: asked again there, and BACK still knows the way', () => {
  at(DEPTH)
    .survivesOutage()
    .hears(`level.${DEPTH}`)
    .presses('*')
    .hears(`level.${DEPTH - 1}`);
});

test('two hundred callers who press anything come to an end', () => {
  expectSound(randomWalks(sales, { seed: 7, walks: 200, moves: 120 }));
});

afterAll(() => expectCoverage(coverage, sales, { edges: 0.99, nodes: 1 }));
