import ts from 'typescript';
import { type Finding, lineOf, productSource, type Tree, walkNodes } from './tree.js';

/** Globals that are not in browsers, or not the same there. */
const nodeGlobals = new Set([
  'process',
  'Buffer',
  'global',
  'setImmediate',
  'clearImmediate',
  '__dirname',
  '__filename',
  'require',
]);
const browserSafe = /^packages\/(cti-core|telephony-dsp|cti-protocol|ivr-dsl|agent-sdk)\//;
const core = /^packages\/cti-core\//;

/** What the core may not ask of the world: clocks, chance, timers, the network, the site's zone and language. */
const worldGlobals = new Set([
  ...[
    'setTimeout',
    'setInterval',
    'queueMicrotask',
    'performance',
    'crypto',
    'fetch',
    'console',
    'Intl',
    'localStorage',
  ],
  ...['WebSocket', 'document', 'window', 'navigator', 'globalThis'],
]);
const zoneMethods =
  /^(get(FullYear|Month|Date|Day|Hours|Minutes|Seconds|TimezoneOffset)|set(FullYear|Month|Date|Hours|Minutes|Seconds)|toLocale\w*|localeCompare|toDateString|toTimeString)$/;

/** True where an identifier is a use of that name and not a member, a key or a declaration of its own. */
function isFreeName(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isTypeReferenceNode(parent) || ts.isExpressionWithTypeArguments(parent)) return false;
  if (ts.isQualifiedName(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  const named =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isEnumMember(parent);
  if (named) return parent.initializer === node;
  return !(ts.isDeclarationStatement(parent) || ts.isClassElement(parent) || ts.isTypeElement(parent));
}

/** Names that the file itself declares: a parameter called `process` is no use of the global. */
function declaredNames(source: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  walkNodes(source, (node) => {
    const named =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (named && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

/** Words for what one node of the core asks of the world, or undefined. */
function worldUse(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isIdentifier(node) && worldGlobals.has(node.text) && isFreeName(node) && !own.has(node.text)) return node.text;
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const text = `${node.expression.getText()}.${node.name.text}`;
  if (text === 'Date.now' || text === 'Math.random') return text;
  if (/^Math\.(sin|cos|tan|exp|log|log2|log10|pow|cbrt|hypot|atan2?|a?sinh|a?cosh|a?tanh|expm1|log1p)$/.test(text)) {
    return `${text}, whose last bit differs between engines,`;
  }
  return zoneMethods.test(node.name.text) ? `.${node.name.text}` : undefined;
}

/** The core asks nothing of the world; what runs in a browser uses no global of Node. */
export function checkPurity(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.paths(productSource)) {
    if (!browserSafe.test(path)) continue;
    const source = tree.parse(path);
    const own = declaredNames(source);
    walkNodes(source, (node) => {
      const line = lineOf(source, node);
      if (ts.isIdentifier(node) && nodeGlobals.has(node.text) && isFreeName(node) && !own.has(node.text)) {
        findings.push({ rule: 'node-global', file: path, line, message: `${node.text} does not exist in browsers` });
      }
      const use = core.test(path) ? worldUse(node, own) : undefined;
      if (use) {
        const message = `${use} in the core: time, chance and the outside world come in as inputs`;
        findings.push({ rule: 'impure-core', file: path, line, message });
      }
    });
  }
  return findings;
}
