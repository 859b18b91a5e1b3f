import type { IvrGraph } from '../contract/index.js';
import { canonicalJson } from '../journal/canonical.js';
import { sha256Hex } from '../journal/sha256.js';

/**
 * The version of a flow that names none: the first 16 hexadecimal digits of the SHA-256 of its canonical JSON without the version. The same
 * flow has the same version, however it was written and in whatever order its fields stand.
 */
export function contentVersion(graph: Omit<IvrGraph, 'version'>): string {
  const content = Object.entries(graph).filter(([field, value]) => field !== 'version' && value !== undefined);
  return sha256Hex(canonicalJson(Object.fromEntries(content))).slice(0, 16);
}
