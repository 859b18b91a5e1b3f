import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordsFacet } from '@cordboard/cti-core';
import type { PlacedRecord } from '../map/records.js';
import type { RecordSink } from '../options.js';
import { archiveFileOf, openSmdrArchive, readArchive } from '../smdr/index.js';

/** Files that are looked at for the last record kept: the newest by their months, and the newest by their last change, should the PBX's clock have been wrong. */
const LOOKED_AT = 3;

/**
 * Keeps call records of PBXs in a folder of monthly archives (see docs/smdr.md), each once: what stands in the archive is what was kept, so that no second
 * file can disagree with it after a crash. One process at a time.
 *
 * @param folder - made when the first record comes
 */
export function openRecordFolder(folder: string): RecordSink & RecordsFacet {
  const archive = openSmdrArchive(folder);
  const kept = new Map<number, number>();
  return {
    async position(store) {
      const last = kept.get(store) ?? (await lastKept(folder, store));
      if (last !== undefined) kept.set(store, last);
      return last;
    },
    async keep(records) {
      for (const run of runsOf(records.filter(({ store, record }) => record > (kept.get(store) ?? 0)))) {
        // In their order, file after file: a crash leaves the first of them and never a hole.
        await archive.append(run.map(({ smdr }) => smdr));
        for (const { store, record } of run) kept.set(store, record);
      }
    },
    query: (query) => archive.query(query),
  };
}

/** Neighbours that go to the same file. */
function runsOf(records: readonly PlacedRecord[]): readonly (readonly PlacedRecord[])[] {
  const runs: PlacedRecord[][] = [];
  let file: string | undefined;
  for (const record of records) {
    const own = archiveFileOf(record.smdr, 'jsonl');
    if (own === file) runs.at(-1)?.push(record);
    else runs.push([record]);
    file = own;
  }
  return runs;
}

async function lastKept(folder: string, store: number): Promise<number | undefined> {
  let last: number | undefined;
  for (const file of await newestOf(folder)) {
    const { records } = readArchive(await readFile(join(folder, file), 'utf8'), 'jsonl');
    for (const { recordNo = '' } of records) {
      const [of, number] = recordNo.split('.');
      if (Number(of) === store && number !== undefined) last = Math.max(last ?? 0, Number(number));
    }
  }
  return last;
}

async function newestOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => /^smdr-(?:\d{4}-\d\d|undated)\.jsonl$/u.test(name)).toSorted();
  const changed = await Promise.all(
    files.map(async (name) => ({ name, atMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const latest = changed.toSorted((a, b) => b.atMs - a.atMs).slice(0, LOOKED_AT);
  return [...new Set([...latest.map(({ name }) => name), ...files.slice(-LOOKED_AT)])];
}
