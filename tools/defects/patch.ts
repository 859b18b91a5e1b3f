import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One planted defect: words about it, seeds of days that are known to find it, and what it changes. */
export interface Defect {
  readonly about: string;
  readonly seeds: readonly number[];
  readonly hunks: readonly Hunk[];
}

interface Hunk {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Reads a unified diff with `About:` and `Seeds:` lines in front. Line numbers are not used: a hunk belongs where its old text stands, which must be
 * one place, so that a defect outlives changes elsewhere in its file.
 * @throws {SyntaxError} when there is no hunk in it
 */
export function readDefect(text: string): Defect {
  const about = /^About: (.+)$/mu.exec(text)?.[1] ?? '';
  const seeds = (/^Seeds:(.*)$/mu.exec(text)?.[1] ?? '').split(' ').filter(Boolean).map(Number);
  const hunks: Hunk[] = [];
  let file = '';
  let lines: string[] | undefined;
  const close = (): void => {
    if (lines === undefined) return;
    const side = (sign: '-' | '+'): string =>
      (lines ?? [])
        .filter((line) => line[0] === ' ' || line[0] === sign)
        .map((line) => line.slice(1))
        .join('\n');
    hunks.push({ file, before: side('-'), after: side('+') });
    lines = undefined;
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('--- ')) {
      close();
      continue;
    }
    if (line.startsWith('+++ ')) {
      file = line.slice(4).replace(/^b\//u, '').trim();
      continue;
    }
    if (line.startsWith('@@')) {
      close();
      lines = [];
      continue;
    }
    if (lines !== undefined && line !== '' && ' -+'.includes(line[0] ?? '')) lines.push(line);
  }
  close();
  if (about === '' || hunks.length === 0) throw new SyntaxError('a defect has an About line and at least one hunk');
  return { about, seeds, hunks };
}

/**
 * Plants a defect into a copy of the sources.
 * @throws {SyntaxError} when a hunk fits nowhere, or in more than one place
 */
export async function plant(defect: Defect, folder: string): Promise<void> {
  for (const { file, before, after } of defect.hunks) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    const places = text.split(before).length - 1;
    if (places !== 1) throw new SyntaxError(`${file} has ${places} places for the defect: ${defect.about}`);
    await writeFile(
      path,
      text.replace(before, () => after),
    );
  }
}
