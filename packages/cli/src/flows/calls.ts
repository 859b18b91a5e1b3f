import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CtiError } from '@cordboard/cti-core';
import { type FlowTraffic, readCall, TrafficCounter } from '@cordboard/ivr-dsl/view';

const PAGE = 500;
const REQUEST_MS = 30_000;

/** Where the records of calls come from, and of which flow. */
export interface CallsOf {
  /** A file (a JSON list, a page of the REST interface, or one record a line), or the address of a server. */
  readonly from: string;
  readonly flow: string;
  /** For a server. */
  readonly token: string | undefined;
  /** Most calls of a server, the newest. */
  readonly most: number;
}

/** What calls did in a flow, and how many records could not be read. */
export interface CountedTraffic {
  readonly traffic: FlowTraffic;
  readonly unread: number;
}

/**
 * Counts the calls of a flow.
 *
 * @throws {CtiError} `argument.invalid` for a file that cannot be read, for a server that refuses or gives no records
 */
export async function countCalls(
  of: CallsOf,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<CountedTraffic> {
  const counter = new TrafficCounter();
  let unread = 0;
  const records = /^https?:\/\//u.test(of.from) ? fromServer(of, signal) : fromFile(resolve(folder, of.from), of.from);
  for await (const record of records) {
    const call = readCall(record);
    if (call === undefined) unread += 1;
    else counter.add(call);
  }
  return { traffic: counter.of(of.flow) ?? { calls: 0, nodes: {}, steps: {} }, unread };
}

async function* fromFile(path: string, name: string): AsyncGenerator<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new CtiError('argument.invalid', `${name}: expected a file that can be read (${code})`, { cause });
  });
  const whole = parsed(text);
  if (whole !== undefined) return yield* itemsOf(whole);
  for (const line of text.split('\n')) if (line.trim() !== '') yield parsed(line);
}

async function* fromServer({ from, flow, token, most }: CallsOf, signal: AbortSignal): AsyncGenerator<unknown> {
  let cursor: string | undefined;
  for (let left = most; left > 0; ) {
    const url = new URL(`${from.replace(/\/+$/u, '')}/v1/cdrs`);
    url.searchParams.set('flow', flow);
    url.searchParams.set('limit', String(Math.min(PAGE, left)));
    if (cursor !== undefined) url.searchParams.set('cursor', cursor);
    const page = await pageAt(url, token, signal);
    const items = itemsOf(page);
    yield* items;
    left -= items.length;
    cursor = isRecord(page) && typeof page.next === 'string' ? page.next : undefined;
    if (cursor === undefined || items.length === 0) return;
  }
}

async function pageAt(url: URL, token: string | undefined, signal: AbortSignal): Promise<unknown> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const both = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]);
  const response = await fetch(url, { headers, signal: both, redirect: 'error' }).catch((cause: unknown) => {
    throw new CtiError('argument.invalid', `${url.origin}: expected a server that answers`, { cause });
  });
  if (response.ok) return response.json();
  await response.body?.cancel();
  const wants = response.status === 401 || response.status === 403 ? ': expected --token of a supervisor' : '';
  throw new CtiError('argument.invalid', `${url.origin} refused with ${response.status}${wants}`);
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isRecord(value) && Array.isArray(value.items)) return value.items;
  return [value];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
