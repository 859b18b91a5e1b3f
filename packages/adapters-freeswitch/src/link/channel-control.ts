import { CtiError } from '@cordboard/cti-core';
import { type EslExecute, executeCommand, hangupCommand } from '../wire/esl-encoder.js';
import type { EslSession } from './esl-session.js';
import type { EslAnswer, EslWait } from './reply-queue.js';

/**
 * Starts an application on a channel.
 *
 * @returns the id that comes back as `Application-UUID` when it begins and when it ends
 * @throws {CtiError} `wire.unsafeValue`; by rejection `driver.refused` when there is no such channel, else as `EslSession.command`
 */
export async function executeOn(
  session: EslSession,
  target: { readonly uuid?: string; readonly execute: EslExecute },
  wait: EslWait = {},
): Promise<string> {
  const eventUuid = target.execute.eventUuid ?? session.newId();
  const answer = await session.command(executeCommand(target.uuid, { ...target.execute, eventUuid }), wait);
  checkAccepted(answer, 'the switch did not start the application');
  return eventUuid;
}

/** Ends a channel. @throws {CtiError} as {@link executeOn} */
export async function hangUp(
  session: EslSession,
  target: { readonly uuid?: string; readonly cause?: string },
  wait: EslWait = {},
): Promise<void> {
  const answer = await session.command(hangupCommand(target.uuid, target.cause), wait);
  checkAccepted(answer, 'the switch did not end the channel');
}

/** @throws {CtiError} `driver.refused` when the answer begins with `-ERR` or `-USAGE` */
export function checkAccepted(answer: EslAnswer, message: string): void {
  if (answer.isRefusal)
    throw new CtiError('driver.refused', message, { details: { answer: answer.text.slice(0, 256) } });
}
