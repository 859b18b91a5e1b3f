import ts from 'typescript';
import { type Finding, lineOf, productSource, type Tree, walkNodes } from './tree.js';

const warnLines = 350;
const stopLines = 500;

/** Files that are one table or one generated text, each with what the table is. Anything else is split. */
const longTables: Readonly<Record<string, string>> = {
  'packages/cti-protocol/src/rest/operations.ts': 'the operations of the REST interface',
  'packages/cti-protocol/src/rest/rest.gen.ts': 'generated from the OpenAPI document',
};

const suppression = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable|(?:v8|c8|istanbul) ignore/;

type Report = (node: ts.Node, rule: string, message: string) => void;

function isBoolean(parameter: ts.ParameterDeclaration): boolean {
  if (parameter.type?.kind === ts.SyntaxKind.BooleanKeyword) return true;
  const initial = parameter.initializer?.kind;
  return initial === ts.SyntaxKind.TrueKeyword || initial === ts.SyntaxKind.FalseKeyword;
}

/** A function given in place to another one follows that one's signature, so its parameters are not its own choice. */
function isCallback(node: ts.Node): boolean {
  const parent = node.parent;
  return (
    (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) &&
    (ts.isCallExpression(parent) || ts.isNewExpression(parent))
  );
}

function checkParameters(node: ts.SignatureDeclaration, report: Report): void {
  if (isCallback(node) || ts.isSetAccessor(node) || ts.isIndexSignatureDeclaration(node)) return;
  const parameters = node.parameters.filter((item) => !(ts.isIdentifier(item.name) && item.name.text === 'this'));
  if (parameters.length > 3) {
    report(node, 'parameters', `${parameters.length} positional parameters; three at most, then one options object`);
  }
  if (ts.isFunctionTypeNode(node)) return;
  for (const parameter of parameters) {
    if (isBoolean(parameter))
      report(parameter, 'boolean-parameter', 'a bare true or false says nothing where it is read');
  }
}

function checkNode(node: ts.Node, report: Report): void {
  if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'any', 'any switches the checker off');
  if (ts.isNonNullExpression(node)) report(node, 'non-null', '! is a claim that nothing verifies');
  if (ts.isEnumDeclaration(node)) report(node, 'enum', 'a union of literals instead of an enum');
  if (ts.isFunctionLike(node)) checkParameters(node, report);
}

function sizeOf(path: string, text: string): Finding[] {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  if (lines <= warnLines || path in longTables) return [];
  const finding: Finding = { rule: 'size', file: path, line: 0, message: `${lines} lines; aim below ${warnLines}` };
  return [lines > stopLines ? finding : { ...finding, severity: 'warning' }];
}

/** File sizes, escape hatches and the shape of parameter lists in product code. */
export function checkShape(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.paths(productSource)) {
    const source = tree.parse(path);
    findings.push(...sizeOf(path, source.text));
    source.text.split('\n').forEach((line, index) => {
      if (suppression.test(line)) {
        findings.push({
          rule: 'suppression',
          file: path,
          line: index + 1,
          message: 'a suppressed finding stays a defect',
        });
      }
    });
    walkNodes(source, (node) => {
      checkNode(node, (at, rule, message) => findings.push({ rule, file: path, line: lineOf(source, at), message }));
    });
  }
  return findings;
}
