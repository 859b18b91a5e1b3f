import { type EslCommand, eslWord } from '../wire/esl-encoder.js';
import { checkAccepted } from './channel-control.js';
import type { EslSession } from './esl-session.js';
import type { EslWait } from './reply-queue.js';

/** What is heard on a connection. The form of events is one for all of them, and the last one asked for. */
export interface EslSubscription {
  readonly events?: readonly string[];
  readonly custom?: readonly string[];
  readonly format?: 'plain' | 'json' | 'xml';
  readonly filters?: readonly (readonly [header: string, value: string])[];
}

/**
 * Asks for events. Subclasses come last in a command of their own line, because FreeSWITCH takes every word behind `CUSTOM` for one.
 *
 * @throws {CtiError} `wire.unsafeValue`; by rejection `driver.refused` when this user may not hear one of them
 */
export async function subscribeTo(session: EslSession, wanted: EslSubscription, wait: EslWait = {}): Promise<void> {
  const { format = 'plain', custom = [], events = [], filters = [] } = wanted;
  const names = events.filter((name) => name !== 'CUSTOM').map((name) => eslWord('an event', name));
  const subclasses = custom.map((name) => eslWord('a subclass', name));
  const words = [
    ...names,
    ...(subclasses.length > 0 ? ['CUSTOM', ...subclasses] : events.includes('CUSTOM') ? ['CUSTOM'] : []),
  ];
  const commands: EslCommand[] = filters.map(([header, value]) => filterLine(header, value));
  // A filter by some header would keep the results of jobs away; one filter that fits is enough for an event.
  if (filters.length > 0) commands.push(filterLine('Event-Name', 'BACKGROUND_JOB'));
  if (words.length > 0) commands.push({ line: `event ${format} ${words.join(' ')}` });
  const answers = await Promise.all(commands.map((command) => session.command(command, wait)));
  for (const answer of answers) checkAccepted(answer, 'the switch does not let this user hear these events');
}

/** Asks for the results of jobs. @returns whether this user may hear them */
export async function hearJobs(
  session: EslSession,
  format: 'plain' | 'json' | 'xml',
  wait: EslWait = {},
): Promise<boolean> {
  const answer = await session.command({ line: `event ${format} BACKGROUND_JOB` }, wait);
  return !answer.isRefusal;
}

/** `filter`: only events with such a header pass. */
export function filterLine(header: string, value: string): EslCommand {
  return { line: `filter ${eslWord('a header', header)} ${value}` };
}
