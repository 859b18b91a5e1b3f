import { CtiError, isCtiError } from '@cordboard/cti-core';
import { reasonOf } from '@cordboard/driver-kit';
import type { EslOptionsInput } from '../options.js';
import { EslClient, type EslContext } from './esl-client.js';

/**
 * Dials FreeSWITCH once and waits until it is logged in. From then on the connection is kept up until `close`: after a loss the client dials again by
 * itself. To wait for a switch that is not up yet, use `EslClient` with `start` and `ready`.
 *
 * @throws {CtiError} `config.invalid`; by rejection `link.closed` when nobody lets it in, at once or within `connectTimeout`, with host and port and what to
 * check; `link.auth` when the password is refused; `wait.aborted`
 */
export async function connectEsl(
  options: EslOptionsInput,
  context: EslContext & { readonly signal?: AbortSignal } = {},
): Promise<EslClient> {
  const client = new EslClient(options, context);
  let off: () => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    off = client.onLink((event) => {
      if (event.type !== 'state' || event.error === undefined || isCtiError(event.error, 'link.auth')) return;
      if (event.state.kind === 'waiting' || event.state.kind === 'gaveUp') reject(notReached(client, event.error));
    });
  });
  client.start();
  try {
    await Promise.race([client.ready(context.signal === undefined ? {} : { signal: context.signal }), failed]);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  } finally {
    off();
  }
}

function notReached({ target }: EslClient, cause: unknown): CtiError {
  const { host, port } = target;
  return new CtiError('link.closed', whatToCheck(target, cause), {
    details: { host, port, linkDown: reasonOf(cause) },
    cause,
  });
}

function whatToCheck({ host, port, connectTimeoutMs }: EslClient['target'], cause: unknown): string {
  const where = `${host}:${port}`;
  if (isCtiError(cause)) {
    switch (reasonOf(cause)) {
      case 'timeout':
        return `no log-in at ${where} within ${connectTimeoutMs} ms; check host and port, and that no firewall stands between`;
      case 'refused':
        return `the switch at ${where} turns this machine away; check apply-inbound-acl in event_socket.conf.xml`;
      default:
        return `${where} ended the connection before the log-in; check that the event socket listens there and no other service`;
    }
  }
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'no reason given';
  if (code === 'ECONNREFUSED')
    return `nothing listens on ${where}; check host and port, and listen-ip in event_socket.conf.xml`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `no address is known for the host of ${where}; check its name`;
  return `no connection to ${where} (${code}); check host, port and tls`;
}
