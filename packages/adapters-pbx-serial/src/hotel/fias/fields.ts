/** How the value of a field is written. */
export type FiasKind =
  /** Any characters but `|` and control characters. */
  | 'text'
  /** Digits only. */
  | 'number'
  /** Digits, the smallest unit of the currency, no point; a sign in front takes back. */
  | 'amount'
  /** `yymmdd`, years 2000-2099. */
  | 'date'
  /** `hhmmss`. */
  | 'time'
  /** `Y` or `N`. */
  | 'flag';

/** What is known of a field. */
export interface FiasFieldDefinition {
  readonly name: string;
  readonly kind: FiasKind;
  /** Most characters that an encoder of ours writes. A decoder takes any length within the record. */
  readonly max: number;
}

/**
 * The fields that a PBX and a hotel system use. A field that is not here is kept as it came. Source: the record tables of the public FIAS specification (IFC8 2.20) and of
 * PBX makers' pages about it; lengths are the largest that those name.
 */
export const FIAS_FIELDS = {
  AS: { name: 'answer status', kind: 'text', max: 2 },
  CS: { name: 'class of service', kind: 'number', max: 1 },
  CT: { name: 'clear text', kind: 'text', max: 50 },
  DA: { name: 'date', kind: 'date', max: 6 },
  DD: { name: 'dialled digits', kind: 'text', max: 32 },
  DN: { name: 'do not disturb', kind: 'flag', max: 1 },
  DU: { name: 'duration', kind: 'time', max: 6 },
  FL: { name: 'field list', kind: 'text', max: 200 },
  'G#': { name: 'reservation number', kind: 'text', max: 20 },
  GA: { name: 'arrival date', kind: 'date', max: 6 },
  GD: { name: 'departure date', kind: 'date', max: 6 },
  GF: { name: 'first name', kind: 'text', max: 100 },
  GL: { name: 'language', kind: 'text', max: 4 },
  GN: { name: 'name', kind: 'text', max: 200 },
  GS: { name: 'shared room', kind: 'flag', max: 1 },
  GT: { name: 'title', kind: 'text', max: 40 },
  ID: { name: 'user', kind: 'text', max: 10 },
  IF: { name: 'interface family', kind: 'text', max: 2 },
  'M#': { name: 'number of minibar items', kind: 'number', max: 4 },
  MA: { name: 'minibar article', kind: 'text', max: 10 },
  ML: { name: 'message lamp', kind: 'flag', max: 1 },
  MP: { name: 'meter pulses', kind: 'number', max: 6 },
  'P#': { name: 'posting sequence number', kind: 'number', max: 8 },
  PT: { name: 'posting type', kind: 'text', max: 1 },
  RI: { name: 'record id', kind: 'text', max: 2 },
  RN: { name: 'room', kind: 'text', max: 8 },
  RO: { name: 'old room', kind: 'text', max: 8 },
  RS: { name: 'maid status', kind: 'number', max: 1 },
  RT: { name: 'retries', kind: 'number', max: 2 },
  SF: { name: 'part of a database swap', kind: 'text', max: 1 },
  SO: { name: 'sales outlet', kind: 'text', max: 8 },
  TA: { name: 'total amount', kind: 'amount', max: 12 },
  TI: { name: 'time', kind: 'time', max: 6 },
  'V#': { name: 'version', kind: 'text', max: 20 },
  VM: { name: 'voice mail', kind: 'flag', max: 1 },
} as const satisfies Record<string, FiasFieldDefinition>;

/** Id of a known field. */
export type FiasFieldId = keyof typeof FIAS_FIELDS;

/** The definition of a field, `undefined` for one that is not known. */
export function fiasField(id: string): FiasFieldDefinition | undefined {
  return Object.hasOwn(FIAS_FIELDS, id) ? FIAS_FIELDS[id as FiasFieldId] : undefined;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isDate = (text: string): boolean => {
  const [, month = 0, day = 0] = /^\d\d(\d\d)(\d\d)$/u.exec(text)?.map(Number) ?? [];
  return day >= 1 && day <= (DAYS[month - 1] ?? 0);
};
const isTime = (text: string): boolean => /^[0-2]\d[0-5]\d[0-5]\d$/u.test(text) && text < '240000';

/** Is this a value that a field of this kind can hold? */
export function isFiasValue(kind: FiasKind, value: string): boolean {
  switch (kind) {
    case 'text':
      return !/[|\x00-\x1f\x7f]/u.test(value);
    case 'number':
      return /^\d+$/u.test(value);
    case 'amount':
      return /^-?\d+$/u.test(value);
    case 'date':
      return isDate(value);
    case 'time':
      return isTime(value);
    case 'flag':
      return value === 'Y' || value === 'N';
  }
}
