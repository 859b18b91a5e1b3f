import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './lib/run.mjs';
import { root } from './lib/workspace.mjs';

it('finds every planted defect with the settings of this repository', { timeout: 180_000 }, async () => {
  const planted = join(root, 'tools', 'planted', 'lint');
  const names = readdirSync(planted).map((name) => basename(name, '.txt'));
  const copy = mkdtempSync(join(tmpdir(), 'cordboard-lint-'));
  try {
    const source = join(copy, 'packages', 'cti-server', 'src');
    mkdirSync(source, { recursive: true });
    for (const name of ['biome.json', '.gitignore']) copyFileSync(join(root, name), join(copy, name));
    for (const name of names) copyFileSync(join(planted, `${name}.txt`), join(source, `${name}.ts`));
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const command = [
      process.execPath,
      biome,
      'lint',
      '--reporter=json',
      '--max-diagnostics=none',
      '--error-on-warnings',
    ];
    const result = await run(command, { cwd: copy });
    const report: { diagnostics: { category: string; location: { path: string } }[] } = JSON.parse(result.stdout);
    const found = report.diagnostics.map(({ category, location }) => {
      return `${basename(location.path, '.ts')} ${category.split('/').at(-1)}`;
    });
    expect(found.sort()).toEqual(
      names
        .filter((name) => name !== 'clean')
        .map((name) => `${name} ${name}`)
        .sort(),
    );
    expect(result.code).toBe(1);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
