import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import {
  type Finding,
  type ImportUse,
  importsOf,
  type PackageInfo,
  packagesOf,
  productSource,
  resolveRelative,
  type Tree,
} from './tree.js';

/** Layer of each package; the page that fixes them is docs/architecture.md. */
const layers: Readonly<Record<string, number>> = {
  'cti-core': 0,
  'telephony-dsp': 0,
  'cti-protocol': 1,
  'ivr-dsl': 2,
  'driver-kit': 2,
  'agent-sdk': 2,
  'adapters-freeswitch': 3,
  'adapters-asterisk': 3,
  'adapters-usbbox': 3,
  'adapters-pbx-serial': 3,
  simulator: 3,
  'cti-server': 4,
  cli: 5,
};

/** Packages that run in a browser. */
const browserSafe = new Set(['cti-core', 'telephony-dsp', 'cti-protocol', 'ivr-dsl', 'agent-sdk']);

const testOnly = /(^|\/)(conformance|testing|test|fixtures)(\/|$)|\.test(-d)?(\.js|\.ts)?$/;
const testLibraries = new Set(['vitest', 'fast-check', 'msw', 'playwright-core', '@vitest/coverage-v8', 'alawmulaw']);
/** Their exports `./conformance` and `./testing` are made of test support. */
const testSupportHomes = new Set(['driver-kit', 'simulator']);

/** Programs of threads ship as they are. */
const threadProgram = /^packages\/[^/]+\/worker\/.*\.mjs$/;

const isTestSupport = (path: string): boolean => /\/src\/(conformance|testing)\//.test(path);

function packageNameOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

interface Context {
  readonly tree: Tree;
  readonly path: string;
  readonly home: PackageInfo;
  readonly byName: ReadonlyMap<string, PackageInfo>;
}

type Report = (rule: string, message: string) => void;

/** Imports inside the package: no way out of src, no way into test code, pure folders of an adapter stay pure. */
function checkRelative({ tree, path, home }: Context, use: ImportUse, report: Report): void {
  const target = posix.join(posix.dirname(path), use.specifier);
  if (!target.startsWith(`${home.dir}/src/`)) {
    report('outside-src', `${use.specifier} leaves the sources of ${home.name}`);
    return;
  }
  if (!isTestSupport(path) && testOnly.test(target.slice(home.dir.length))) {
    report('test-code', `product code imports test code ${use.specifier}`);
  }
  if (resolveRelative(tree, { from: path, specifier: use.specifier }) === undefined) {
    report('unresolved', `${use.specifier} names no file`);
  }
  const pure = /\/src\/(wire|map)\//.test(path) && home.folder.startsWith('adapters-');
  if (pure && /\/src\/(link\/|driver\.)/.test(target)) {
    report('impure-adapter-part', `wire/ and map/ are pure and must not import ${use.specifier}`);
  }
}

function checkLayer({ home }: Context, other: PackageInfo, report: Report): void {
  const own = layers[home.folder];
  const theirs = layers[other.folder];
  if (own === undefined || theirs === undefined) return;
  if (home.folder.startsWith('adapters-') && other.folder.startsWith('adapters-')) {
    report('adapter-to-adapter', `${home.name} imports ${other.name}; adapters never import one another`);
  } else if (theirs >= own) {
    report('layer', `${home.name} (layer ${own}) imports ${other.name} (layer ${theirs}); only lower layers may be`);
  }
}

function checkPackageImport(context: Context, use: ImportUse, report: Report): void {
  const { path, home, byName } = context;
  if (use.specifier.startsWith('node:') || isBuiltin(use.specifier)) {
    if (browserSafe.has(home.folder))
      report('node-builtin', `${home.name} runs in a browser; ${use.specifier} does not`);
    const pure = /\/src\/(wire|map)\//.test(path) && home.folder.startsWith('adapters-');
    if (pure && !/^(node:)?buffer$/.test(use.specifier)) {
      report('impure-adapter-part', `wire/ and map/ are pure and must not import ${use.specifier}`);
    }
    return;
  }
  const name = packageNameOf(use.specifier);
  const support = isTestSupport(path) && testSupportHomes.has(home.folder);
  if (testLibraries.has(name) && !support) report('test-code', `product code imports ${name}`);
  const other = byName.get(name);
  if (other) {
    checkLayer(context, other, report);
    const subpath = use.specifier.slice(name.length);
    if (testOnly.test(subpath) && !support) report('test-code', `product code imports test support ${use.specifier}`);
    const exported = other.manifest.exports ?? {};
    if (!(`.${subpath}` in exported)) report('private-path', `${use.specifier} is not among the exports of ${name}`);
  }
  const { dependencies, peerDependencies, optionalDependencies } = home.manifest;
  const declared = { ...dependencies, ...peerDependencies, ...optionalDependencies };
  if (!(name in declared) && name !== home.name && !testLibraries.has(name)) {
    report('undeclared', `${name} is imported and not declared in ${home.dir}/package.json`);
  }
}

