import { readFile } from 'node:fs/promises';
import { isCtiError, type Logger, type ProgrammingFacet, type SwitchId } from '@cordboard/cti-core';
import { compareBackup } from './backup.js';
import { type Backup, parseBackup } from './backup-file.js';

/** What a {@link StartCheck} works with. */
export interface StartCheckOptions {
  readonly facet: ProgrammingFacet;
  /** A backup. */
  readonly file: string;
  readonly log: Logger;
  readonly switchId: SwitchId;
}

/**
 * Holds a switch against a backup whenever its link has come up (row P1), and logs how many parameters differ, by their ids. Values are not logged. Secret parameters
 * are left out: nobody is there to give the password.
 */
export class StartCheck {
  readonly #options: StartCheckOptions;
  #running: AbortController | undefined;

  constructor(options: StartCheckOptions) {
    this.#options = options;
  }

  /** The link is up. One check at a time runs. */
  begin(): void {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    void this.#check(running.signal);
  }

  /** The link is down, or all ends. Twice is once. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #check(signal: AbortSignal): Promise<void> {
    const { facet, file, log, switchId } = this.#options;
    try {
      const backup = withoutSecrets(parseBackup(await readFile(file, 'utf8')));
      if (signal.aborted) return;
      const { equal, differences } = await compareBackup(facet, backup, { signal });
      const parameters = [...new Set(differences.map(({ id }) => id))].slice(0, 20).join(' ');
      if (differences.length === 0) log.info('the switch has what its backup has', { switchId, equal });
      else
        log.warn('the switch differs from its backup', {
          switchId,
          equal,
          differences: differences.length,
          parameters,
        });
    } catch (error) {
      // The next link brings the next check.
      if (signal.aborted || isCtiError(error, 'driver.linkLost') || isCtiError(error, 'wait.aborted')) return;
      const code = isCtiError(error) ? error.code : 'unreadable';
      log.warn('the switch could not be held against its backup', { switchId, code });
    }
  }
}

function withoutSecrets(backup: Backup): Backup {
  return {
    ...backup,
    secrets: 'omitted',
    parameters: backup.parameters.filter(({ secret }) => secret === undefined),
  };
}
