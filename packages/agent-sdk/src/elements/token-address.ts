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
    // Read first: an answer that breaks off is no answer, and is asked for again.
    const token = tokenIn(await response.text());
    if (token === undefined) throw new CtiError('auth.missing', 'the token address answered without a token');
    return token;
  };
}

/** A site that wants people to sign in anew sends its page for that, with status 200. */
function tokenIn(text: string): string | undefined {
  try {
    const token = (JSON.parse(text) as { readonly token?: unknown } | null)?.token;
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}
