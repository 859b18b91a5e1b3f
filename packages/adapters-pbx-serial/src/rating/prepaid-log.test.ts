import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLineFile } from '../hotel/ledger/line-file.js';
import type { CreditAccount, Payer } from './credit.js';
import { type PrepaidEntry, PrepaidLog } from './prepaid-log.js';

const payer = (id: string): Payer => ({ by: 'extension', id });
const account = (id: string, balanceMinor: number): CreditAccount => ({
  payer: payer(id),
  balanceMinor,
  normalClass: '2',
  restrictedClass: '6',
  state: balanceMinor > 0 ? 'normal' : 'restricted',
});
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordboard-balances-'));
  file = join(folder, 'balances.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts entries into the file of an earlier run. */
async function earlier(entries: readonly PrepaidEntry[]): Promise<void> {
  const lines = await openLineFile(file);
  await lines.append(entries.map((entry) => JSON.stringify(entry)));
  await lines.close();
}
const seen = (log: PrepaidLog) => ({
  balances: Object.fromEntries(log.accounts.map((one) => [one.payer.id, one.balanceMinor])),
  states: Object.fromEntries(log.accounts.map((one) => [one.payer.id, one.state])),
  applied: ['101', '102', '103'].map((id) => log.applied(payer(id))),
  refs: ['paid', 'month', 'never'].filter((ref) => log.hasRef(ref)),
  cursor: log.cursor,
  damaged: log.damaged,
});
const lineCount = async (): Promise<number> => (await readFile(file, 'utf8')).trimEnd().split('\n').length;

const LIFE: readonly PrepaidEntry[] = [
  { t: 'account', account: account('101', 100) },
  { t: 'account', account: account('102', 50), applied: '2' },
  { t: 'account', account: account('103', 70), applied: '2' },
  { t: 'applied', payer: payer('101'), to: '2' },
  {
    t: 'calls',
    cursor: { '2026-11': 90 },
    charges: [
      [payer('101'), 30],
      [payer('102'), 60],
      [payer('9'), 5],
    ],
  },
  { t: 'credit', payer: payer('101'), amountMinor: 7, ref: 'paid' },
  { t: 'renew', payer: payer('102'), quotaMinor: 0, ref: 'month' },
  { t: 'closed', payer: payer('103') },
];
const AFTER = {
  balances: { '101': 77, '102': 0 },
  states: { '101': 'normal', '102': 'restricted' },
  applied: ['2', '2', undefined],
  refs: ['paid', 'month'],
  cursor: { '2026-11': 90 },
  damaged: 0,
};

test('what has happened is what the lines say, also after a restart', async () => {
  const log = await PrepaidLog.open(file);
  for (const entry of LIFE) await log.write(entry);
  expect(seen(log)).toEqual(AFTER);
  await log.close();
  const again = await PrepaidLog.open(file);
  expect(seen(again)).toEqual(AFTER);
  await again.close();
  expect(await lineCount()).toBe(LIFE.length);
});

test('a file that has grown long is written anew, once: balances, classes, payments and the place in the archive are the same', async () => {
  const many = Array.from({ length: 20_000 }, (): PrepaidEntry => ({ t: 'applied', payer: payer('101'), to: '6' }));
  await earlier([...many, ...LIFE]);
  const log = await PrepaidLog.open(file);
  expect([seen(log), await lineCount()]).toEqual([AFTER, 20_000 + LIFE.length]);
  await log.write({ t: 'applied', payer: payer('102'), to: '6' });
  const now = { ...AFTER, applied: ['2', '6', undefined] };
  expect([seen(log), await lineCount()]).toEqual([now, 3]);
  const reader = await PrepaidLog.open(file);
  expect(seen(reader)).toEqual(now);
  await reader.close();
  await log.write({ t: 'calls', cursor: { '2026-11': 120 }, charges: [[payer('101'), 10]] });
  const later = { ...now, balances: { '101': 67, '102': 0 }, cursor: { '2026-11': 120 } };
  expect([seen(log), await lineCount()]).toEqual([later, 4]);
  await log.close();
  const again = await PrepaidLog.open(file);
  expect(seen(again)).toEqual(later);
  await again.close();
});
