import { isCtiError } from '@cordboard/cti-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BACKUP_FORMAT, type Backup, checksumOf, formatBackup, parseBackup } from './backup-file.js';

const backup: Backup = {
  format: BACKUP_FORMAT,
  version: 1,
  profile: 'kts-bin/1',
  takenAt: '2026-11-22T11:00:00.000Z',
  groups: ['extensions', 'dialling'],
  secrets: 'included',
  parameters: [
    { id: 'extension.number', index: 1, value: '801' },
    { id: 'allowedLines.day', index: 801, value: [1, 2, 8] },
    { id: 'speedDial.name', index: 1, value: '经理 "A"\\' },
    { id: 'personalPassword.class', index: 3, value: 2, secret: 'secret' },
    { id: 'doNotDisturb', index: 801, value: false },
  ],
  unread: [{ id: 'economyRoute', index: 801, code: 'unsupported' }],
};
const text = formatBackup(backup);

test('a file is read as it was written, and has one form', () => {
  expect(parseBackup(text)).toEqual(backup);
  expect(formatBackup(parseBackup(text))).toBe(text);
  expect(text.split('\n').filter((line) => line.includes('"value"'))).toHaveLength(backup.parameters.length);
});

test('the checksum does not depend on the order of keys, and on everything else', () => {
  const { format, version, ...rest } = backup;
  expect(checksumOf({ ...rest, version, format })).toBe(checksumOf(backup));
  expect(checksumOf({ ...backup, takenAt: '2026-11-22T11:00:01.000Z' })).not.toBe(checksumOf(backup));
  expect(checksumOf({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
});

test('whatever one character is changed to, a file is refused or says the same', () => {
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'0129abXZ"{}[],: \n'), (at, by) => {
      const changed = `${text.slice(0, at)}${by}${text.slice(at + 1)}`;
      try {
        expect(parseBackup(changed)).toEqual(backup);
      } catch (error) {
        expect(isCtiError(error, 'config.invalid'), String(error)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('cut anywhere, or anything else: refused, never thrown otherwise', () => {
  const inputs = [...Array(text.length - 2).keys()].map((at) => text.slice(0, at));
  for (const input of [...inputs, 'null', '1', '[]', '{"version":9}', '{"version":1}', '\u0000']) {
    let code: string | undefined = 'taken';
    try {
      parseBackup(input);
    } catch (error) {
      code = isCtiError(error) ? error.code : undefined;
    }
    expect(code).toBe('config.invalid');
  }
});
