import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
import { CtiError } from '@cordboard/cti-core';
import type { CommandContext } from '../commands/context.js';
import type { ConnectOptions } from './connect.js';

/** Environment variable that may hold the system password. */
export const PASSWORD_VARIABLE = 'CORDBOARD_PBX_PASSWORD';
const MAX_CHARS = 64;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACE = /[\b\u007f]/u;

/**
 * The system password: from its file, the environment, the command line (with a warning), or asked for at the terminal without showing it.
 *
 * @throws {CtiError} `argument.invalid` there is none, `wait.aborted` the question was broken off
 */
export async function systemPassword(options: ConnectOptions, context: CommandContext): Promise<string> {
  const { passwordFile, passwordArgument } = options;
  if (passwordFile !== undefined) {
    const text = await readFile(resolve(context.folder, passwordFile), 'utf8').catch((cause: unknown) => {
      throw new CtiError('argument.invalid', 'the password file cannot be read', { cause });
    });
    return text.replace(/\r?\n$/u, '');
  }
  if (passwordArgument !== undefined) {
    context.output.err(
      `cordboard: a password in the command line can be seen by everybody on this machine; better ${PASSWORD_VARIABLE} or --password-file`,
    );
    return passwordArgument;
  }
  const fromEnvironment = process.env[PASSWORD_VARIABLE];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  if (!process.stdin.isTTY) {
    throw new CtiError(
      'argument.invalid',
      `the PBX wants its system password: ${PASSWORD_VARIABLE} or --password-file`,
      {
        details: { path: 'password' },
      },
    );
  }
  process.stderr.write('System password of the PBX: ');
  process.stdin.setRawMode(true);
  try {
    return await askHidden(process.stdin, context.signal);
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

/** Reads a line key by key from a terminal that shows nothing of it. */
export function askHidden(input: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void): void => {
      input.removeListener('data', onData);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => end(() => reject(new CtiError('wait.aborted', 'the question was broken off')));
    const onData = (chunk: Buffer | string): void => {
      for (const key of String(chunk)) {
        if (key === CTRL_C || key === CTRL_D) return onAbort();
        if (key === '\r' || key === '\n') return end(() => resolve(typed));
        typed = BACKSPACE.test(key) ? typed.slice(0, -1) : `${typed}${key}`.slice(0, MAX_CHARS);
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    input.on('data', onData);
    input.resume();
  });
}
