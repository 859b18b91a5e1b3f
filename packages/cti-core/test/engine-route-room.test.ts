import { expect, test } from 'vitest';
import { type ConnectionId, type RouteConfig, restoreEngine } from '../src/index.js';
import { Floor } from './support/floor.js';
import { site } from './support/site.js';

const NUMBER = '4008001000';
const routes = (maxConcurrent: number, more: Partial<RouteConfig> = {}): RouteConfig[] => [
  { ...(site().routes[0] as RouteConfig), maxConcurrent, ...more },
  ...site().routes.slice(1),
];
const begin = (maxConcurrent: number): Floor => new Floor(site({ routes: routes(maxConcurrent) })).up();
const calls = (floor: Floor, number = NUMBER): ConnectionId => {
  const caller = floor.caller('13912345678', number);
  floor.wait(100);
  return caller;
};
/** What became of a caller: taken, or turned away with this cause. */
const fate = (floor: Floor, caller: ConnectionId): string => {
  const cleared = floor.sent('clear').find(({ connectionId }) => connectionId === caller);
  return cleared === undefined ? 'taken' : cleared.cause;
};

test('a route takes as many calls at once as it may, and the next ones when some are over', () => {
  const floor = begin(2);
  const [one, two, three] = [calls(floor), calls(floor), calls(floor)];
  expect([one, two, three].map((caller) => fate(floor, caller))).toEqual(['taken', 'taken', 'busy']);
  expect([...floor.cdrs.values()]).toMatchObject([{ outcome: 'busy', cause: 'busy' }]);
  floor.hangUp(one);
  const [four, five] = [calls(floor), calls(floor)];
  expect([four, five].map((caller) => fate(floor, caller))).toEqual(['taken', 'busy']);
  for (const caller of [two, four]) floor.hangUp(caller);
  const later = [calls(floor), calls(floor), calls(floor)];
  expect(later.map((caller) => fate(floor, caller))).toEqual(['taken', 'taken', 'busy']);
  // Other routes have room of their own.
  expect(fate(floor, calls(floor, '4008001001'))).toBe('taken');
});

test('without a bound it takes all', () => {
  const floor = begin(0);
  expect(Array.from({ length: 50 }, () => fate(floor, calls(floor)))).toEqual(Array(50).fill('taken'));
});

test('calls count through a restart and a changed configuration', () => {
  const floor = begin(2);
  const first = calls(floor);
  floor.engine = restoreEngine(floor.engine.dump());
  const second = calls(floor);
  expect([first, second, calls(floor)].map((caller) => fate(floor, caller))).toEqual(['taken', 'taken', 'busy']);
  floor.input({ kind: 'config', config: site({ routes: routes(3) }) });
  expect([calls(floor), calls(floor)].map((caller) => fate(floor, caller))).toEqual(['taken', 'busy']);
  floor.input({ kind: 'config', config: site({ routes: routes(1) }) });
  floor.hangUp(first);
  floor.hangUp(second);
  expect(fate(floor, calls(floor))).toBe('busy');
});
