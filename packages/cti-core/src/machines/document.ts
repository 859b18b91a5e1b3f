import { machineDiagram, machineTable } from './diagram.js';
import type { Machine } from './table.js';

/** The page docs/state-machines.md: each machine as a diagram and as its table. Generated, never written by hand. */
export function machineDocument(machines: readonly Machine<string, string>[]): string {
  const parts = machines.map(
    (machine) => `## ${machine.name}\n\n\`\`\`mermaid\n${machineDiagram(machine)}\`\`\`\n\n${machineTable(machine)}`,
  );
  return `# State machines\n\nGenerated from the tables in packages/cti-core/src/machines. A cell is the next state, \`ignore\` with what reaches it\n(late and repeated reports: counted, nothing changes), or \`reject\` (a mistake, or a sign of lost sync).\n\n${parts.join('\n')}`;
}
