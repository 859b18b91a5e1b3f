import { CtiError } from '@cordboard/cti-core';
import { inMs, type Time } from '../floor/time.js';
import type { PbxScenario } from './scenario.js';

const ACTS = 'dial press lift hangUp hold retrieve transfer conference park unpark pickUp forward dndOn dndOff'.split(
  ' ',
);
const TIMES = ['after', 'every', 'for', 'patience', 'talkFor', 'ringFor', 'callEvery', 'dialEvery', 'insideEvery'];

/** Is this a scenario of a PBX? What its own options refuse is said when it is made. @throws {CtiError} `config.invalid` naming the entry and what was expected there */
export function readPbxScenario(value: unknown): PbxScenario {
  const root = record(value, 'scenario');
  list(root.phones, 'phones', (item, path) => {
    const phone = record(item, path);
    text(phone.number, `${path}.number`);
    if (phone.does !== undefined) oneOf(phone.does, `${path}.does`, ['answer', 'ring', 'reject']);
    if (phone.kind !== undefined) oneOf(phone.kind, `${path}.kind`, ['keyTelephone', 'plain']);
  });
  list(root.callers, 'callers', (item, path) => {
    const caller = record(item, path);
    if (caller.line !== undefined) number(caller.line, `${path}.line`);
    if (caller.presentation !== undefined)
      oneOf(caller.presentation, `${path}.presentation`, ['number', 'withheld', 'unavailable', 'payphone', 'overseas']);
    if (caller.nameBytes !== undefined && !/^([0-9a-f]{2})*$/i.test(String(caller.nameBytes))) {
      refuse(`${path}.nameBytes`, 'bytes in hexadecimal');
    }
  });
  list(root.acts, 'acts', (item, path) => {
    const act = record(item, path);
    text(act.phone, `${path}.phone`);
    time(act.after, `${path}.after`);
    oneOf(act.does, `${path}.does`, ACTS);
  });
  list(root.troubles, 'troubles', (item, path) => {
    const trouble = record(item, path);
    time(trouble.after, `${path}.after`);
    time(trouble.for, `${path}.for`);
    oneOf(trouble.what, `${path}.what`, ['losePower', 'pullCable', 'stall']);
  });
  list(root.parameters, 'parameters', (item, path) => {
    const parameter = record(item, path);
    for (const name of ['item', 'index', 'field']) number(parameter[name], `${path}.${name}`);
    if (parameter.value === undefined) refuse(`${path}.value`, 'a value');
  });
  if (root.outside !== undefined) {
    for (const [name, far] of Object.entries(record(root.outside, 'outside'))) farEnd(far, `outside.${name}`);
  }
  if (root.otherwise !== undefined) farEnd(root.otherwise, 'otherwise');
  times(value, 'scenario');
  return value as PbxScenario;
}

function refuse(path: string, expected: string): never {
  throw new CtiError('config.invalid', `${path}: expected ${expected}`, { details: { path, expected } });
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'an object');
  return value as Record<string, unknown>;
}

function text(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') refuse(path, 'a text');
}

function number(value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) refuse(path, 'a whole number');
}

function time(value: unknown, path: string): void {
  try {
    inMs(value as Time);
  } catch {
    refuse(path, 'a length of time: ms, or a text such as 4s');
  }
}

function oneOf(value: unknown, path: string, words: readonly string[]): void {
  if (!words.includes(String(value))) refuse(path, words.join(', '));
}

function list(value: unknown, path: string, each: (item: unknown, path: string) => void): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse(path, 'a list');
  for (const [n, item] of value.entries()) each(item, `${path}[${n}]`);
}

function farEnd(value: unknown, path: string): void {
  oneOf(record(value, path).does, `${path}.does`, ['answer', 'busy', 'ring']);
}

/** Every length of time, wherever it stands. */
function times(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${name}]` : path === 'scenario' ? name : `${path}.${name}`;
    if (TIMES.includes(name) && item !== undefined) time(item, at);
    else times(item, at);
  }
}
