import { describe, expect, test } from 'vitest';
import { compile } from './compile.js';

const HEAD = `import * as I from 'ivr';
const base = { id: 'x', languages: ['en'], prompts: { hello: 'h' }, hours: { office: { open: [] } }, lists: ['vip'], groups: ['desk'], queues: ['sales'], modes: { house: ['day', 'night'] } } as const;
const find = I.hostFunction('find@1', { pass: ['order'], keep: ['state'], ways: ['found', 'unknown'] });
const { END } = I;
`;

/** A flow or a node that is wrong in one thing, and the words by which the compiler tells which. */
const WRONG: readonly (readonly [code: string, names: readonly string[]])[] = [
  ["flow({ pick: I.play({ say: 'hello', next: 'nowhere' }) })", ['"pick goes to nowhere"']],
  [
    "flow({ pick: I.menu({ say: 'hello', keys: { 1: I.play({ say: 'hello', next: 'far' }) }, noInput: END, noMatch: END }) })",
    ['"pick goes to far"'],
  ],
  ["flow({ pick: I.play({ say: 'hullo', next: END }) })", ['"pick says hullo"']],
  ["flow({ pick: I.play({ say: I.digits('order'), next: END }) })", ['"pick reads order"']],
  ["flow({ pick: I.hangup({ say: I.text('It is {order}') }) })", ['"pick reads order"']],
  ["flow({ pick: I.hours('night', { open: END, closed: END }) })", ['"pick uses hours night"']],
  ["flow({ pick: I.list({ rules: [{ list: 'gold', goTo: END }], otherwise: END }) })", ['"pick uses list gold"']],
  ["flow({ pick: I.orderDesk('nobody', { timeout: END, failed: END }) })", ['"pick uses group nobody"']],
  ["flow({ pick: I.queue('support', { overflow: END }) })", ['"pick uses queue support"']],
  ["flow({ pick: I.mode('house', { ways: { noon: END }, otherwise: END }) })", ['"pick uses mode house=noon"']],
  ["flow({ pick: I.language('fr', { next: END }) })", ['"pick speaks fr"']],
  [
    "flow({ pick: I.queue('support', { say: 'hullo', overflow: 'far' }) })",
    ['goes to far', 'says hullo', 'uses queue support'],
  ],
  ["I.menu({ say: 'hello', keys: { 1: END }, noInput: END })", ["'noMatch' is missing", 'MenuOptions']],
  ["I.transfer({ to: { group: 'desk' }, busy: END, failed: END })", ["'noAnswer' is missing", 'TransferOptions']],
  ["I.record('x', { next: END, failed: END })", ["'empty' is missing", 'RecordOptions']],
  ["I.http({ url: 'https://a.example', ways: {}, otherwise: END })", ["'failed' is missing", 'HttpOptions']],
  ["I.collect('x', { say: 'hello', min: 1, max: 2, next: END })", ['noInput, noMatch']],
  ["I.compute(find, { pass: { order: '1' }, ways: { found: END }, failed: END })", ["'unknown' is missing"]],
  [
    "I.compute(find, { pass: { order: '1' }, ways: { found: END, unknown: END, lost: END }, failed: END })",
    ["'lost' does not exist"],
  ],
  ['I.compute(find, { pass: {}, ways: { found: END, unknown: END }, failed: END })', ["'order' is missing"]],
  [
    "I.compute(find, { pass: { order: '1' }, keep: { x: 'colour' }, ways: { found: END, unknown: END }, failed: END })",
    ['"colour"', '"state"'],
  ],
  ["I.voicemail('office', { greeting: 'hello', next: END, failed: END })", ["'empty' is missing", 'VoicemailOptions']],
];

test('each complaint of the compiler names the node, and the field or the name that is wrong', {
  timeout: 120_000,
}, async () => {
  const lines = WRONG.map(([code]) => code.replace(/^flow\(\{ /, 'I.defineIvr(base, { start: I.hangup(), '));
  const { complaints } = await compile(`${HEAD}${lines.join('\n')}\n`);
  const told = WRONG.map((_, index) => complaints.get(HEAD.split('\n').length + index) ?? 'nothing');
  for (const [index, [code, names]] of WRONG.entries()) {
    for (const name of names) expect(told[index], code).toContain(name);
  }
  expect([...complaints.keys()].filter((line) => line < HEAD.split('\n').length)).toEqual([]);
});

describe('the compiler keeps up', () => {
  const prompts = Array.from({ length: 500 }, (_, index) => `p${index}: 'p'`).join(', ');
  const options = `{ id: 'x', languages: ['en'], prompts: { ${prompts} }, hours: { office: { open: [] } } } as const`;
  const head = `${HEAD}const wide = ${options};\n`;

  /** A node in a node, a hundred deep. */
  const nested = (node: (inner: string, level: number) => string): string => {
    let made = 'I.hangup()';
    for (let level = 0; level < 100; level += 1) made = node(made, level);
    return `I.defineIvr(wide, { start: ${made} });\n`;
  };
  const KINDS = [
    nested(
      (inner, level) => `I.menu({ say: 'p${level}', keys: { 1: ${inner}, 9: 'BACK' }, noInput: END, noMatch: END })`,
    ),
    nested((inner) => `I.hours('office', { open: ${inner}, closed: END })`),
    nested((inner) => `I.hours({ rules: [{ goTo: ${inner} }], otherwise: END })`),
    nested(
      (inner, level) =>
        `I.collect('v${level}', { say: 'p1', min: 1, max: 2, next: ${inner}, noInput: END, noMatch: END })`,
    ),
    nested(
      (inner, level) =>
        `I.query(find, { pass: { order: '{call.number}' }, keep: { v${level}: 'state' }, ways: { found: ${inner}, unknown: END }, failed: END })`,
    ),
  ];

  /** Five hundred nodes, each with a prompt and a variable of its own that another one reads. */
  const flat = Array.from({ length: 499 }, (_, index) => {
    const [to, other] = [`n${(index * 7) % 499}`, `n${(index * 13) % 499}`];
    return index % 2 === 0
      ? `n${index}: I.collect('v${index}', { say: 'p${index}', min: 1, max: 2, next: '${to}', noInput: '${other}', noMatch: END }),`
      : `n${index}: I.menu({ say: ['p${index}', I.text('{v${index - 1}}')], keys: { 1: '${to}', 12: '${other}' }, noInput: END, noMatch: END }),`;
  });
  const wide = `I.defineIvr(wide, { start: I.play({ say: 'p1', next: 'n1' }),\n${flat.join('\n')} });\n`;

  test('with a hundred levels and with five hundred nodes', { timeout: 240_000 }, async () => {
    const empty = await compile(`${head}I.defineIvr(wide, { start: I.hangup() });\n`);
    const deep = await compile(head + KINDS.join(''));
    const many = await compile(head + wide);
    for (const { complaints } of [empty, deep, many]) expect([...complaints.values()]).toEqual([]);
    // Measured: 15,000 for each hundred levels, 180,000 for five hundred nodes.
    expect(deep.instantiations - empty.instantiations).toBeLessThan(KINDS.length * 50_000);
    expect(many.instantiations - empty.instantiations).toBeLessThan(500_000);
  });
});
