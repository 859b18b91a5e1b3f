import { normalise, numberKey, type SwitchCallRecord, type TenantConfig } from '@cordboard/cti-core';
import type { MaskRules } from '../streams/mask-rules.js';

/** Columns of an export, in their order. */
const COLUMNS = [
  'start',
  'durationMs',
  'ringMs',
  'extension',
  'line',
  'direction',
  'number',
  'name',
  'did',
  'accountCode',
  'personalCode',
  'disaCode',
  'costMinor',
  'currency',
  'pulses',
  'answered',
  'end',
  'holdMs',
  'parkMs',
  'recordNo',
  'callRef',
  'part',
  'continues',
  'transferredFrom',
  'transferredTo',
  'doubts',
] as const satisfies readonly (keyof SwitchCallRecord)[];

/** A record with the fields that are published, and no others that a driver keeps beside them. */
export function recordRow(
  record: SwitchCallRecord,
  rules: MaskRules | undefined,
  config: TenantConfig,
): SwitchCallRecord {
  const shown = Object.fromEntries(
    COLUMNS.flatMap((column) => (record[column] === undefined ? [] : [[column, record[column]]])),
  ) as unknown as SwitchCallRecord;
  if (rules === undefined) return shown;
  const { name: _name, did: _did, accountCode: _account, personalCode: _personal, ...told } = shown;
  const { disaCode: _disa, number, ...rest } = told;
  if (number === undefined) return rest;
  const party = normalise({ number, presentation: 'allowed' }, config.dialPlan);
  // Hidden digits make no key, and what is left of them may still be a person's number.
  const { raw } = numberKey(party) === undefined ? { raw: '' } : rules.number(party);
  return raw === '' ? rest : { ...rest, number: raw };
}

/** The titles of an export, RFC 4180. */
export const RECORD_TITLES = `${COLUMNS.join(',')}\r\n`;

/** One line of an export. What a spreadsheet would compute begins with `'`. */
export function recordLine(record: SwitchCallRecord): string {
  return `${COLUMNS.map((column) => field(record[column])).join(',')}\r\n`;
}

function field(value: SwitchCallRecord[keyof SwitchCallRecord]): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = (typeof value === 'string' ? value : value.join(' ')).replace(/[\x00-\x1f\x7f]/gu, ' ');
  const safe = /^[=+@-]/u.test(text) && !/^\+?\d+$/u.test(text) ? `'${text}` : text;
  return /[",]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
