import { CtiError } from '@cordboard/cti-core';
import { FIAS_FIELDS, type FiasFieldId, fiasField, isFiasValue } from './fields.js';

/** Who sends a record: the vendor (the PBX's side), the hotel's system, or either. */
export type FiasSender = 'vendor' | 'pms' | 'both';

/** What is known of a record. */
export interface FiasRecordDefinition {
  readonly name: string;
  readonly from: FiasSender;
  /** Without these an encoder of ours refuses it. A reader looks at what it needs. */
  readonly must: readonly FiasFieldId[];
  readonly may: readonly FiasFieldId[];
}

/** The records that a PBX and a hotel system exchange. One that is not here is delivered as it came. Source: as {@link FIAS_FIELDS}. */
export const FIAS_RECORDS = {
  LS: { name: 'link start', from: 'both', must: ['DA', 'TI'], may: [] },
  LE: { name: 'link end', from: 'both', must: ['DA', 'TI'], may: [] },
  LD: { name: 'link description', from: 'vendor', must: ['DA', 'TI', 'V#', 'IF'], may: ['RT'] },
  LR: { name: 'link record', from: 'vendor', must: ['RI', 'FL'], may: [] },
  LA: { name: 'link alive', from: 'both', must: ['DA', 'TI'], may: [] },
  GI: {
    name: 'check-in',
    from: 'pms',
    must: ['RN'],
    may: ['G#', 'GN', 'GF', 'GT', 'GL', 'GS', 'GA', 'GD', 'CS', 'DA', 'TI', 'SF'],
  },
  GO: { name: 'check-out', from: 'pms', must: ['RN'], may: ['G#', 'GS', 'DA', 'TI', 'SF'] },
  GC: {
    name: 'guest change',
    from: 'pms',
    must: ['RN'],
    may: ['RO', 'G#', 'GN', 'GF', 'GT', 'GL', 'GS', 'GA', 'GD', 'CS', 'DA', 'TI'],
  },
  RE: { name: 'room equipment', from: 'both', must: ['RN'], may: ['RS', 'CS', 'DN', 'ML', 'VM', 'ID', 'DA', 'TI'] },
  PS: {
    name: 'posting',
    from: 'vendor',
    must: ['RN', 'PT', 'DA', 'TI', 'P#'],
    may: ['TA', 'MP', 'DD', 'DU', 'MA', 'M#', 'SO', 'CT', 'ID'],
  },
  PA: { name: 'posting answer', from: 'pms', must: ['AS'], may: ['RN', 'P#', 'DA', 'TI', 'CT'] },
  WR: { name: 'wake-up request', from: 'both', must: ['RN', 'DA', 'TI'], may: [] },
  WC: { name: 'wake-up clear', from: 'both', must: ['RN', 'DA', 'TI'], may: [] },
  WA: { name: 'wake-up answer', from: 'vendor', must: ['RN', 'AS', 'DA', 'TI'], may: [] },
  DR: { name: 'database resync request', from: 'vendor', must: ['DA', 'TI'], may: [] },
  DS: { name: 'database resync start', from: 'pms', must: ['DA', 'TI'], may: [] },
  DE: { name: 'database resync end', from: 'pms', must: ['DA', 'TI'], may: [] },
  NS: { name: 'night audit start', from: 'pms', must: ['DA', 'TI'], may: [] },
  NE: { name: 'night audit end', from: 'pms', must: ['DA', 'TI'], may: [] },
} as const satisfies Record<string, FiasRecordDefinition>;

/** Id of a known record. */
export type FiasRecordId = keyof typeof FIAS_RECORDS;

/** One field as it stands on the wire. */
export type FiasField = readonly [id: string, value: string];

/** One record: its two letters and its fields in their order, known and unknown ones alike. */
export interface FiasRecord {
  readonly id: string;
  readonly fields: readonly FiasField[];
}

/** Values by field for {@link fiasRecord}. */
export type FiasValues = { readonly [F in FiasFieldId]?: string | undefined };

/** The value of a field of a record, the first where it stands twice; `undefined` where it is missing or cannot be one of its kind. */
export function fiasValue(record: FiasRecord, id: FiasFieldId): string | undefined {
  const value = record.fields.find(([each]) => each === id)?.[1];
  return value !== undefined && value !== '' && isFiasValue(FIAS_FIELDS[id].kind, value) ? value : undefined;
}

/**
 * Makes a record to be sent: its fields in the order of {@link FIAS_RECORDS}.
 *
 * @throws {CtiError} `wire.unsafeValue` a field is missing, does not belong there, is too long or cannot hold its value
 */
export function fiasRecord(id: FiasRecordId, values: FiasValues): FiasRecord {
  const { must, may }: FiasRecordDefinition = FIAS_RECORDS[id];
  const given = Object.keys(values).filter((key) => values[key as FiasFieldId] !== undefined);
  const strange = given.find((key) => ![...must, ...may].some((each) => each === key));
  if (strange !== undefined) throw unsafe(id, strange);
  const fields: FiasField[] = [];
  for (const field of [...must, ...may]) {
    const value = values[field];
    if (value === undefined && may.includes(field)) continue;
    const { kind, max } = FIAS_FIELDS[field];
    if (value === undefined || value.length > max || !isFiasValue(kind, value)) throw unsafe(id, field);
    fields.push([field, value]);
  }
  return { id, fields };
}

/** The text between STX and ETX: `GI|RN101|G#7|`. */
export function fiasText({ id, fields }: FiasRecord): string {
  return `${id}|${fields.map(([field, value]) => `${field}${value}|`).join('')}`;
}

/** Reads the text between STX and ETX; `undefined` where it is no record. The last `|` may be missing; an empty field is left out. */
export function readFias(text: string): FiasRecord | undefined {
  const [id = '', ...parts] = text.split('|');
  if (!ID.test(id)) return undefined;
  const fields: FiasField[] = [];
  for (const part of parts) {
    if (part === '') continue;
    const field = part.slice(0, 2);
    if (!FIELD_ID.test(field)) return undefined;
    fields.push([field, part.slice(2)]);
  }
  return { id, fields };
}

/** The fields that a field list (`FL`) names, two characters each. */
export function readFieldList(list: string): string[] {
  return list.match(/../gu) ?? [];
}

/** The fields of a record that are not in {@link FIAS_FIELDS}. */
export function unknownFields({ fields }: FiasRecord): readonly FiasField[] {
  return fields.filter(([id]) => fiasField(id) === undefined);
}

const ID = /^[A-Z][A-Z0-9]$/u;
const FIELD_ID = /^[A-Za-z0-9][A-Za-z0-9#+]$/u;

function unsafe(record: string, field: string): CtiError {
  return new CtiError('wire.unsafeValue', `record ${record} cannot hold this in field ${field}`, {
    details: { record, field },
  });
}
