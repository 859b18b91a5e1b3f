import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CtiError } from '@cordboard/cti-core';
import { type readServerConfig, Tokens } from '@cordboard/cti-server';

/** The key of the configuration, else the one that the server made in its data folder at its first start. */
async function secretOf(tokenSecret: string | undefined, dataDir: string): Promise<Uint8Array> {
  if (tokenSecret !== undefined) return new TextEncoder().encode(tokenSecret);
  const file = join(dataDir, 'token.key');
  try {
    return Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url');
  } catch (cause) {
    const expected = 'server.tokenSecret in the configuration, or a data folder whose server was started once';
    throw new CtiError('config.invalid', `no token key: expected ${expected}`, {
      cause,
      details: { path: file, expected },
    });
  }
}

/**
 * Mints tokens of the tenant of a configuration.
 *
 * @param folder - where a relative data folder starts from
 * @throws {CtiError} `config.invalid` there is no key yet
 */
export async function tokensOf(
  { server, tenant }: Pick<ReturnType<typeof readServerConfig>, 'server' | 'tenant'>,
  folder: string,
): Promise<Tokens> {
  const secret = await secretOf(server.tokenSecret, resolve(folder, server.dataDir ?? './data'));
  return new Tokens({ secret, tenant: tenant.tenant, wallMs: Date.now });
}
