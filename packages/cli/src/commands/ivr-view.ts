import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CtiError, type IvrGraph } from '@cordboard/cti-core';
import { Coverage, type Overlay, readCoverage, toDot, toHtml, toMermaid } from '@cordboard/ivr-dsl/view';
import { countCalls } from '../flows/calls.js';
import { loadFlows } from '../flows/load-flows.js';
import type { CommandContext, ExitCode } from './context.js';

/** Options of `cordboard ivr view`. */
export interface ViewOptions {
  /** Which flow, where the file has several. */
  readonly flow?: string;
  /** Write a page there. */
  readonly html?: string;
  readonly as?: 'mermaid' | 'dot';
  /** Files or folders of coverage. */
  readonly coverage?: readonly string[];
  /** A file of call records, or a server. */
  readonly traffic?: string;
  readonly token?: string;
  /** Most calls of a server. */
  readonly calls: number;
}

/** Draws a flow: a page of HTML, or the text of a Mermaid or DOT diagram (Mermaid where nothing is said). */
export async function viewFlow(file: string, options: ViewOptions, context: CommandContext): Promise<ExitCode> {
  const { output, folder } = context;
  const flow = chosen(await loadFlows(file, folder), options.flow, file);
  const overlay = await overlayOf(flow, options, context);
  if (options.html !== undefined) {
    const to = resolve(folder, options.html);
    await writeFile(to, toHtml(flow, overlay)).catch((cause: unknown) => {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      throw new CtiError('argument.invalid', `${options.html}: expected a file that can be written (${code})`, {
        cause,
      });
    });
    output.err(to);
  }
  if (options.as !== undefined || options.html === undefined) {
    output.out((options.as === 'dot' ? toDot(flow, overlay) : toMermaid(flow, overlay)).trimEnd());
  }
  return 0;
}

function chosen(flows: readonly IvrGraph[], wanted: string | undefined, file: string): IvrGraph {
  const names = flows.map(({ id }) => id).join(', ');
  if (wanted === undefined && flows.length > 1) {
    throw new CtiError('argument.invalid', `${file} has several flows: expected --flow, one of ${names}`);
  }
  const found = wanted === undefined ? flows[0] : flows.find(({ id }) => id === wanted);
  if (found !== undefined) return found;
  throw new CtiError('argument.invalid', `--flow: expected one of ${names}`);
}

async function overlayOf(flow: IvrGraph, options: ViewOptions, context: CommandContext): Promise<Overlay> {
  const { coverage: files, traffic: from, token, calls: most } = options;
  const coverage = files === undefined ? {} : { coverage: (await coverageOf(files, context.folder)).toFile() };
  if (from === undefined) return coverage;
  const counted = await countCalls({ from, flow: flow.id, token, most }, context);
  if (counted.unread > 0) context.output.err(`${counted.unread} records could not be read and were left out`);
  return { ...coverage, traffic: counted.traffic };
}

/** What several files of tests have gone through; a folder stands for the `.json` files in it. */
async function coverageOf(names: readonly string[], folder: string): Promise<Coverage> {
  const all = new Coverage();
  for (const name of names) for (const file of await filesOf(resolve(folder, name))) all.merge(await readOne(file));
  return all;
}

async function filesOf(path: string): Promise<readonly string[]> {
  const names = await readdir(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOTDIR') return undefined;
    throw unreadable(path, cause);
  });
  return names === undefined
    ? [path]
    : names
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(path, name));
}

async function readOne(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  return readCoverage(text);
}

function unreadable(path: string, cause: unknown): CtiError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new CtiError('argument.invalid', `${path}: expected coverage that can be read (${code})`, { cause });
}
