import ts from 'typescript';
import { type Finding, lineOf, packagesOf, productSource, resolveRelative, type Tree } from './tree.js';

/** One exported declaration: where it stands and which node must carry the docstring. */
interface Declared {
  readonly path: string;
  readonly name: string;
  readonly node: ts.Node;
}

type Documented = ts.Node & { readonly jsDoc?: readonly ts.JSDoc[] };

function hasText(node: ts.Node): boolean {
  const docs = (node as Documented).jsDoc ?? [];
  return docs.some((doc) => ts.getTextOfJSDocComment(doc.comment)?.trim());
}

/** The declarations of one name at the top of a file, with the statement that carries their docstring. */
function declarationsOf(source: ts.SourceFile, name: string): ts.Node[] {
  const found: ts.Node[] = [];
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      const hit = statement.declarationList.declarations.some(
        (item) => ts.isIdentifier(item.name) && item.name.text === name,
      );
      if (hit) found.push(statement);
    } else if (ts.isDeclarationStatement(statement) && statement.name?.getText(source) === name) {
      found.push(statement);
    }
  }
  return found;
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((item) => item.kind === ts.SyntaxKind.ExportKeyword);

/** Names that a file exports by itself. */
function ownExports(source: ts.SourceFile): string[] {
  const names: string[] = [];
  for (const statement of source.statements) {
    if (!isExported(statement)) continue;
    if (ts.isVariableStatement(statement)) {
      names.push(...statement.declarationList.declarations.map((item) => item.name.getText(source)));
    } else if (ts.isDeclarationStatement(statement) && statement.name) {
      names.push(statement.name.getText(source));
    }
  }
  return names;
}

/** Where an imported local name comes from, for `import { x } from './y.js'; export { x };`. */
function importedFrom(source: ts.SourceFile, local: string): { specifier: string; name: string } | undefined {
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) continue;
    const hit = bindings.elements.find((element) => element.name.text === local);
    if (hit) return { specifier: statement.moduleSpecifier.text, name: (hit.propertyName ?? hit.name).text };
  }
  return undefined;
}

/** Follows export statements through the files of a package and collects what can be reached from one entry. */
class Reach {
  readonly #seen = new Set<string>();
  readonly found: Declared[] = [];

  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  all(path: string): void {
    if (this.#seen.has(`${path}#*`)) return;
    this.#seen.add(`${path}#*`);
    const source = this.tree.parse(path);
    for (const name of new Set(ownExports(source))) this.name(path, name);
    for (const statement of source.statements) {
      if (ts.isExportDeclaration(statement)) this.#exportStatement(path, statement);
    }
  }

  name(path: string, name: string): void {
    if (this.#seen.has(`${path}#${name}`)) return;
    this.#seen.add(`${path}#${name}`);
    const source = this.tree.parse(path);
    const nodes = declarationsOf(source, name);
    for (const node of nodes) this.found.push({ path, name, node });
    if (nodes.length > 0) return;
    const origin = importedFrom(source, name);
    if (origin) this.#follow(path, origin.specifier, origin.name);
    else for (const statement of source.statements) this.#searchIn(path, { statement, name });
  }

  #searchIn(path: string, { statement, name }: { statement: ts.Statement; name: string }): void {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return;
    if (!ts.isStringLiteral(statement.moduleSpecifier)) return;
    const clause = statement.exportClause;
    if (!clause) this.#follow(path, statement.moduleSpecifier.text, name);
    if (!clause || !ts.isNamedExports(clause)) return;
    const hit = clause.elements.find((element) => element.name.text === name);
    if (hit) this.#follow(path, statement.moduleSpecifier.text, (hit.propertyName ?? hit.name).text);
  }

  #exportStatement(path: string, statement: ts.ExportDeclaration): void {
    const specifier =
      statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
        ? statement.moduleSpecifier.text
        : undefined;
    const clause = statement.exportClause;
    if (clause && ts.isNamedExports(clause)) {
      for (const element of clause.elements) {
        const name = (element.propertyName ?? element.name).text;
        if (specifier === undefined) this.name(path, name);
        else this.#follow(path, specifier, name);
      }
    } else if (specifier !== undefined) {
      const target = resolveRelative(this.tree, { from: path, specifier });
      if (target) this.all(target);
    }
  }

  #follow(path: string, specifier: string, name: string): void {
    const target = specifier.startsWith('.') ? resolveRelative(this.tree, { from: path, specifier }) : undefined;
    if (target) this.name(target, name);
  }
}

function entriesOf(tree: Tree): string[] {
  return packagesOf(tree)
    .filter((item) => item.manifest.private !== true)
    .flatMap((item) =>
      Object.values(item.manifest.exports ?? {}).flatMap((value) => {
        const source = typeof value === 'string' ? undefined : value['@cordboard/source'];
        return source ? [`${item.dir}/${source.replace('./', '')}`] : [];
      }),
    )
    .filter((path) => tree.files.has(path) && productSource.test(path));
}

const isPrivate = (member: ts.ClassElement): boolean =>
  (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
  (ts.canHaveModifiers(member) &&
    (ts.getModifiers(member) ?? []).some((item) => item.kind === ts.SyntaxKind.PrivateKeyword));

/** Methods and accessors that a user of an exported class can call. */
function methodsOf(node: ts.Node): ts.ClassElement[] {
  if (!ts.isClassDeclaration(node)) return [];
  const inherits = (node.heritageClauses ?? []).some((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword);
  if (inherits) return [];
  return node.members.filter(
    (member) => (ts.isMethodDeclaration(member) || ts.isAccessor(member)) && !isPrivate(member),
  );
}

/** Everything that a package exports says what it does. Overloads and merged declarations need one docstring between them. */
export function checkDocs(tree: Tree): Finding[] {
  const groups = new Map<string, Declared[]>();
  for (const entry of entriesOf(tree)) {
    const reach = new Reach(tree);
    reach.all(entry);
    for (const item of reach.found) {
      const key = `${item.path}#${item.name}`;
      const group = groups.get(key) ?? [];
      if (!group.some((other) => other.node === item.node)) group.push(item);
      groups.set(key, group);
    }
  }
  const findings: Finding[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = group;
    if (!first) continue;
    const source = tree.parse(first.path);
    if (!group.some((item) => hasText(item.node))) {
      const message = `${first.name} is exported and has no docstring`;
      findings.push({ rule: 'no-docstring', file: first.path, line: lineOf(source, first.node), message });
    }
    const methods = group.flatMap((item) => methodsOf(item.node));
    const bare = new Set(methods.filter((member) => !hasText(member)).map((member) => member.name?.getText(source)));
    for (const member of methods) if (hasText(member)) bare.delete(member.name?.getText(source));
    for (const member of methods) {
      const name = member.name?.getText(source);
      if (!bare.delete(name)) continue;
      const message = `${first.name}.${name} can be called by users and has no docstring`;
      findings.push({ rule: 'no-docstring', file: first.path, line: lineOf(source, member), message });
    }
  }
  return findings;
}
