import ts from 'typescript';
import { type Finding, lineOf, productSource, type Tree, walkNodes } from './tree.js';

/** Keys whose values say who called, what was pressed or said, or open a door. Compared in lower case. */
const secretKeys = new Set([
  ...[
    'number',
    'numbers',
    'phone',
    'phonenumber',
    'msisdn',
    'e164',
    'raw',
    'caller',
    'callerid',
    'callernumber',
    'ani',
  ],
  ...['dnis', 'callednumber', 'callingnumber', 'destination', 'dialled', 'dialed', 'dialstring', 'display', 'email'],
  ...['name', 'callername', 'agentname', 'customername', 'displayname', 'fullname', 'note', 'notes'],
  ...['digits', 'digit', 'dtmf', 'pin', 'collected', 'transcript', 'speech'],
  ...['token', 'tokens', 'password', 'secret', 'authorization', 'cookie', 'apikey', 'credentials', 'headers', 'body'],
]);
/** In an error's message a configured name (a queue's, a flow's) is fine; a person's is not. */
const fineInMessages = new Set(['name', 'raw', 'headers', 'body', 'display', 'note', 'notes', 'destination', 'digit']);

const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'child']);
const wholeObjectsAllowed = new Set(['err', 'error', 'cause', 'bindings']);

const isSecret = (key: string): boolean => secretKeys.has(key.toLowerCase());

function lastName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isCallExpression(node)) return lastName(node.expression);
  if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return lastName(node.expression);
  if (ts.isBinaryExpression(node)) return lastName(node.left);
  return undefined;
}

function isLogCall(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  if (!levels.has(node.expression.name.text)) return false;
  const receiver = lastName(node.expression.expression);
  return receiver !== undefined && /^#?_*(log|logger)$|(Log|Logger)$/.test(receiver);
}

type Report = (node: ts.Node, rule: string, message: string) => void;

function checkObject(object: ts.ObjectLiteralExpression, report: Report): void {
  for (const property of object.properties) {
    if (ts.isSpreadAssignment(property)) {
      report(property, 'log-spread', 'a spread may carry anything into the log; name the fields');
      continue;
    }
    const key =
      property.name && !ts.isComputedPropertyName(property.name) ? property.name.getText().replace(/['"]/g, '') : '';
    if (isSecret(key)) report(property, 'log-key', `the key ${key} may carry personal data or a secret into the log`);
    if (!ts.isPropertyAssignment(property)) continue;
    const value = property.initializer;
    if (ts.isObjectLiteralExpression(value)) checkObject(value, report);
    else checkValue(value, report);
  }
}

function checkValue(value: ts.Expression, report: Report): void {
  const name = lastName(value);
  const hidden = /^(mask|hash|scrub|redact|count|length|size)/i;
  if (ts.isCallExpression(value) && name !== undefined && hidden.test(name)) return;
  if (name !== undefined && isSecret(name) && name !== 'name') {
    report(value, 'log-value', `the value ${name} may be personal data or a secret under another key`);
  }
  if (ts.isTemplateExpression(value)) checkTemplate(value, { report, rule: 'log-message', fine: new Set() });
}

interface TemplateRule {
  readonly report: Report;
  readonly rule: string;
  readonly fine: ReadonlySet<string>;
}

function checkTemplate(template: ts.TemplateExpression, { report, rule, fine }: TemplateRule): void {
  for (const span of template.templateSpans) {
    const name = lastName(span.expression);
    if (name === undefined || !isSecret(name) || fine.has(name)) continue;
    report(span.expression, rule, `\${${span.expression.getText()}} may put personal data or a secret into this text`);
  }
}

function checkLogCall(call: ts.CallExpression, report: Report): void {
  for (const argument of call.arguments) {
    if (ts.isObjectLiteralExpression(argument)) checkObject(argument, report);
    else if (ts.isTemplateExpression(argument))
      checkTemplate(argument, { report, rule: 'log-message', fine: new Set() });
    else if (ts.isIdentifier(argument) && !wholeObjectsAllowed.has(argument.text)) {
      report(argument, 'log-opaque', `${argument.text} is logged whole; name the fields`);
    } else if (ts.isPropertyAccessExpression(argument)) checkValue(argument, report);
    else if (ts.isBinaryExpression(argument) && argument.operatorToken.kind === ts.SyntaxKind.PlusToken) {
      report(argument, 'log-message', 'a message put together with + hides what goes into the log');
    }
  }
}

/** What may be in a log line or in the message of an error. */
export function checkPrivacy(tree: Tree): Finding[] {
  const findings: Finding[] = [];
  for (const path of tree.paths(productSource)) {
    const source = tree.parse(path);
    const report: Report = (node, rule, message) =>
      findings.push({ rule, file: path, line: lineOf(source, node), message });
    walkNodes(source, (node) => {
      if (isLogCall(node)) checkLogCall(node, report);
      if (!ts.isNewExpression(node) || !/Error$/.test(node.expression.getText())) return;
      for (const argument of node.arguments ?? []) {
        if (ts.isTemplateExpression(argument)) {
          checkTemplate(argument, { report, rule: 'error-message', fine: fineInMessages });
        }
      }
    });
  }
  return findings;
}
