import type { ProgrammingFacet } from '@cordboard/cti-core';
import { compareBackup, extensionsOf, formatBackup, parseBackup, restoreBackup, takeBackup } from '../../src/index.js';
import { manyWrites } from './many-writes.js';

/** How a PBX is programmed from end to end. */
export interface ProgrammeOptions {
  readonly facet: ProgrammingFacet;
  readonly password: string;
  readonly lines: number;
  readonly ports: number;
  /** Puts the PBX back as the factory had it. */
  readonly wipe: () => Promise<void> | void;
}

/** What came of it: all zero but the first three where everything is right. */
export interface Programmed {
  readonly written: number;
  readonly backedUp: number;
  readonly restored: number;
  readonly refused: number;
  readonly readOtherwise: number;
  readonly differencesAfterRestore: number;
  /** Nothing was lost by wiping, which would show nothing. */
  readonly wipedNothing: number;
}

/** Writes 300 parameters and more, reads each again, backs all up, wipes the PBX, restores, and compares. For any facet, in virtual or real time. */
export async function programme(options: ProgrammeOptions): Promise<Programmed> {
  const { facet, password, lines, ports } = options;
  const { signal } = new AbortController();
  const extensions = await extensionsOf(facet, signal);
  const writes = manyWrites(facet.catalogue, { lines, ports, extensions, seed: 20_261_122 });
  const done = await facet.set(writes, { signal, password });
  const after = await facet.get(writes, { signal, password });
  const taken = parseBackup(
    formatBackup(await takeBackup(facet, { signal, password, secrets: 'include' }, { wallMs: 0, profile: 'test' })),
  );
  await options.wipe();
  const wiped = await compareBackup(facet, taken, { signal, password });
  const restored = await restoreBackup(facet, taken, { signal, password });
  const last = await compareBackup(facet, taken, { signal, password });
  return {
    written: done.filter(({ code }) => code === 'ok').length,
    backedUp: taken.parameters.length,
    restored: restored.written.filter(({ code }) => code === 'ok').length,
    refused: done.filter(({ code }) => code !== 'ok').length,
    readOtherwise: after.filter(({ value }, at) => JSON.stringify(value) !== JSON.stringify(writes[at]?.value)).length,
    differencesAfterRestore: last.differences.length + taken.parameters.length - last.equal,
    wipedNothing: wiped.differences.length > 0 ? 0 : 1,
  };
}
