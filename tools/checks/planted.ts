import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tree } from './tree.js';

/** A small tree with one defect in it. */
export interface Planted {
  readonly title: string;
  /** Rule that must fire, or `clean` where nothing may. */
  readonly rule: string;
  readonly tree: Tree;
}

const section = /^=== (.+)$/;

/** Splits a text into files at lines `=== path`; `*N` before a line stands for N of that line. */
function filesOf(text: string): Map<string, string> {
  const files = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const path = section.exec(line)?.[1];
    if (path !== undefined) {
      current = [];
      files.set(path, current);
      continue;
    }
    const repeated = /^\*(\d+) (.*)$/.exec(line);
    for (let times = repeated ? Number(repeated[1]) : 1; times > 0; times -= 1) current.push(repeated?.[2] ?? line);
  }
  return new Map([...files].map(([path, lines]) => [path, lines.join('\n')]));
}

/**
 * The planted defects of one check. `base.txt` is a clean tree; each other file `RULE.WORDS.txt` replaces or adds files in
 * it so that exactly that rule is broken once. Files called `clean.WORDS.txt` look suspicious and are fine.
 */
export function plantedFor(folder: string): Planted[] {
  const base = filesOf(readFileSync(join(folder, 'base.txt'), 'utf8'));
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort();
  return names.map((name) => {
    const [rule = '', words = ''] = name.split('.');
    const overlay = name === 'base.txt' ? base : filesOf(readFileSync(join(folder, name), 'utf8'));
    const tree = new Tree(new Map([...base, ...overlay]));
    return name === 'base.txt'
      ? { title: 'the clean tree', rule: 'clean', tree }
      : { title: `${rule}: ${words.replaceAll('-', ' ')}`, rule, tree };
  });
}
