import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

const tsx = [process.execPath, '--import', 'tsx', '--conditions=@cordboard/source'];
const tools: readonly (readonly [string, readonly string[]])[] = [
  ['tools/faults.ts', tsx],
  ['tools/fuzz.ts', tsx],
  ['tools/checks/main.ts', tsx],
  ['bench/run.mjs', [process.execPath]],
  ['tools/test.mjs', [process.execPath]],
];

describe.each(tools)('%s', (file, command) => {
  it('tells its usage when asked, or when it is called with what it does not know', async () => {
    const help = await run([...command, file, '--help']);
    expect(help.output).toMatch(/^usage: .+\n/);
    expect(help.code).toBe(0);
    const wrong = await run([...command, file, '--nonsense']);
    expect(wrong.output).toMatch(/^Unknown option '--nonsense'.*\nusage: .+\n/);
    expect(wrong.output).not.toContain('    at ');
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  });
});

it('every tool reads its command line in this way', () => {
  const files = ['tools', 'e2e', 'bench'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:ts|mjs)$/u.test(path) && !/node_modules|planted/u.test(path))
      .map((path) => join(folder, path)),
  );
  const own = files.filter((path) =>
    /^import \{.*\bparseArgs\b.*\} from/mu.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(own).toEqual([join('tools', 'lib', 'args.mjs')]);
});
