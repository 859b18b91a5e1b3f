import { describe, expect, test } from 'vitest';
import { MACHINES, type Machine, stepMachine } from './index.js';

function moves(machine: Machine<string, string>, state: string): string[] {
  return Object.values(machine.table[state] ?? {}).filter(
    (cell): cell is string => typeof cell === 'string' && cell !== 'reject',
  );
}

function reachable(machine: Machine<string, string>, from: string): Set<string> {
  const found = new Set([from]);
  for (const state of found) for (const next of moves(machine, state)) found.add(next);
  return found;
}

/** What is wrong with a machine; nothing for a good one. */
function faultsOf(machine: Machine<string, string>): string[] {
  const states = Object.keys(machine.table);
  const events = Object.keys(machine.table[machine.start] ?? {});
  const known = reachable(machine, machine.start);
  const faults: string[] = [];
  for (const state of states) {
    if (!known.has(state)) faults.push(`${state} cannot be reached`);
    const ends = machine.end.includes(state);
    if (ends && moves(machine, state).length > 0) faults.push(`${state} is an end and goes on`);
    if (!ends && machine.end.length > 0 && !machine.end.some((end) => reachable(machine, state).has(end))) {
      faults.push(`${state} never ends`);
    }
    if (!ends && !reachable(machine, state).has(machine.start) && machine.end.length === 0) {
      faults.push(`${state} never comes back`);
    }
    const row = machine.table[state] ?? {};
    if (Object.keys(row).join() !== events.join()) faults.push(`${state} has other events`);
    for (const [event, cell] of Object.entries(row)) {
      if (typeof cell === 'object' && !/^(fault|race|trace):[\w./-]+$/u.test(cell.ignore)) {
        faults.push(`${state}.${event} does not say what reaches it`);
      }
      if (typeof cell === 'string' && cell !== 'reject' && !states.includes(cell)) faults.push(`${cell} is no state`);
    }
  }
  return faults;
}

describe.each(MACHINES.map((machine) => [machine.name, machine] as const))('%s', (_name, machine) => {
  test('every state is reached, every one ends or comes back, ends are ends, ignored cells say why', () => {
    expect(faultsOf(machine)).toEqual([]);
  });

  test('a step does what the cell says and nothing else', () => {
    for (const [state, row] of Object.entries(machine.table)) {
      for (const [event, cell] of Object.entries(row)) {
        const step = stepMachine(machine, state, event);
        if (typeof cell === 'object') expect(step).toEqual({ outcome: 'ignored', state });
        else if (cell === 'reject') expect(step).toEqual({ outcome: 'rejected', state });
        else expect(step).toEqual({ outcome: 'moved', state: cell });
      }
    }
  });
});

describe('the walk finds', () => {
  const good: Machine<'a' | 'b' | 'end', 'go' | 'stop'> = {
    name: 'planted',
    start: 'a',
    end: ['end'],
    table: {
      a: { go: 'b', stop: 'end' },
      b: { go: { ignore: 'fault:eventDoubled' }, stop: 'end' },
      end: { go: 'reject', stop: 'reject' },
    },
  };
  test.each([
    ['a state that nothing reaches', { a: { go: 'a', stop: 'end' } }],
    ['a state that never ends', { b: { go: 'b', stop: 'reject' } }],
    ['an end that goes on', { end: { go: 'a', stop: 'reject' } }],
    ['an ignored cell without a reason', { b: { go: { ignore: 'because' }, stop: 'end' } }],
  ])('%s', (_what, planted) => {
    expect(faultsOf(good)).toEqual([]);
    const broken = { ...good, table: { ...good.table, ...planted } } as unknown as Machine<string, string>;
    expect(faultsOf(broken)).not.toEqual([]);
  });
});
