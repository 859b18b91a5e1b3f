import { isHealthy } from '../doctor/finding.js';
import { examineUsb } from '../doctor/usb/examine.js';
import type { CommandContext, ExitCode } from './context.js';
import { MARKS } from './doctor.js';

/** Options of `cordboard doctor usb`. */
export interface DoctorUsbOptions {
  /** Folder that is `/` of the machine. */
  readonly root: string;
  readonly json?: 'json';
}

/** Says what boxes are plugged in, how a configuration names them, and what they lack to be used. */
export async function doctorUsb(options: DoctorUsbOptions, { output }: CommandContext): Promise<ExitCode> {
  const { devices, findings } = await examineUsb({ root: options.root });
  const healthy = isHealthy(findings);
  if (options.json !== undefined) {
    output.out(JSON.stringify({ healthy, devices, findings }));
    return healthy ? 0 : 1;
  }
  for (const { level, text, fix } of findings) {
    output.out(`${MARKS[level]} ${text}`);
    if (fix !== undefined) output.out(`        ${fix}`);
  }
  return healthy ? 0 : 1;
}
