import { type Clock, CtiError, isCtiError, type Logger } from '@cordboard/cti-core';
import type { LinkLife } from '@cordboard/driver-kit';
import type { EslSession } from '../link/esl-session.js';
import type { EslAnswer } from '../link/reply-queue.js';
import { commandText } from '../map/command-text.js';
import type { EslCommand } from '../wire/esl-encoder.js';
import type { Execution } from './kit.js';

/** Bound of commands of the driver's own. */
const OWN_COMMAND_MS = 5_000;
/** Bound that never comes: commands of the contract have their own. */
const MAX_COMMAND_MS = 65_000;

/** What {@link Requests} works with. */
export interface RequestsOptions {
  readonly clock: Clock;
  readonly life: LinkLife;
  readonly log: Logger;
  /** The session of the link that is up. */
  readonly session: () => EslSession | undefined;
}

/** Commands and timers of one life of the link after the other: what a life began ends with it. */
export class Requests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * Runs an `api` command; without a signal of its own within five seconds.
   *
   * @throws {CtiError} `driver.linkLost` when no link is up or it goes down, `wait.aborted` with the signal, `driver.timeout`
   */
  async api(line: string, signal?: AbortSignal): Promise<string> {
    return textOf(await this.command({ line: `api ${line}` }, signal));
  }

  /** Sends any command. @returns the reply, whatever it says @throws {CtiError} as `api` */
  command(command: EslCommand, signal?: AbortSignal): Promise<EslAnswer> {
    const session = this.#options.session();
    if (session === undefined || this.#options.life.signal.aborted) {
      return Promise.reject(new CtiError('driver.linkLost', 'the event socket is not connected'));
    }
    const timeoutMs = signal === undefined ? OWN_COMMAND_MS : MAX_COMMAND_MS;
    return session.command(command, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  }

  /** `sendmsg execute`: queues an application on a channel. @returns what FreeSWITCH replied @throws {CtiError} as `api` */
  async execute(id: string, { app, arg, eventId }: Execution, signal?: AbortSignal): Promise<string> {
    const headers = [
      ['call-command', 'execute'],
      ['execute-app-name', app],
      ['execute-app-arg', arg],
      ['Event-UUID', eventId],
    ] as const;
    return textOf(await this.command({ line: commandText('sendmsg', id), headers }, signal));
  }

  /** Runs a command of the driver's own: a failure is logged with its first word and changes nothing else. Never rejects. */
  async tidy(line: string): Promise<void> {
    const { log } = this.#options;
    const what = line.split(' ')[0] ?? '';
    try {
      const text = await this.api(line);
      if (/^-(ERR|USAGE)/.test(text)) log.debug('a command of our own was refused', { what });
    } catch (error) {
      log.debug('a command of our own failed', { what, code: isCtiError(error) ? error.code : 'internal' });
    }
  }
}

/** What an answer says: the body of an `api`, or the text of a reply. */
export function textOf(answer: EslAnswer): string {
  return answer.text;
}
