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
import type { ParameterDefinition, ParameterGroup, ParameterType } from '@cordboard/cti-core';
import type { CommandContext, ExitCode } from '../commands/context.js';

/** Options of `cordboard pbx parameters`. */
export interface ListOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1' | 'ws824-keypad';
  readonly model: KeypadModel;
  readonly tables?: RestrictionTables;
  readonly language: ParameterLanguage;
  readonly group?: readonly ParameterGroup[];
  readonly json?: 'json';
}

/** Prints the catalogue of a profile. */
export async function listParameters(options: ListOptions, { output }: CommandContext): Promise<ExitCode> {
  const { profile, model, tables, language, group, json } = options;
  const catalogue: readonly (ParameterDefinition | KeypadParameter)[] =
    profile === 'ws824-keypad' ? keypadItems(model, tables).flatMap((item) => item.parameters) : KTS_PARAMETERS;
  for (const parameter of catalogue.filter((one) => group?.includes(one.group) ?? true)) {
    const { id, scope, places, type, secret } = parameter;
    const text = 'zh' in parameter && language === 'zh-CN' ? parameter.zh : textOf(parameter, language);
    if (json !== undefined || output.terminal === undefined) {
      const about = { id, group: parameter.group, scope, places, type, secret, ...text };
      output.out(JSON.stringify(about));
      continue;
    }
    output.out(`${id}  (${scope}${places === undefined ? '' : ` 1-${places}`}; ${rangeOf(type)})`);
    output.out(`    ${text.help}`);
  }
  return 0;
}

function textOf(
  { id, help }: ParameterDefinition,
  language: ParameterLanguage,
): { readonly title: string; readonly help: string } {
  const text = parameterText(id, language);
  return text.help === '' ? { title: id, help } : text;
}

/** The values of a type, for people. */
function rangeOf(type: ParameterType): string {
  switch (type.kind) {
    case 'number':
      if (type.words !== undefined) return type.words.join(', ');
      return `${type.min}-${type.max}${type.unit === undefined ? '' : ` ${type.unit}`}`;
    case 'flag':
      return `${formatValue(type, true)}, ${formatValue(type, false)}`;
    case 'digits':
      return `${type.min}-${type.max} digits`;
    case 'text':
      return `text, ${type.max} bytes`;
    case 'time':
      return 'HH:MM or empty';
    case 'set':
      return `${type.of}s, such as 1-4,8`;
  }
}
