import { CtiError } from '@cordboard/cti-core';
import type { TokenReason } from '../link/server-link.js';

/** How the element gets its tokens. */
export type GetToken = (reason: TokenReason) => string | Promise<string>;

/** Tokens from an address of the page's own server that answers `{"token": "..."}` for the person signed in; `undefined` without an address. */
export function tokenFromAddress(address: string | null): GetToken | undefined {
  if (address === null) return undefined;
  return async () => {
    const response = await fetch(address, { credentials: 'same-origin', cache: 'no-store' });
    if (response.status === 401 || response.status === 403) {
      throw new CtiError('auth.missing', 'the token address gives no token to this person');
    }
    if (!response.ok) throw new CtiError('auth.expired', `the token address answered ${response.status}`);
    const body: unknown = await response.json();
    const token = (body as { readonly token?: unknown } | null)?.token;
    if (typeof token !== 'string') throw new CtiError('auth.missing', 'the token address answered without a token');
    return token;
  };
}
