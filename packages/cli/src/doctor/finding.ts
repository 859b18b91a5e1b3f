/** What an examination says. `unknown`: it could not be looked at; `fix` says what would change that. */
export type FindingLevel = 'ok' | 'warning' | 'failed' | 'unknown';

/** One thing that was looked at. `id` is stable; texts hold no secrets. */
export interface Finding {
  readonly id: string;
  readonly level: FindingLevel;
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** The worst that was found decides how the command ends. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'failed');
}
