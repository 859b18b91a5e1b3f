import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  CtiError,
  canonicalJson,
  createScrubber,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type IvrGraph,
  type ReplayResult,
  replay,
  type TenantConfig,
} from '@cordboard/cti-core';
import { JOURNAL_KEY_FILE, readKey } from '../data-dir.js';
import { coreMaker } from '../shell/core-maker.js';
import type { EngineMaker } from '../shell/ports.js';
import {
  corrupt,
  fileNumber,
  JOURNAL_FORMAT,
  type JournalHeader,
  readHeader,
  SNAPSHOT_FORMAT,
  type Snapshot,
  snapshotName,
} from './format.js';
import { decodeLine, encodeLine, type JournalLine, scanFile } from './line.js';
import { createSeal, mapAnswer, type Seal } from './seal.js';

/** A journal file with what it goes on from. */
export interface JournalFile {
  readonly header: JournalHeader;
  /** The engine's text before the first input; absent where the first input is `boot`. */
  readonly before: string | undefined;
  readonly inputs: readonly EngineInput[];
  /** Bytes at the end that a crash tore. */
  readonly tornBytes: number;
}

/** How journal files are opened: with the engine of another core, for tests. */
export interface JournalToolOptions {
  readonly engine?: EngineMaker;
}

/** What a replay gave, and of what. */
export interface JournalReplay extends ReplayResult {
  readonly epoch: string;
  readonly coreVersion: string;
  readonly tornBytes: number;
}

/**
 * Reads one journal file: one of a data folder (its snapshot and key lie beside it), or an exported one, which needs neither.
 *
 * @throws {CtiError} `journal.corrupt` when it is damaged, or its key or snapshot is not there
 */