function unusedDependencies(tree: Tree, home: PackageInfo): Finding[] {
  const used = new Set<string>();
  const files = [...tree.paths(productSource), ...tree.paths(threadProgram)];
  for (const path of files.filter((one) => one.startsWith(`${home.dir}/`))) {
    for (const use of importsOf(tree.parse(path))) used.add(packageNameOf(use.specifier));
  }
  return Object.keys(home.manifest.dependencies ?? {})
    .filter((name) => !used.has(name))
    .map((name) => ({
      rule: 'unused-dependency',
      file: `${home.dir}/package.json`,
      line: 0,
      message: `${name} is declared and never imported`,
    }));
}

/** Product files that a file imports with values: types vanish when built. */
function valueImports(tree: Tree, path: string): string[] {
  return importsOf(tree.parse(path))
    .filter((use) => !use.typeOnly && use.specifier.startsWith('.'))
    .flatMap((use) => resolveRelative(tree, { from: path, specifier: use.specifier }) ?? [])
    .filter((target) => productSource.test(target));
}

/** Groups of files that import each other in circles, by Tarjan's algorithm for strongly connected components. */
function circles(tree: Tree): Finding[] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path) ?? 0);
    stack.push(path);
    for (const next of valueImports(tree, path)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(path, Math.min(lowest.get(path) ?? 0, lowest.get(next) ?? 0));
    }
    if (lowest.get(path) === order.get(path)) groups.push(stack.splice(stack.indexOf(path)));
  };
  for (const path of tree.paths(productSource)) if (!order.has(path)) visit(path);
  return groups
    .filter((group) => group.length > 1)
    .map((group) => {
      const names = group.map((file) => posix.basename(file)).sort();
      const message = `${group.length} files import each other in circles: ${names.join(', ')}`;
      return { rule: 'circle', file: posix.dirname(group[0] ?? ''), line: 0, message, severity: 'warning' };
    });
}

/** Every adapter that exports a driver has the same parts. */
function skeleton(tree: Tree, home: PackageInfo): Finding[] {
  if (!home.folder.startsWith('adapters-') || !('.' in (home.manifest.exports ?? {}))) return [];
  return ['index.ts', 'options.ts', 'driver.ts', 'link/', 'wire/', 'map/']
    .filter((part) => !tree.paths(productSource).some((path) => path.startsWith(`${home.dir}/src/${part}`)))
    .map((part) => ({
      rule: 'adapter-skeleton',
      file: `${home.dir}/src/${part}`,
      line: 0,
      message: `every adapter has src/${part}`,
    }));
}

/** The arrows between packages and inside adapters. */
export function checkArrows(tree: Tree): Finding[] {
  const packages = packagesOf(tree);
  const byName = new Map(packages.map((item) => [item.name, item]));
  const findings: Finding[] = [...circles(tree)];
  for (const home of packages) {
    if (!(home.folder in layers)) {
      const message = `${home.name} has no layer; add it to the list of layers`;
      findings.push({ rule: 'no-layer', file: `${home.dir}/package.json`, line: 0, message });
    }
    findings.push(...unusedDependencies(tree, home), ...skeleton(tree, home));
  }
  for (const path of tree.paths(productSource)) {
    const home = packages.find((item) => path.startsWith(`${item.dir}/`));
    if (!home) continue;
    const source = tree.parse(path);
    for (const reference of source.typeReferenceDirectives) {
      if (!browserSafe.has(home.folder)) continue;
      const line = source.getLineAndCharacterOfPosition(reference.pos).line + 1;
      const message = `${home.name} runs in a browser; it may not ask for the types of ${reference.fileName}`;
      findings.push({ rule: 'node-builtin', file: path, line, message });
    }
    for (const use of importsOf(source)) {
      const report: Report = (rule, message) => findings.push({ rule, file: path, line: use.line, message });
      const context: Context = { tree, path, home, byName };
      if (use.specifier.startsWith('.')) checkRelative(context, use, report);
      else checkPackageImport(context, use, report);
    }
  }
  return findings;
}
