import { readFileSync, writeFileSync } from 'node:fs';
import type { ParameterDefinition, ParameterType } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { KEYPAD_MODELS, KTS_PARAMETERS, keypadItems, PARAMETER_LANGUAGES, parameterText } from '../../src/index.js';

const page = new URL('../../../../docs/pbx-programming.md', import.meta.url);

function valuesOf(type: ParameterType): string {
  switch (type.kind) {
    case 'number':
      if (type.words === undefined) return `${type.min}-${type.max}${type.unit === undefined ? '' : ` ${type.unit}`}`;
      return type.words.map((word, at) => `${type.min + at} \`${word}\``).join(', ');
    case 'flag':
      return '`on`, `off`';
    case 'digits':
      return `${type.min}-${type.max} digits`;
    case 'text':
      return `text, ${type.max} bytes`;
    case 'time':
      return '`HH:MM` or empty';
    case 'set':
      return `${type.of}s 1-${type.max}`;
    default:
      throw new Error('a kind that the page has no words for');
  }
}

function placeOf({ scope, places }: ParameterDefinition): string {
  return places === undefined ? scope : `${scope} 1-${places}`;
}

function ktsTable(): string {
  const rows = KTS_PARAMETERS.map((one) => {
    const { id, item, field, group, type, empty, secret } = one;
    const values = `${valuesOf(type)}${empty === undefined ? '' : ' or empty'}${secret === undefined ? '' : ' (secret)'}`;
    const { title, help } = parameterText(id, 'en');
    return `| \`${id}\` | ${item}.${field} | ${group} | ${placeOf(one)} | ${values} | **${title}.** ${help} | ${parameterText(id, 'zh-CN').title} |`;
  });
  return [
    '| id | item | group | place | values | what it does | 中文 |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function keypadTable(): string {
  const rows = KEYPAD_MODELS.flatMap((model) =>
    keypadItems(model, { places: 20, placeDigits: 2, maxDigits: 8 }).flatMap(({ opens, parameters }) =>
      parameters.map((one) => {
        const tables = /^(denied|allowed)\./u.test(one.id);
        const values = one.values === undefined ? valuesOf(one.type) : one.values.join(', ');
        const places = tables ? 'table, by the manual' : placeOf(one);
        return `| ${model} | ${opens ?? '-'} | \`${one.id}\` | ${places} | ${tables ? 'digits, by the manual' : values} | ${one.help} | ${one.zh.title} |`;
      }),
    ),
  );
  return [
    '| model | item | id | place | values | what it does | 中文 |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The page with what stands between the marks of a table replaced by the table. */
function withTable(text: string, name: string, table: string): string {
  const marks = new RegExp(`(<!-- table ${name} -->\\n)[\\s\\S]*?(\\n<!-- end -->)`, 'u');
  expect(text).toMatch(marks);
  return text.replace(marks, (_all, begin: string, end: string) => `${begin}${table}${end}`);
}

test('docs/pbx-programming.md holds every parameter as the catalogues have it (UPDATE_DOCS=1 writes it)', () => {
  const now = readFileSync(page, 'utf8');
  const right = withTable(withTable(now, 'kts-1', ktsTable()), 'ws824-keypad', keypadTable());
  if (process.env.UPDATE_DOCS === '1') writeFileSync(page, right);
  else expect(now).toBe(right);
});

test('every parameter has a title and help in every language, and the wire has each item of the specification', () => {
  for (const { id } of KTS_PARAMETERS) {
    for (const language of PARAMETER_LANGUAGES) {
      const { title, help } = parameterText(id, language);
      expect(title, id).not.toBe(id);
      expect(help.length, id).toBeGreaterThan(4);
    }
    expect(parameterText(id, 'zh-CN').help, id).toMatch(/[。]$/u);
  }
  const specification = readFileSync(new URL('../../../../docs/protocols/kts-1.md', import.meta.url), 'utf8');
  const section = specification.slice(specification.indexOf('## 13 Parameters'), specification.indexOf('## 14 Hotel'));
  const items = [...section.matchAll(/^\| (\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \| [^|]+ \|$/gmu)];
  expect(items).toHaveLength(31);
  for (const [, item = '', fields = ''] of items) {
    const wanted = fields.split(',').map((one) => Number.parseInt(one.trim(), 10));
    const have = KTS_PARAMETERS.filter((one) => one.item === Number(item)).map(({ field }) => field);
    expect(have, `item ${item}`).toEqual(wanted);
  }
  const groups = {
    extensions: [1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 15],
    lines: [8, 9, 12, 13, 25, 26, 27, 28, 29, 30, 31],
  };
  for (const [group, all] of Object.entries(groups)) {
    expect(new Set(KTS_PARAMETERS.filter((one) => one.group === group).map(({ item }) => item))).toEqual(new Set(all));
  }
});
