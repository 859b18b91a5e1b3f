import { MACHINES } from '@cordboard/cti-core';
import { FAULT_KINDS, ORDER_IDS, RACES } from '@cordboard/simulator';
import type { DayReport } from './worker.js';

/** What days reached, by kind of thing. */
export interface Reached {
  readonly faults: Map<string, number>;
  readonly races: Map<string, number>;
  readonly orders: Map<string, number>;
  /** Cells of the state tables that lead on or ignore, `machine.state.event`; what they reject is no part of a day. */
  readonly cells: Map<string, number>;
}

/** Everything that a run must reach, at nought. */
export function nothingReached(): Reached {
  const noughts = (names: readonly string[]): Map<string, number> => new Map(names.map((name) => [name, 0]));
  return {
    faults: noughts(FAULT_KINDS),
    races: noughts(RACES),
    orders: noughts(ORDER_IDS),
    cells: noughts(decidedCells()),
  };
}

/** Adds one day. */
export function addDay(reached: Reached, report: DayReport): void {
  for (const kind of ['faults', 'races', 'orders'] as const) {
    for (const [name, times] of report[kind]) if (reached[kind].has(name)) add(reached[kind], name, times);
  }
  for (const [name, times] of Object.entries(report.counters)) {
    const cell = /^(?:ignored|moved)\.(.+)$/u.exec(name)?.[1];
    if (cell !== undefined && reached.cells.has(cell)) add(reached.cells, cell, times);
  }
}

/** Names of what was never reached. */
export function missing(reached: Reached): string[] {
  return (['faults', 'races', 'orders', 'cells'] as const).flatMap((kind) =>
    [...reached[kind]].filter(([, times]) => times === 0).map(([name]) => `${kind}: ${name}`),
  );
}

function decidedCells(): string[] {
  return MACHINES.flatMap(({ name, table }) =>
    Object.entries(table).flatMap(([state, row]) =>
      Object.entries(row).flatMap(([event, cell]) => (cell !== 'reject' ? [`${name}.${state}.${event}`] : [])),
    ),
  );
}

function add(counts: Map<string, number>, name: string, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}