export async function readJournalFile(file: string): Promise<JournalFile> {
  const name = basename(file);
  const scanned = scanFile(await readFile(file));
  if (scanned.damaged === 'yes') throw corrupt(name, 'is damaged in its middle');
  const [first, ...rest] = scanned.lines;
  const header = readHeader(name, first?.json);
  const key = await readKey(join(dirname(file), JOURNAL_KEY_FILE));
  const seal = key === undefined ? undefined : createSeal(key);
  const inside = snapshotLine(rest[0]);
  const lines = inside === undefined ? rest : rest.slice(1);
  const before = inside?.engine ?? (header.begins === 'epoch' ? undefined : await textBeside(file, seal));
  const inputs = lines.map(({ json }) => {
    const input = JSON.parse(json) as EngineInput;
    if (seal !== undefined) return seal.reveal(input);
    if (/"digits?":"h:/u.test(json))
      throw corrupt(name, `holds sealed digits and there is no ${JOURNAL_KEY_FILE} beside it`);
    return input;
  });
  return { header, before, inputs, tornBytes: scanned.tornBytes };
}

/**
 * Feeds a journal file to a fresh engine and hashes effects and state: equal hashes anywhere mean the same run, byte for byte.
 *
 * @throws {CtiError} `journal.version` for a file of another core version, `journal.corrupt`
 */
export async function replayJournal(file: string, options: JournalToolOptions = {}): Promise<JournalReplay> {
  const journal = await readJournalFile(file);
  const result = replay(journal.inputs, engineFor(journal, options.engine ?? coreMaker));
  const { epoch, coreVersion } = journal.header;
  return { ...result, epoch, coreVersion, tornBytes: journal.tornBytes };
}

/**
 * Writes a journal file that stands alone: digits in clear and the state that it goes on from inside, so that it replays without
 * the data folder. With `scrub`, numbers and names are replaced, the same by the same, and digits that a flow collected under a mask are made up.
 *
 * @param options.scrub - a secret text from which the replacements are made; absent: nothing is replaced
 */
export async function exportJournal(
  from: string,
  to: string,
  options: JournalToolOptions & { readonly scrub?: string } = {},
): Promise<{ readonly inputs: number }> {
  const journal = await readJournalFile(from);
  const maker = options.engine ?? coreMaker;
  const { before, inputs } =
    options.scrub === undefined ? journal : scrubbed(journal, engineFor(journal, maker), options.scrub);
  const header: JournalHeader = { ...journal.header, format: JOURNAL_FORMAT };
  const snapshot = before === undefined ? [] : [{ format: SNAPSHOT_FORMAT, file: header.file, engine: before }];
  const lines = [header, ...snapshot, ...inputs].map((value) => encodeLine(1, JSON.stringify(value)));
  await writeFile(to, lines.join(''), { mode: 0o600 });
  return { inputs: inputs.length };
}

function engineFor(journal: JournalFile, maker: EngineMaker): Engine {
  if (journal.header.coreVersion !== maker.version) {
    throw new CtiError(
      'journal.version',
      `the journal was written by core ${journal.header.coreVersion}, this is ${maker.version}: replay it with that version`,
      { details: { journal: journal.header.coreVersion, running: maker.version } },
    );
  }
  return journal.before === undefined ? maker.create() : maker.restore(journal.before);
}

function snapshotLine(line: JournalLine | undefined): Pick<Snapshot, 'engine'> | undefined {
  if (line?.json.startsWith(`{"format":"${SNAPSHOT_FORMAT}"`) !== true) return undefined;
  return JSON.parse(line.json) as Pick<Snapshot, 'engine'>;
}

async function textBeside(file: string, seal: Seal | undefined): Promise<string> {
  const known = fileNumber(basename(file));
  const name = known === undefined ? 'snapshot' : snapshotName(known.file);
  const text = await readFile(join(dirname(file), name), 'utf8').catch(() => undefined);
  const line = text === undefined ? undefined : decodeLine(text.trimEnd());
  if (line === undefined || seal === undefined)
    throw corrupt(basename(file), `goes on from ${name}, which cannot be read`);
  return seal.openText((JSON.parse(line.json) as Snapshot).engine);
}

function scrubbed(journal: JournalFile, engine: Engine, key: string): Pick<JournalFile, 'before' | 'inputs'> {
  const config = configOf(journal);
  const scrubber = createScrubber(config, key);
  const where = new MaskedPlaces(config);
  const inputs = journal.inputs.map((input, index) => {
    const masked = where.collects(input);
    where.learn(input, engine.apply(input));
    const clean = scrubber.input(input);
    // What a service answered may name the caller, and nothing in it says where: its words keep their form alone.
    if (clean.kind === 'lookup') return mapAnswer(clean, (value) => value.replace(/\p{L}/gu, 'x'));
    return masked && clean.kind === 'driver' && clean.event.type === 'digit'
      ? { ...clean, event: { ...clean.event, digit: otherDigit(clean.event.digit, index) } }
      : clean;
  });
  if (journal.before === undefined) return { before: undefined, inputs };
  // The walk of the scrubber fits any plain data; a state is the same kind of data as an input.
  const state = scrubber.input(JSON.parse(journal.before) as EngineInput);
  return { before: canonicalJson(state), inputs };
}

function configOf(journal: JournalFile): TenantConfig {
  if (journal.before !== undefined) return (JSON.parse(journal.before) as { readonly config: TenantConfig }).config;
  const boot = journal.inputs.find((input) => input.kind === 'boot');
  if (boot === undefined) throw corrupt('journal', 'has no boot input');
  return boot.config;
}

/** Digits stay digits; the keys that end an input stay, or the flow would wait for ever. */
function otherDigit(digit: string, index: number): string {
  return /\d/u.test(digit) ? String((Number(digit) + 1 + (index % 9)) % 10) : digit;
}

/** Knows, while a journal is replayed, whose keys are collected under a mask. */
class MaskedPlaces {
  #flows: ReadonlyMap<string, IvrGraph>;
  readonly #nodes = new Map<string, string>();

  constructor(config: TenantConfig) {
    this.#flows = new Map(config.flows.map((flow) => [flow.id, flow]));
  }

  collects(input: EngineInput): boolean {
    if (input.kind !== 'driver' || input.event.type !== 'digit') return false;
    const place = this.#nodes.get(input.event.connectionId) ?? '';
    const at = place.indexOf('/');
    const node = this.#flows.get(place.slice(0, at))?.nodes[place.slice(at + 1)];
    return node?.type === 'collect' && node.masked === true;
  }

  learn(input: EngineInput, effects: readonly EngineEffect[]): void {
    if (input.kind === 'config') this.#flows = new Map(input.config.flows.map((flow) => [flow.id, flow]));
    for (const effect of effects) {
      if (effect.kind !== 'publish' || effect.event.type !== 'call') continue;
      const { connections, ivrPath } = effect.event.call;
      for (const { connectionId } of connections) this.#nodes.set(connectionId, ivrPath.at(-1) ?? '');
    }
  }
}
