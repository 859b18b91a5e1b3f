import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDefect } from '../defects/patch.js';
import { root } from '../lib/workspace.mjs';

it.each(['ivr', 'line', 'pbx'])(
  'planted defects of %s: twelve at least, and each fits its sources in one place',
  async (suite) => {
    const folder = join(root, `tools/${suite}-defects`);
    const files = (await readdir(folder)).filter((file) => file.endsWith('.patch'));
    expect(files.length).toBeGreaterThanOrEqual(12);
    for (const file of files) {
      for (const hunk of readDefect(await readFile(join(folder, file), 'utf8')).hunks) {
        const source = await readFile(join(root, 'packages/cti-core/src', hunk.file), 'utf8');
        expect(source.split(hunk.before).length - 1, `${file} in ${hunk.file}`).toBe(1);
      }
    }
  },
);
