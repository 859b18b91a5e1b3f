import type { View } from './check.js';
import { type Found, found } from './problems.js';

/** Services that are asked without a bound, where they must not be asked, or without encryption. */
export function services({ map, options }: View): Found[] {
  const allowed = options.site?.services;
  return map.nodes.flatMap((node, at) => {
    if (node.type !== 'http') return [];
    const name = map.names[at] ?? '';
    const bound = node.timeoutMs === undefined ? [found('http.timeout', { node: name, field: 'timeoutMs' })] : [];
    return [
      ...bound,
      ...place(node.url, allowed).map(({ code, about }) => found(code, { node: name, field: 'url' }, about)),
    ];
  });
}

type Wrong = { readonly code: 'http.host' | 'http.insecure'; readonly about: string };

/** Scheme, host and port must be those of an entry; none of them may come from a variable. */
function place(url: string, allowed: readonly string[] | undefined): readonly Wrong[] {
  const origin = originOf(url);
  if (origin === undefined) return [{ code: 'http.host', about: '' }];
  if (allowed === undefined) return [];
  const origins = new Set(allowed.map((one) => originOf(one) ?? one));
  if (origins.has(origin)) return [];
  const safe = origin.startsWith('http:') ? originOf(origin.replace('http:', 'https:')) : undefined;
  return [{ code: safe !== undefined && origins.has(safe) ? 'http.insecure' : 'http.host', about: origin }];
}

/** `undefined`: no address of a service, or one that names a user, or whose beginning holds a variable. */
function originOf(url: string): string | undefined {
  const beginning = /^(https?):\/\/([^/?#\\]*)/iu.exec(url);
  const host = beginning?.[2] ?? '';
  if (beginning === null || host === '' || /[{}@]/u.test(host)) return undefined;
  try {
    // Behind the host a variable may stand; what an address may not hold is filled in before it is one.
    return new URL(beginning[0]).origin;
  } catch {
    return undefined;
  }
}
