import {
  formatValue,
  type KeypadModel,
  type KeypadParameter,
  KTS_PARAMETERS,
  keypadItems,
  type ParameterLanguage,
  parameterText,
  type RestrictionTables,
} from '@cordboard/adapters-pbx-serial';
import { CtiError, type ParameterDefinition, type ParameterGroup } from '@cordboard/cti-core';
import type { CommandContext, ExitCode } from '../commands/context.js';

/** Options of `cordboard pbx parameters`. */
export interface ListOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1' | 'ws824-keypad';
  readonly model: KeypadModel;
  readonly tables?: RestrictionTables;
  readonly language: ParameterLanguage;
  readonly group?: readonly ParameterGroup[];
  /** Only these, by their ids; none: all. */
  readonly ids: readonly string[];
  /** Only those of this item, as the maker numbers them. */
  readonly item?: number;
  readonly json?: 'json';
}

/**
 * Prints the catalogue of a profile, or some of it.
 *
 * @throws {CtiError} `argument.invalid` an id or an item that is not in it
 */
export async function listParameters(options: ListOptions, { output }: CommandContext): Promise<ExitCode> {
  const { profile, model, tables, language, json } = options;
  const catalogue: readonly (ParameterDefinition | KeypadParameter)[] =
    profile === 'ws824-keypad' ? keypadItems(model, tables).flatMap((item) => item.parameters) : KTS_PARAMETERS;
  for (const parameter of wanted(catalogue, options)) {
    const { id, scope, places, type, secret } = parameter;
    const item = itemOf(parameter);
    const text = 'zh' in parameter && language === 'zh-CN' ? parameter.zh : textOf(parameter, language);
    if (json !== undefined || output.terminal === undefined) {
      const about = { id, item, group: parameter.group, scope, places, type, secret, ...text };
      output.out(JSON.stringify(about));
      continue;
    }
    const where = `${scope}${places === undefined ? '' : ` 1-${places}`}`;
    const hidden = secret === undefined ? '' : '; secret';
    output.out(`${id}  (${item === undefined ? '' : `item ${item}; `}${where}; ${rangeOf(parameter)}${hidden})`);
    output.out(`    ${text.title === id ? '' : `${text.title}. `}${text.help}`);
  }
  return 0;
}

type Listed = ParameterDefinition | KeypadParameter;

/** Those that were asked for. */
function wanted(catalogue: readonly Listed[], { group, ids, item }: ListOptions): readonly Listed[] {
  const unknown = ids.find((id) => catalogue.every((one) => one.id !== id));
  const found = catalogue.filter(
    (one) =>
      (group?.includes(one.group) ?? true) &&
      (ids.length === 0 || ids.includes(one.id)) &&
      (item === undefined || ('item' in one && one.item === item)),
  );
  if (unknown === undefined && (found.length > 0 || item === undefined)) return found;
  const what = unknown === undefined ? `no item ${item}` : `no parameter ${unknown}`;
  throw new CtiError('argument.invalid', `${what}: cordboard pbx parameters lists all`, { details: { path: 'id' } });
}

/** Item and field of kts-1, as docs/protocols/kts-1.md has them. */
function itemOf(parameter: Listed): string | undefined {
  return 'item' in parameter && 'field' in parameter ? `${parameter.item}.${parameter.field}` : undefined;
}

function textOf(
  { id, help }: ParameterDefinition,
  language: ParameterLanguage,
): { readonly title: string; readonly help: string } {
  const text = parameterText(id, language);
  return text.help === '' ? { title: id, help } : text;
}

/** The values of a parameter, for people: as `pbx set` takes them. */
function rangeOf(parameter: Listed): string {
  const { type } = parameter;
  const orEmpty = 'empty' in parameter && parameter.empty !== undefined ? ' or empty' : '';
  switch (type.kind) {
    case 'number':
      if (type.words !== undefined) return type.words.map((word, at) => `${type.min + at} ${word}`).join(', ');
      return `${type.min}-${type.max}${type.unit === undefined ? '' : ` ${type.unit}`}`;
    case 'flag':
      return `${formatValue(type, true)}, ${formatValue(type, false)}`;
    case 'digits':
      return `${type.min}-${type.max} digits${orEmpty}`;
    case 'text':
      return `text, ${type.max} bytes`;
    case 'time':
      return 'HH:MM or empty';
    case 'set':
      return `${type.of}s 1-${type.max}, such as 1-4,8`;
  }
}
