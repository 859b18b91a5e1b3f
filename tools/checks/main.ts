import process from 'node:process';
import { endWrong, readArgs } from '../lib/args.mjs';
import { countsLine } from '../lib/counts.mjs';
import { root } from '../lib/workspace.mjs';
import { checks } from './all.js';
import { treeOnDisk } from './tree.js';

const USAGE = `npm run checks -- [CHECK ...] [--in packages/NAME]; checks: ${Object.keys(checks).join(', ')}`;

const { values, positionals } = readArgs(USAGE, { allowPositionals: true, options: { in: { type: 'string' } } });
const names = positionals.length > 0 ? positionals : Object.keys(checks);
const tree = treeOnDisk(root);
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of names) {
  const check = checks[name];
  if (!check) endWrong(`no check is called ${name}`, USAGE);
  const findings = check.run(tree).filter((finding) => values.in === undefined || finding.file.startsWith(values.in));
  for (const { rule, file, line, message, severity } of findings) {
    process.stdout.write(`${severity ?? 'error'} ${name}/${rule} ${file}:${line} ${message}\n`);
  }
  counts[findings.some((finding) => finding.severity !== 'warning') ? 'failed' : 'passed'] += 1;
}
process.stdout.write(`${countsLine(counts)}\n`);
process.exitCode = counts.failed > 0 ? 1 : 0;
