import { CtiError } from '@cordboard/cti-core';
import { inMs, type Time } from '../floor/time.js';
import type { EslScenario } from './scenario.js';

/** Is this a scenario? @throws {CtiError} `config.invalid` naming the entry and what was expected there */
export function readScenario(value: unknown): EslScenario {
  const root = record(value, 'scenario');
  list(root.extensions, 'extensions', (item, path) => (typeof item === 'string' ? undefined : phone(item, path)));
  list(root.outside, 'outside', phone);
  list(root.trunks, 'trunks', text);
  list(root.callers, 'callers', (item, path) => {
    const one = record(item, path);
    text(one.number, `${path}.number`);
    text(one.dials, `${path}.dials`);
    time(one.after, `${path}.after`);
    time(one.every, `${path}.every`);
    list(one.does, `${path}.does`, step);
  });
  list(root.dialplan, 'dialplan', rule);
  return value as EslScenario;
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

function time(value: unknown, path: string): void {
  if (value === undefined) return;
  try {
    inMs(value as Time);
  } catch {
    refuse(path, 'a length of time: ms, or a text such as 4s');
  }
}

function list(value: unknown, path: string, each: (item: unknown, path: string) => void): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) refuse(path, 'a list');
  for (const [n, item] of value.entries()) each(item, `${path}[${n}]`);
}

function phone(value: unknown, path: string): void {
  const one = record(value, path);
  text(one.number, `${path}.number`);
  time(one.after, `${path}.after`);
  const { habit } = one;
  if (habit !== undefined && !['answer', 'ring', 'reject', 'busy'].includes(String(habit))) {
    refuse(`${path}.habit`, 'answer, ring, reject or busy');
  }
}

function step(value: unknown, path: string): void {
  const one = record(value, path);
  const kinds = ['press', 'wait', 'talk', 'hangUp'].filter((kind) => kind in one);
  if (kinds.length !== 1) refuse(path, 'one of press, wait, talk, hangUp');
  time(one.after, `${path}.after`);
  time(one.wait, `${path}.wait`);
  time(one.talk, `${path}.talk`);
}

function rule(value: unknown, path: string): void {
  const one = record(value, path);
  text(one.number, `${path}.number`);
  if (!Array.isArray(one.apps)) refuse(`${path}.apps`, 'a list of applications');
  list(one.apps, `${path}.apps`, (app, where) => {
    const isPair = Array.isArray(app) && app.length === 2 && app.every((part) => typeof part === 'string');
    if (typeof app !== 'string' && !isPair) refuse(where, 'a name, or a name and its data');
  });
}
