import type { Machine } from './table.js';

/** Draws a machine as a Mermaid state diagram: the moves only, in table order, events to the same place on one arrow. */
export function machineDiagram<S extends string, E extends string>(machine: Machine<S, E>): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${machine.start}`];
  for (const from of Object.keys(machine.table) as S[]) {
    const arrows = new Map<string, string[]>();
    for (const event of Object.keys(machine.table[from]) as E[]) {
      const cell = machine.table[from][event];
      if (typeof cell === 'object' || cell === 'reject') continue;
      const events = arrows.get(cell) ?? [];
      events.push(event);
      arrows.set(cell, events);
    }
    for (const [to, events] of arrows) lines.push(`  ${from} --> ${to}: ${events.join(', ')}`);
  }
  for (const end of machine.end) lines.push(`  ${end} --> [*]`);
  return `${lines.join('\n')}\n`;
}

/** The table of a machine as Markdown, `ignore` cells with what reaches them. */
export function machineTable<S extends string, E extends string>(machine: Machine<S, E>): string {
  const states = Object.keys(machine.table) as S[];
  const events = Object.keys(machine.table[machine.start]) as E[];
  const lines = [`| state | ${events.join(' | ')} |`, `|---|${events.map(() => '---').join('|')}|`];
  for (const state of states) {
    const cells = events.map((event) => {
      const cell = machine.table[state][event];
      if (typeof cell === 'object') return `ignore (${cell.ignore})`;
      return cell === 'reject' ? 'reject' : `**${cell}**`;
    });
    lines.push(`| ${state} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}
