import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';

/** One defect that a check found. */
export interface Finding {
  readonly rule: string;
  readonly file: string;
  /** First line is 1; 0 when the finding is about the whole file. */
  readonly line: number;
  readonly message: string;
  /** Warnings are printed and do not fail. */
  readonly severity?: 'warning';
}

/** What all checks read: texts by path from the root, with `/`; a folder on disk or a planted example. */
export class Tree {
  readonly #parsed = new Map<string, ts.SourceFile>();

  readonly files: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
  }

  paths(matching: RegExp): string[] {
    return [...this.files.keys()].filter((path) => matching.test(path)).sort();
  }

  text(path: string): string {
    return this.files.get(path) ?? '';
  }

  /** TypeScript's tree of one file; parsed once. */
  parse(path: string): ts.SourceFile {
    const known = this.#parsed.get(path);
    if (known) return known;
    const parsed = ts.createSourceFile(path, this.text(path), ts.ScriptTarget.ES2023, true);
    this.#parsed.set(path, parsed);
    return parsed;
  }
}

/** A package as its manifest describes it. */
export interface PackageInfo {
  readonly folder: string;
  readonly dir: string;
  readonly name: string;
  readonly manifest: {
    readonly name: string;
    readonly private?: boolean;
    readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly bin?: Readonly<Record<string, string>>;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  };
}

export function packagesOf(tree: Tree): PackageInfo[] {
  return tree.paths(/^packages\/[^/]+\/package\.json$/).map((path) => {
    const manifest: PackageInfo['manifest'] = JSON.parse(tree.text(path));
    const dir = posix.dirname(path);
    return { folder: posix.basename(dir), dir, name: manifest.name, manifest };
  });
}

/** Product code: a package's sources without the tests that lie beside them. */
export const productSource = /^packages\/[^/]+\/src\/(?!.*\.(test|test-d)\.ts$).*\.ts$/;

const skipped = new Set(['node_modules', 'dist', 'coverage', 'planted', 'fixtures', '.cache', '.git', '.run']);

/** Reads the packages of a folder on disk. */
export function treeOnDisk(root: string): Tree {
  const files = new Map<string, string>();
  const walk = (relative: string): void => {
    for (const entry of readdirSync(join(root, relative), { withFileTypes: true })) {
      const path = `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path);
      } else if (/\.(ts|mts|mjs|json)$/.test(entry.name)) {
        files.set(path, readFileSync(join(root, path), 'utf8'));
      }
    }
  };
  if (existsSync(join(root, 'packages'))) walk('packages');
  return new Tree(files);
}

export const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;

/** Visits a node and all below it. */
export function walkNodes(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => {
    walkNodes(child, visit);
  });
}

/** One import, export-from, dynamic import or `import('x')` type in a file. */
export interface ImportUse {
  readonly specifier: string;
  readonly line: number;
  /** Leaves no trace in the built file. */
  readonly typeOnly: boolean;
}

function importOf(node: ts.Node): { specifier: ts.Expression; typeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const allTypes =
      clause?.name === undefined &&
      named !== undefined &&
      ts.isNamedImports(named) &&
      named.elements.length > 0 &&
      named.elements.every((element) => element.isTypeOnly);
    return {
      specifier: node.moduleSpecifier,
      typeOnly: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [specifier] = node.arguments;
    return specifier ? { specifier, typeOnly: false } : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const literal = node.argument.literal;
    return ts.isStringLiteral(literal) ? { specifier: literal, typeOnly: true } : undefined;
  }
  return undefined;
}

export function importsOf(source: ts.SourceFile): ImportUse[] {
  const uses: ImportUse[] = [];
  walkNodes(source, (node) => {
    const found = importOf(node);
    if (!found || !ts.isStringLiteralLike(found.specifier)) return;
    uses.push({ specifier: found.specifier.text, line: lineOf(source, node), typeOnly: found.typeOnly });
  });
  return uses;
}

/** The file that a relative specifier means, or undefined when it is not in the tree. */
export function resolveRelative(
  tree: Tree,
  { from, specifier }: { from: string; specifier: string },
): string | undefined {
  const target = posix.join(posix.dirname(from), specifier);
  return [target, target.replace(/\.js$/, '.ts'), `${target}.ts`, `${target}/index.ts`].find((path) =>
    tree.files.has(path),
  );
}
