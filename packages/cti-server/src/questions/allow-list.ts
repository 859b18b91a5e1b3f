import { isIP } from 'node:net';

/** A service that may be asked. */
export interface AllowedService {
  /** Scheme, host and port, as `URL.origin` writes them. */
  readonly origin: string;
  readonly network: 'public' | 'private';
}

/** Where a question may go: the address as a URL, and whether its name must lead to a public address. */
export interface Permitted {
  readonly url: URL;
  readonly addresses: 'public' | 'any';
}

/**
 * What a URL may be asked as, by a list that denies by default. Scheme, host and port must be those of an entry; user names in the URL are refused. An entry that
 * is itself an address (or `localhost`) says where it leads, and needs no leave of its own.
 */
export function permit(text: string, allow: readonly AllowedService[]): Permitted | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (!/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  const entry = allow.find(({ origin }) => origin === url.origin);
  if (entry === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const saysWhere = isIP(host) !== 0 || host === 'localhost';
  return { url, addresses: saysWhere || entry.network === 'private' ? 'any' : 'public' };
}
