import { type Draft, doubt, isDigits, misfit } from './fields.js';

const INCOMING =
  /^<?\s*(?:I|incoming|DIL incoming|UCD waiting)\s*>\s*|^(?:incoming|DIL incoming|UCD waiting)(?:\s+|$)/iu;
/** The examples of the manuals have `EXT` before the number, their text says behind it. */
const INTERCOM = /^(?:EXT\s*([\d*#]+)|([\d*#]+)\s*EXT)$/u;
const DISA = /^<?\s*DISA\s+incoming\s*>?\s*/iu;

/** Sets a caller's name and number, which share a column. */
export function readCaller(record: Draft, text: string): void {
  if (text === '') return;
  if (isDigits(text)) record.number = text;
  else if (/^\+?[\d*#]+$/u.test(text)) record.number = text;
  else readNamed(record, text);
}

function readNamed(record: Draft, text: string): void {
  const leading = /^(\d{3,})\s+(\D.*)$/u.exec(text);
  const trailing = /^(.*?\D)\s*?(\d{3,})$/u.exec(text);
  if (leading !== null && trailing !== null) {
    record.name = text;
    doubt(record, 'nameOrNumber');
  } else if (leading !== null) {
    [record.number, record.name] = [leading[1] ?? '', leading[2] ?? ''];
  } else if (trailing !== null) {
    [record.name, record.number] = [(trailing[1] ?? '').trimEnd(), trailing[2] ?? ''];
  } else {
    record.name = text;
  }
}

/**
 * Reads the column of the dialled number or the caller of Panasonic PBXs.
 *
 * @returns `call` when the record is one; `other` when the column tells something else (a log-in, a reminder)
 * @source Panasonic KX-NS1000 Feature Guide p. 222, KX-TDA200 Feature Guide p. 219, KX-TA616 p. 3-56
 */
export function readDial(record: Draft, text: string): 'call' | 'other' {
  if (isDigits(text)) {
    record.direction = 'out';
    record.number = text;
    return 'call';
  }
  if (text === '') return 'call';
  const first = text.charCodeAt(0);
  if (first === 60 || first > 64 || text.endsWith('EXT')) return readWords(record, text);
  return readDialled(record, text);
}

function readWords(record: Draft, text: string): 'call' | 'other' {
  // What nearly every incoming call has.
  const usual = text.startsWith('<I>') ? 3 : text.startsWith('< incoming >') ? 12 : 0;
  if (usual > 0) {
    record.direction = 'in';
    readCaller(record, text.slice(usual).trim());
    return 'call';
  }
  const did = /^<D>(.*?)<I>(.*)$/iu.exec(text);
  if (did !== null) {
    record.direction = 'in';
    if (did[1]) record.did = did[1].trim();
    readCaller(record, (did[2] ?? '').trim());
    return 'call';
  }
  const disa = DISA.exec(text);
  if (disa !== null) {
    record.direction = 'in';
    record.code ??= 'DISA';
    readCaller(record, text.slice(disa[0].length));
    return 'call';
  }
  const incoming = INCOMING.exec(text);
  if (incoming !== null) {
    record.direction = 'in';
    readCaller(record, text.slice(incoming[0].length));
    return 'call';
  }
  const intercom = INTERCOM.exec(text);
  if (intercom !== null) {
    record.direction = 'internal';
    record.number = intercom[1] ?? intercom[2] ?? '';
    return 'call';
  }
  return /^[FPX]/u.test(text) ? readDialled(record, text) : 'other';
}

/** `=` ends the code of a host PBX, `F` is a flash, `P` a pause, `.` and `X` hide digits, `-` begins what was dialled after a transfer. */
function readDialled(record: Draft, text: string): 'call' | 'other' {
  if (!/^[0-9*#PFX.=+/-]+$/u.test(text)) return 'other';
  record.direction = 'out';
  const host = text.lastIndexOf('=');
  const dialled = host < 0 ? text : text.slice(host + 1);
  const transferred = dialled.indexOf('-', 1);
  const own = transferred < 0 ? dialled : dialled.slice(0, transferred);
  if (transferred >= 0) record.transfer = 'to';
  if (/^F\/?/u.test(own)) record.flash = 'flash';
  const digits = own.replace(/^F\/?/u, '').replace(/[P]/gu, '').replace(/X/gu, '.');
  if (/[F/+=-]/u.test(digits)) doubt(record, 'fieldUnreadable');
  if (digits.includes('.')) doubt(record, 'digitsHidden');
  if (digits !== '') record.number = digits;
  return 'call';
}

/** Writes what {@link readDial} reads. */
export function writeDial({ direction, number, name, did, flash, code }: Draft): string {
  if (direction === 'internal') return `EXT${number ?? ''}`;
  if (direction === 'out' || direction === 'unknown') return `${flash ? 'F/' : ''}${number ?? ''}`;
  // Shorter ones would be read as a part of the name.
  if (name !== undefined && number !== undefined && number.length < 3) throw misfit('name');
  const caller = name === undefined ? (number ?? '') : number === undefined ? name : `${number} ${name}`;
  if (code === 'DISA') return `<DISA incoming>${caller}`;
  return `${did === undefined ? '' : `<D>${did}`}<I>${caller}`;
}
