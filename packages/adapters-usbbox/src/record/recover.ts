import type { Storage } from '../storage.js';
import { formatOf, repairOf, UNFINISHED } from './format.js';

/**
 * Makes a file that was never finished a whole one: cut to its last whole block, its true sizes written, and given its name.
 * @param size - bytes that are in it
 * @returns whether there is something to play now
 */
export async function repairFile(
  storage: Storage,
  path: string,
  size: number,
): Promise<'repaired' | 'empty' | 'unreadable'> {
  const format = formatOf(path);
  if (format === undefined) return 'unreadable';
  const repair = repairOf(format, size);
  if (repair === undefined) return 'empty';
  try {
    const file = await storage.open(`${path}${UNFINISHED}`, 'change');
    try {
      await file.truncate(repair.size);
      for (const { position, bytes } of repair.patches) await file.write(bytes, position);
    } finally {
      await file.close();
    }
    await storage.rename(`${path}${UNFINISHED}`, path);
    return 'repaired';
  } catch {
    return 'unreadable';
  }
}

/**
 * Finishes what a crash left in a folder. Files that are being written now are left alone.
 * @returns names of the files that can be played again
 */
export async function recoverFolder(
  storage: Storage,
  folder: string,
  isOpen: (file: string) => boolean,
): Promise<readonly string[]> {
  const names = await storage.list(folder).catch(() => []);
  const repaired: string[] = [];
  for (const name of names) {
    if (!name.endsWith(UNFINISHED)) continue;
    const file = name.slice(0, -UNFINISHED.length);
    if (isOpen(file)) continue;
    const bytes = await storage.read(`${folder}/${name}`).catch(() => undefined);
    if (bytes === undefined) continue;
    if ((await repairFile(storage, `${folder}/${file}`, bytes.length)) === 'repaired') repaired.push(file);
  }
  return repaired;
}
