// Usage: node tools/check-pack.mjs [package folder ...]
// Packs every public package, installs the tarballs in an empty folder and uses them there the way a stranger would:
// every export is imported in Node and read by the type checker, every command answers --version, publint has no remark.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import vm from 'node:vm';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { countsLine } from './lib/counts.mjs';
import { inParallel, run } from './lib/run.mjs';
import { packagesInOrder, readJson, root } from './lib/workspace.mjs';

/** @typedef {{ name: string, dir: string, manifest: Record<string, any> }} Package */
/** @typedef {(name: string, detail: string) => void} Problem */

const asked = process.argv.slice(2);
/** @type {Package[]} */
const packages = (
  asked.length > 0
    ? asked.map((dir) => ({ dir: resolve(dir), manifest: readJson(join(dir, 'package.json')) }))
    : packagesInOrder().filter((item) => item.manifest.private !== true)
).map(({ dir, manifest }) => ({ name: manifest.name, dir, manifest }));

/** @type {{ name: string, detail: string }[]} */
const problems = [];
/** @type {Problem} */
const problem = (name, detail) => problems.push({ name, detail });

const work = mkdtempSync(join(tmpdir(), 'cordboard-pack-'));
const app = join(work, 'app');
mkdirSync(app);

/**
 * @param {Package} item
 * @returns {Promise<string | undefined>} the tarball
 */
async function pack(item) {
  const target = join(work, item.name.replaceAll(/[@/]/g, '-'));
  mkdirSync(target);
  const result = await run(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', target], {
    cwd: item.dir,
  });
  if (result.code !== 0) {
    problem(item.name, `npm pack failed: ${result.output.slice(-500)}`);
    return undefined;
  }
  const printed = JSON.parse(result.stdout.slice(result.stdout.search(/[[{]/)));
  const [packed] = /** @type {any[]} */ (Object.values(printed));
  const tarball = join(target, packed.filename);
  const bytes = readFileSync(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball: /** @type {ArrayBuffer} */ (buffer) }, level: 'warning' });
  for (const message of messages) problem(item.name, `publint: ${formatMessage(message, pkg, { color: false })}`);
  return tarball;
}

/**
 * The names a user can import, with the file that each means.
 * @param {Package} item
 */
function subpathsOf(item) {
  return Object.entries(item.manifest.exports ?? {})
    .filter(([subpath]) => subpath !== './package.json')
    .map(([subpath, target]) => ({
      specifier: item.name + subpath.slice(1),
      file: typeof target === 'string' ? target : (target.default ?? target.import),
      typed: typeof target !== 'string' && 'types' in target,
    }));
}

/** @param {Package} item */
async function useInNode(item) {
  for (const { specifier, file, typed } of subpathsOf(item)) {
    const installed = join(app, 'node_modules', item.name, file);
    if (!existsSync(installed)) {
      problem(item.name, `${specifier} means ${file}, which is not in the tarball`);
    } else if (typed) {
      const code = `const all = await import(${JSON.stringify(specifier)}); if (Object.keys(all).length === 0) process.exit(9);`;
      const result = await run([process.execPath, '--input-type=module', '-e', code], { cwd: app, timeoutMs: 30_000 });
      if (result.code === 9) problem(item.name, `${specifier} exports nothing`);
      else if (result.code !== 0) problem(item.name, `import of ${specifier} fails: ${result.output.slice(0, 600)}`);
    } else if (file.endsWith('.js')) {
      // A plain script for pages: it must at least be one complete program without imports.
      try {
        new vm.Script(readFileSync(installed, 'utf8'));
      } catch (error) {
        problem(item.name, `${specifier} is no plain script: ${error}`);
      }
    }
  }
  for (const [command, file] of Object.entries(item.manifest.bin ?? {})) {
    const installed = join(app, 'node_modules', item.name, file);
    const result = await run([process.execPath, installed, '--version'], { cwd: app, timeoutMs: 30_000 });
    if (result.code !== 0 || !/\d+\.\d+\.\d+/.test(result.stdout)) {
      problem(item.name, `${command} --version fails: ${result.output.slice(0, 600)}`);
    }
  }
}

async function useInTypeScript() {
  const specifiers = packages.flatMap((item) => subpathsOf(item).filter(({ typed }) => typed));
  const lines = specifiers.map(({ specifier }, index) => `export * as m${index} from '${specifier}';`);
  writeFileSync(join(app, 'use.ts'), `${lines.join('\n')}\n`);
  const compilerOptions = {
    ...{
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      target: 'ES2022',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable'],
    },
    ...{ strict: true, noEmit: true, skipLibCheck: false, types: [] },
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  await checkTypes('tsconfig.json');
  if (!packages.some(({ name }) => name === '@cordboard/agent-sdk')) return;
  // A page: bundlers' templates set no more than this.
  const use = `document.querySelector('cti-agent-bar')?.desk?.calls;`;
  writeFileSync(
    join(app, 'page.ts'),
    `import '@cordboard/agent-sdk';\nimport '@cordboard/agent-sdk/elements';\n${use}\n`,
  );
  const ofPage = { ...compilerOptions, module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'] };
  writeFileSync(join(app, 'tsconfig.page.json'), JSON.stringify({ compilerOptions: ofPage, files: ['page.ts'] }));
  await checkTypes('tsconfig.page.json');
}

/** @param {string} config */
async function checkTypes(config) {
  const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const argv = [process.execPath, tsc, '-p', join(app, config), '--pretty', 'false'];
  const result = await run(argv, { cwd: app, timeoutMs: 120_000 });
  for (const item of packages) {
    // Only what our declarations say wrong: those of other packages are not ours to mend.
    const own = result.output
      .split('\n')
      .filter(
        (line) =>
          line.startsWith(`node_modules/${item.name}/`) ||
          (line.startsWith('use.ts') && line.includes(`'${item.name}`)) ||
          (line.startsWith('page.ts') && item.name === '@cordboard/agent-sdk'),
      );
    if (own.length > 0) problem(item.name, `declarations: ${own.slice(0, 5).join('\n')}`);
  }
}

try {
  const tarballs = (await inParallel(packages, 2, pack)).filter((path) => path !== undefined);
  writeFileSync(join(app, 'package.json'), '{"name":"stranger","private":true,"type":"module"}');
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = await run(['npm', 'install', ...flags, ...tarballs], { cwd: app, timeoutMs: 180_000 });
  if (installed.code !== 0) {
    for (const item of packages)
      problem(item.name, `npm install of the tarballs failed: ${installed.output.slice(-500)}`);
  } else {
    await inParallel(packages, 2, useInNode);
    await useInTypeScript();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const { name, detail } of problems) process.stdout.write(`${name}: ${detail}\n`);
const failed = new Set(problems.map(({ name }) => name)).size;
process.stdout.write(`${countsLine({ passed: packages.length - failed, failed, skipped: 0 })}\n`);
process.exitCode = failed > 0 ? 1 : 0;
