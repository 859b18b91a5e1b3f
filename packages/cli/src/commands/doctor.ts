import { readServerConfig } from '@cordboard/cti-server';
import { loadConfig } from '../config/load-config.js';
import { examine } from '../doctor/doctor.js';
import { type FindingLevel, isHealthy } from '../doctor/finding.js';
import { type CommandContext, type ExitCode, withFile } from './context.js';

/** How levels look to a reader. */
export const MARKS: Readonly<Record<FindingLevel, string>> = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
  unknown: 'unknown',
};

/** Options of `cordboard doctor`. */
export interface DoctorOptions {
  readonly config?: string;
  readonly json?: 'json';
}

/** Says of each configured switch whether it can be reached, what it lacks, and whether calls reach people without us. */
export async function doctor(options: DoctorOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder } = context;
  const { file, value } = await loadConfig(options.config, folder);
  const { switches } = await withFile(file, context, () => readServerConfig(value));
  const reports = await examine(switches);
  const healthy = reports.every(({ findings }) => isHealthy(findings));
  if (options.json !== undefined) {
    output.out(JSON.stringify({ healthy, switches: reports }));
    return healthy ? 0 : 1;
  }
  for (const { switchId, findings } of reports) {
    output.out(switchId);
    for (const { level, text, fix } of findings) {
      output.out(`  ${MARKS[level]} ${text}`);
      if (fix !== undefined) output.out(`          ${fix}`);
    }
  }
  return healthy ? 0 : 1;
}
