import { numberKey } from '@cordboard/cti-core';
import { customerMatch, type ResolvedConfig } from '@cordboard/cti-protocol';
import type { CustomerDirectory } from './lookups.js';

/** Most bytes of one answer. */
const ANSWER_BYTES = 64 * 1024;

/** Makes a directory from the configuration: a function, a URL, or a list. */
export function directoryOf(config: ResolvedConfig['directory']): CustomerDirectory | undefined {
  if (config === undefined) return undefined;
  if (typeof config === 'function') return config as unknown as CustomerDirectory;
  if (Array.isArray(config)) return listDirectory(config);
  const { url, headers = {} } = config;
  return async (number, { signal }) => {
    const key = numberKey(number);
    if (key === undefined) return { decision: 'none', customers: [] };
    const target = url.replaceAll('{number}', encodeURIComponent(key));
    const response = await fetch(target, {
      headers: { accept: 'application/json', ...headers },
      signal,
      redirect: 'error',
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error('the directory refused');
    }
    return customerMatch.parse(JSON.parse(await textOf(response)));
  };
}

/** The body, read no further than it may be long. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES) throw new Error('the answer of the directory is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listDirectory(
  list: readonly { readonly number: string; readonly id: string; readonly name: string; readonly url?: string }[],
): CustomerDirectory {
  const byTail = new Map<string, { id: string; name: string; url?: string }[]>();
  const tailOf = (text: string): string => text.replace(/\D/gu, '').slice(-9);
  for (const { number, ...customer } of list) {
    byTail.set(tailOf(number), [...(byTail.get(tailOf(number)) ?? []), customer]);
  }
  return (number) => {
    const key = numberKey(number);
    const customers = key === undefined ? [] : (byTail.get(tailOf(key)) ?? []);
    return { decision: customers.length === 0 ? 'none' : customers.length === 1 ? 'one' : 'many', customers };
  };
}
