import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { CtiError, type IvrGraph } from '@cordboard/cti-core';
import { fromJson, type IvrFlow, toJson } from '@cordboard/ivr-dsl';
import { importModule } from '../config/load-config.js';

/** Most flows of one file. */
const MAX_FLOWS = 1000;

/**
 * The flows of a file: `.json` (one flow, or a list), or a `.ts`, `.mts`, `.js` or `.mjs` that exports them: by name, in lists, or in a configuration's
 * `flows`. Each once, in the order found.
 *
 * @throws {CtiError} `argument.invalid` for a file that cannot be read or has none, `flow.invalid` for one that is none, `config.invalid` for a module that does not compile or load
 */
export async function loadFlows(file: string, folder: string): Promise<readonly IvrGraph[]> {
  const path = resolve(folder, file);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new CtiError('argument.invalid', `${file}: expected a file that can be read (${code})`, { cause });
  });
  const flows = extname(path) === '.json' ? fromText(text) : flowsIn(await importModule(path), 3);
  const known = new Map<string, IvrGraph>();
  for (const flow of flows) if (!known.has(flow.id)) known.set(flow.id, flow);
  if (known.size > 0) return [...known.values()];
  throw new CtiError('argument.invalid', `${file}: expected flows: made by defineIvr and exported, or as JSON`);
}

function fromText(text: string): readonly IvrGraph[] {
  const value = list(text);
  return value === undefined ? [fromJson(text)] : value.slice(0, MAX_FLOWS).map((one) => fromJson(JSON.stringify(one)));
}

/** The entries of a JSON text that is a list. What is wrong with any other text is told by who reads a flow. */
function list(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Flows among values, in lists and in a configuration's `flows`, so many levels down. */
function flowsIn(value: unknown, levels: number): readonly IvrGraph[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('format' in value && value.format === 'cordboard-ivr/1') return [fromJson(toJson(value as IvrFlow))];
  if (levels === 0) return [];
  const inside = Array.isArray(value) ? value.slice(0, MAX_FLOWS) : Object.values(value);
  return inside.flatMap((one: unknown) => flowsIn(one, levels - 1));
}
