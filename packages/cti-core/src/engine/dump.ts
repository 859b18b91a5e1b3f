import { CtiError } from '../contract/errors.js';
import type { StreamId } from '../contract/ids.js';
import { canonicalJson } from '../journal/canonical.js';
import { TurnoverMap } from '../turnover-map.js';
import type { Handed, State, Stream } from './state.js';

/** The version of the dump's layout: one more whenever a field changes its meaning. */
export const DUMP_SCHEMA = 2;

const MAPS = [
  'switches',
  'aliases',
  'agents',
  'routes',
  'graphs',
  'presence',
  'devices',
] as const satisfies readonly (keyof State)[];

const TURNOVER_MAPS = [
  'calls',
  'legs',
  'conns',
  'entries',
  'reservations',
  'pops',
  'recordings',
  'asked',
  'timers',
  'ops',
  'kept',
  'lookups',
  'limbo',
] as const satisfies readonly (keyof State)[];

/** The whole state as one canonical text. */
export function dumpState(state: State): string {
  const plain: Record<string, unknown> = { schema: DUMP_SCHEMA, ...state };
  for (const name of [...MAPS, ...TURNOVER_MAPS])
    plain[name] = Object.fromEntries(state[name] as Iterable<readonly [string, unknown]>);
  plain.seqs = numbersOf(state.seqs);
  return canonicalJson(plain);
}

/**
 * The state of a dump.
 * @throws {CtiError} `journal.corrupt` for a text that is no dump, `journal.version` for one of another layout
 */
export function loadState(dump: string): State {
  const parsed = parse(dump);
  if (parsed.schema !== DUMP_SCHEMA) {
    throw new CtiError('journal.version', 'this snapshot was written with another layout of the state', {
      details: { schema: typeof parsed.schema === 'number' ? parsed.schema : null },
    });
  }
  const state: Record<string, unknown> = { ...parsed };
  delete state.schema;
  // Snapshots of before these were kept: switches tell of their devices anew.
  state.devices ??= {};
  for (const name of MAPS) state[name] = new Map(entriesOf(state[name]));
  for (const name of TURNOVER_MAPS) state[name] = new TurnoverMap(entriesOf(state[name]));
  // Snapshots of before these were kept: nothing was set by hand, and the shell tells the zones anew.
  state.modes ??= {};
  state.zones ??= {};
  state.seqs = streamsOf(state.seqs);
  forgetOldTransfers(state.calls as State['calls']);
  // Written by dumpState of the same layout: the shape is the one of State.
  return state as unknown as State;
}

/** Snapshots of before it was kept who was in the talk: of a transfer of a phone that was under way nobody knows how it went. */
function forgetOldTransfers(calls: State['calls']): void {
  for (const { native } of calls.values()) {
    const handed: Partial<Handed> | undefined = native?.handed;
    if (native !== undefined && handed !== undefined && handed.among === undefined) native.handed = undefined;
  }
}

function entriesOf(value: unknown): [string, NonNullable<unknown>][] {
  if (typeof value !== 'object' || value === null) throw corrupt();
  return Object.entries(value);
}

/** The last number of each stream that has one. */
function numbersOf(streams: State['seqs']): Readonly<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const { id, seq } of streams.values()) if (seq > 0) numbers[id] = seq;
  return numbers;
}

function streamsOf(numbers: unknown): State['seqs'] {
  if (typeof numbers !== 'object' || numbers === null) throw corrupt();
  const entries = Object.entries(numbers as Readonly<Record<StreamId, number>>) as [StreamId, number][];
  return new Map<StreamId, Stream>(entries.map(([id, seq]) => [id, { id, seq }]));
}

function parse(dump: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(dump);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Told below, with the same words as any other text that is no dump.
  }
  throw corrupt();
}

function corrupt(): CtiError {
  return new CtiError('journal.corrupt', 'this text is no snapshot of an engine');
}
