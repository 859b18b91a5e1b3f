import { CtiError, parseDuration, ROLES, type Role } from '@cordboard/cti-core';
import { readServerConfig } from '@cordboard/cti-server';
import { loadConfig } from '../config/load-config.js';
import { tokensOf } from '../config/token-key.js';
import { type CommandContext, type ExitCode, withFile } from './context.js';

const maxTtlMs = 31 * 86_400_000;

/** Options of `cordboard token`. */
export interface TokenOptions {
  readonly config?: string;
  readonly user: string;
  readonly role: string;
  readonly agent?: string;
  readonly ttl: string;
  readonly json?: 'json';
}

/** Prints a token for a user of the configured tenant. */
export async function token(options: TokenOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder } = context;
  const role = ROLES.find((one): one is Role => one === options.role);
  if (role === undefined) throw new CtiError('argument.invalid', `--role: expected one of ${ROLES.join(', ')}`);
  const ttlMs = parseDuration(options.ttl);
  if (ttlMs === undefined || ttlMs < 1_000 || ttlMs > maxTtlMs) {
    throw new CtiError('argument.invalid', "--ttl: expected a duration such as '8h', from 1s to 31 days");
  }
  const { file, value } = await loadConfig(options.config, folder);
  const { server, tenant } = await withFile(file, context, () => readServerConfig(value));
  const tokens = await tokensOf({ server, tenant }, folder);
  const agentId = options.agent ?? (role === 'agent' ? options.user : undefined);
  const made = await tokens.make({
    userId: options.user,
    role,
    ttlS: ttlMs / 1_000,
    ...(agentId === undefined ? {} : { agentId }),
  });
  output.out(options.json === undefined ? made.token : JSON.stringify(made));
  return 0;
}
