import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../lib/workspace.mjs';
import { plant, readDefect } from './patch.js';

const text = `About: a test
Seeds: 3 4
--- a/x.ts
+++ b/x.ts
@@ -1,3 +1,2 @@
 one
-two
 three
`;

describe('planted defects', () => {
  it('stand where their old text stands, whatever the line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-patch-'));
    try {
      await writeFile(join(folder, 'x.ts'), 'zero\none\ntwo\nthree\n');
      await plant(readDefect(text), folder);
      expect(await readFile(join(folder, 'x.ts'), 'utf8')).toBe('zero\none\nthree\n');
      await expect(plant(readDefect(text), folder)).rejects.toThrow(/0 places/u);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are twenty at least, each fits the sources in one place and names a day that finds it', async () => {
    const files = (await readdir(join(root, 'tools/defects'))).filter((file) => file.endsWith('.patch'));
    expect(files.length).toBeGreaterThanOrEqual(20);
    for (const file of files) {
      const defect = readDefect(await readFile(join(root, 'tools/defects', file), 'utf8'));
      expect(defect.seeds.length, file).toBeGreaterThan(0);
      for (const hunk of defect.hunks) {
        const source = await readFile(join(root, 'packages/cti-core/src', hunk.file), 'utf8');
        expect(source.split(hunk.before).length - 1, `${file} in ${hunk.file}`).toBe(1);
      }
    }
  });
});
