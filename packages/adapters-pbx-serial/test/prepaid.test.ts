import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CtiError } from '@cordboard/cti-core';
import { filesAtRest, SimulatedClock } from '@cordboard/driver-kit/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KtsProgramming } from '../src/programming/index.js';
import {
  type ClassControl,
  correctionsOf,
  firstClassControl,
  hotelClassControl,
  openPrepaid,
  type Payer,
  type Prepaid,
  type PrepaidSink,
  passwordClassControl,
  type RateTable,
  rateBook,
  recompute,
} from '../src/rating/index.js';
import { openSmdrArchive, type SmdrArchive, type SmdrRecord } from '../src/smdr/index.js';
import { randomOf } from './kts/line.js';
import { FakeSwitch } from './programming/fake-switch.js';
import { naiveCost } from './rating-oracle.js';

const TABLE: RateTable = {
  currency: 'CNY',
  rates: [
    { prefix: '', kind: 'local', firstMs: 60_000, firstPrice: 10, unitMs: 60_000, unitPrice: 10 },
    { prefix: '0', kind: 'longDistance', firstMs: 6_000, firstPrice: 7, unitMs: 6_000, unitPrice: 7 },
  ],
};
const payer = (id: string, by: Payer['by'] = 'extension'): Payer => ({ by, id });
let place: { folder: string; file: string; archive: SmdrArchive };
const open: Prepaid[] = [];
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-prepaid-'));
  place = { folder, file: join(folder, 'balances.log'), archive: openSmdrArchive(join(folder, 'calls')) };
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((desk) => desk.stop()));
  await rm(place.folder, { recursive: true, force: true });
});

/** A PBX whose classes can be looked at, and that may refuse. */
function pbx(): ClassControl & { readonly classes: Map<string, string>; orders: number; refuse: unknown } {
  const classes = new Map<string, string>();
  return {
    classes,
    orders: 0,
    refuse: undefined,
    async setClass({ by, id }, to) {
      this.orders += 1;
      if (this.refuse !== undefined) throw this.refuse;
      classes.set(`${by} ${id}`, to);
    },
  };
}
async function desk(
  control: ClassControl,
  sink: PrepaidSink = {},
  clock = new SimulatedClock(0, { between: filesAtRest }),
): Promise<Prepaid> {
  const made = await openPrepaid({
    clock,
    file: place.file,
    book: rateBook(TABLE),
    archive: place.archive,
    control,
    sink,
  });
  open.push(made);
  return made;
}
const call = (extension: string, minutes: number, more: Partial<SmdrRecord> = {}): SmdrRecord => ({
  start: '2026-11-22T10:00:00',
  durationMs: minutes * 60_000,
  direction: 'out',
  extension,
  number: '5551234',
  doubts: [],
  raw: `${extension} ${minutes}`,
  ...more,
});
const account = (id: string, balanceMinor: number, more: Partial<Payer> = {}) => ({
  payer: { ...payer(id), ...more },
  balanceMinor,
  normalClass: '2',
  restrictedClass: '6',
  warnAtMinor: 20,
});

describe('a pre-paid balance', () => {
  test('is charged, warns once, drops the class at nothing left, and restores it when something is paid', async () => {
    const control = pbx();
    const told: string[] = [];
    const made = await desk(control, {
      charged: (one) => told.push(`charged ${one.account.balanceMinor}`),
      warned: (one) => told.push(`warned ${one.balanceMinor}`),
      classSet: ({ id }, to) => told.push(`${id} class ${to}`),
    });
    await made.openAccount(account('101', 50));
    await made.start();
    await filesAtRest();
    expect(control.classes.get('extension 101')).toBe('2');
    await place.archive.append([call('101', 3), call('102', 9), call('101', 0)]);
    made.callsCame();
    await made.settled();
    await place.archive.append([call('101', 2)]);
    made.callsCame();
    made.callsCame();
    await made.settled();
    await filesAtRest();
    expect(made.accounts).toMatchObject([{ balanceMinor: 0, state: 'restricted' }]);
    expect(control.classes.get('extension 101')).toBe('6');
    await made.credit(payer('101'), { amountMinor: 30, ref: 'r1' });
    await made.credit(payer('101'), { amountMinor: 30, ref: 'r1' });
    await filesAtRest();
    expect(made.accounts).toMatchObject([{ balanceMinor: 30, state: 'normal' }]);
    expect(control.classes.get('extension 101')).toBe('2');
    expect(told).toEqual(['101 class 2', 'charged 20', 'warned 20', 'charged 0', '101 class 6', '101 class 2']);
  });

  test.each<[Payer['by'], Partial<SmdrRecord>]>([
    ['personalPassword', { personalCode: '12', disaCode: 'D1', accountCode: '99' }],
    ['disaPassword', { disaCode: 'D1', accountCode: '99' }],
    ['accountCode', { accountCode: '99' }],
    ['extension', {}],
  ])('of a %s pays before that of the extension', async (by, more) => {
    const control = pbx();
    const made = await desk(control);
    const id = { personalPassword: '12', disaPassword: 'D1', accountCode: '99', extension: '101' }[by];
    for (const one of new Set(['101', id])) await made.openAccount(account(one, 100, one === id ? { by } : {}));
    await place.archive.append([call('101', 2, more)]);
    await made.start();
    const paid = made.accounts.filter(({ balanceMinor }) => balanceMinor === 80);
    expect(paid.map(({ payer: who }) => who)).toEqual([{ by, id }]);
  });

  test('has one account, of known amounts', async () => {
    const made = await desk(pbx());
    await made.openAccount(account('101', 50));
    await expect(made.openAccount(account('101', 50))).rejects.toThrow('resource.conflict');
    await expect(made.openAccount(account('102', 0.5))).rejects.toThrow('argument.invalid');
    await expect(made.credit(payer('103'), { amountMinor: 1, ref: 'x' })).rejects.toThrow('resource.notFound');
    await expect(made.credit(payer('101'), { amountMinor: 1.5, ref: 'x' })).rejects.toThrow('argument.invalid');
    await made.credit(payer('101'), { amountMinor: 1, ref: 'x' });
    await made.renew(payer('101'), { quotaMinor: 500, ref: 'y' });
    // What is refused is not paid: its reference is free.
    await expect(made.renew(payer('101'), { quotaMinor: -1, ref: 'z' })).rejects.toThrow('argument.invalid');
    expect(made.accounts).toMatchObject([{ balanceMinor: 500 }]);
    await made.renew(payer('101'), { quotaMinor: 600, ref: 'z' });
    await made.renew(payer('101'), { quotaMinor: 900, ref: 'z' });
    await made.credit(payer('101'), { amountMinor: 900, ref: 'z' });
    expect(made.accounts).toMatchObject([{ balanceMinor: 600 }]);
    await made.closeAccount(payer('101'));
    await made.openAccount(account('101', 7));
    expect(made.accounts).toMatchObject([{ balanceMinor: 7 }]);
  });

  test('is charged by the rates of the moment', async () => {
    const made = await desk(pbx());
    await made.openAccount(account('101', 100));
    await place.archive.append([call('101', 1)]);
    await made.start();
    made.useRates(rateBook({ ...TABLE, rates: TABLE.rates.map((rate) => ({ ...rate, firstPrice: 25 })) }));
    await place.archive.append([call('101', 1)]);
    made.callsCame();
    await made.settled();
    expect(made.accounts).toMatchObject([{ balanceMinor: 100 - 10 - 25 }]);
  });

  test('that is closed orders nothing any more, and what comes after the stop is nobody’s', async () => {
    const [control, clock, failed] = [pbx(), new SimulatedClock(), [] as unknown[]];
    const made = await desk(
      control,
      { classFailed: () => failed.push('class'), failed: (error) => failed.push(error) },
      clock,
    );
    control.refuse = new CtiError('driver.timeout', 'no answer');
    await made.openAccount(account('101', 50));
    await vi.waitFor(() => expect(failed).toEqual(['class']));
    await made.closeAccount(payer('101'));
    made.setClassesAgain();
    await clock.tick(600_000);
    expect([control.orders, failed]).toEqual([1, ['class']]);
    await made.stop();
    await place.archive.append([call('101', 1)]);
    made.callsCame();
    await made.settled();
    expect(failed).toEqual(['class']);
  });

  test('a call without a price is told and takes nothing', async () => {
    const told: unknown[] = [];
    const made = await desk(pbx(), { unrated: ({ charge }) => told.push(charge) });
    await made.openAccount(account('101', 50));
    const { durationMs: _length, ...endless } = call('101', 1);
    await place.archive.append([endless]);
    await made.start();
    expect(told).toEqual([{ outcome: 'unrated', reason: 'noDuration' }]);
    expect(made.accounts).toMatchObject([{ balanceMinor: 50 }]);
  });
});

describe('classes at the PBX', () => {
  test('a PBX that does not answer is asked again, with the class that is wanted by then', async () => {
    const [control, clock, failed] = [pbx(), new SimulatedClock(0, { between: filesAtRest }), [] as unknown[]];
    const made = await desk(control, { classFailed: (_payer, error) => failed.push(error) }, clock);
    control.refuse = new CtiError('driver.timeout', 'no answer');
    await made.openAccount(account('101', 10));
    await place.archive.append([call('101', 5)]);
    await made.start();
    await filesAtRest();
    const before = control.orders;
    control.refuse = undefined;
    await clock.tick(5_000);
    await filesAtRest();
    expect([before >= 1, control.classes.get('extension 101'), control.orders]).toEqual([true, '6', before + 1]);
    expect(failed.length).toBe(before);
    made.setClassesAgain();
    await filesAtRest();
    expect(control.orders).toBe(before + 2);
    await made.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  test('what the PBX can never do is told once', async () => {
    const [control, clock, failed] = [pbx(), new SimulatedClock(0, { between: filesAtRest }), [] as unknown[]];
    control.refuse = new CtiError('device.notSupported', 'no');
    const made = await desk(control, { classFailed: (_payer, error) => failed.push(error) }, clock);
    await made.openAccount(account('101', 10));
    await clock.tick(3_600_000);
    expect([failed.length, clock.pendingTimers]).toEqual([1, 0]);
  });

  test('by the hotel facet: classes of extensions, as numbers', async () => {
    const orders: unknown[] = [];
    const control = hotelClassControl(
      { carryOut: async (command) => void orders.push(command) },
      (extension) => `main:extension:${extension}` as never,
    );
    const { signal } = new AbortController();
    await control.setClass(payer('101'), '6', { signal });
    expect(orders).toEqual([{ type: 'classOfService', room: 'main:extension:101', classOfService: 6 }]);
    await expect(control.setClass(payer('7', 'accountCode'), '6', { signal })).rejects.toThrow('device.notSupported');
    await expect(control.setClass(payer('101'), 'six', { signal })).rejects.toThrow('argument.invalid');
  });
});

describe('who dials by a password', () => {
  const places = new Map([
    ['personalPassword 31', 3],
    ['accountCode 77', 7],
    ['disaPassword 4', 14],
  ]);
  const placeOf = ({ by, id }: Payer): number | undefined => places.get(`${by} ${id}`);
  const orders: unknown[] = [];
  const controlOf = (there: FakeSwitch, word = there.password): ClassControl =>
    firstClassControl([
      hotelClassControl(
        { carryOut: async (order) => void orders.push(order) },
        (ext) => `main:extension:${ext}` as never,
      ),
      passwordClassControl(new KtsProgramming(there), { placeOf, systemPassword: () => word }),
    ]);

  test.each([
    ['personalPassword', '31', 3],
    ['accountCode', '77', 7],
    ['disaPassword', '4', 14],
  ] as const)('%s: barred at the PBX when nothing is left, and restored', async (by, id, place) => {
    const there = new FakeSwitch();
    const failed: unknown[] = [];
    const set: string[] = [];
    const made = await desk(controlOf(there), {
      classSet: (_payer, to) => set.push(to),
      classFailed: (_payer, error) => failed.push(error),
    });
    const normal = { balanceMinor: 30, normalClass: '2', restrictedClass: '6' };
    await made.openAccount({ payer: payer(id, by), ...normal });
    await vi.waitFor(() => expect(there.raw(21, 2, place)).toEqual(Uint8Array.of(2)));
    await made.credit(payer(id, by), { amountMinor: -30, ref: 'all of it' });
    await vi.waitFor(() => expect(there.raw(21, 2, place)).toEqual(Uint8Array.of(6)));
    await made.credit(payer(id, by), { amountMinor: 5, ref: 'paid' });
    await vi.waitFor(() => expect(there.raw(21, 2, place)).toEqual(Uint8Array.of(2)));
    await vi.waitFor(() => expect(set).toEqual(['2', '6', '2']));
    expect(failed).toEqual([]);
    expect(there.raw(21, 2, place + 1)).toEqual(Uint8Array.of(1));
  });

  test('a wrong system password is told once, and does not lock the PBX by being tried again', async () => {
    const [there, clock, failed] = [new FakeSwitch(), new SimulatedClock(0, { between: filesAtRest }), [] as unknown[]];
    const made = await desk(controlOf(there, 'wrong'), { classFailed: (_payer, error) => failed.push(error) }, clock);
    await made.openAccount({ ...account('101', 10), payer: payer('77', 'accountCode') });
    await vi.waitFor(() => expect(failed).toMatchObject([{ code: 'auth.forbidden' }]));
    await clock.tick(3_600_000);
    expect([failed.length, clock.pendingTimers]).toEqual([1, 0]);
    expect(there.asked.filter(({ type }) => type === 'login')).toHaveLength(1);
  });

  test('who has no password, and a class that the PBX does not have, are told as what can never be', async () => {
    const control = controlOf(new FakeSwitch());
    const { signal } = new AbortController();
    await expect(control.setClass(payer('78', 'accountCode'), '6', { signal })).rejects.toThrow('device.notSupported');
    await expect(control.setClass(payer('77', 'accountCode'), '7', { signal })).rejects.toThrow('argument.invalid');
    await control.setClass(payer('101'), '6', { signal });
    expect(orders).toEqual([{ type: 'classOfService', room: 'main:extension:101', classOfService: 6 }]);
  });
});

describe('after a crash', () => {
  test('wherever the file of balances is cut, every call is charged once', { timeout: 180_000 }, async () => {
    const random = randomOf(9);
    const first = await desk(pbx());
    const owners = ['101', '102', '103'];
    for (const id of owners) await first.openAccount(account(id, 10_000));
    const records: SmdrRecord[] = [];
    for (let block = 0; block < 8; block += 1) {
      const calls = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
        call(owners[Math.floor(random() * 3)] ?? '', Math.floor(random() * 9), {
          number: random() < 0.5 ? '0571555' : '5551234',
          start: `2026-${random() < 0.5 ? '10' : '11'}-22T10:00:00`,
        }),
      );
      records.push(...calls);
      await place.archive.append(calls);
      first.callsCame();
      await first.settled();
    }
    await first.stop();
    const want = owners.map((id) => {
      const own = records.filter(({ extension }) => extension === id);
      return 10_000 - own.reduce((sum, record) => sum + Number(naiveCost(record, TABLE)), 0);
    });
    const whole = await readFile(place.file);
    const opened = whole.indexOf('\n', whole.lastIndexOf('"t":"account"')) + 1;
    expect(opened).toBeGreaterThan(100);
    for (let at = opened; at <= whole.length; at += 7) {
      await writeFile(place.file, whole.subarray(0, at));
      const again = await desk(pbx());
      await again.start();
      expect(again.accounts.map(({ balanceMinor }) => balanceMinor)).toEqual(want);
      expect(again.damaged).toBeLessThanOrEqual(1);
      await again.stop();
    }
  });

  test('a block that is half written when the archive is read is charged when it is whole', async () => {
    const made = await desk(pbx());
    await made.openAccount(account('101', 1_000));
    await place.archive.append([call('101', 1)]);
    const file = join(place.folder, 'calls', 'smdr-2026-11.jsonl');
    const one = await readFile(file);
    await made.start();
    await place.archive.append([call('101', 4)]);
    const both = await readFile(file);
    await copyFile(file, `${file}.whole`);
    for (let at = one.length; at < both.length; at += 5) {
      await writeFile(file, both.subarray(0, at));
      made.callsCame();
      await made.settled();
      expect(made.accounts).toMatchObject([{ balanceMinor: 990 }]);
    }
    await writeFile(file, both);
    made.callsCame();
    await made.settled();
    expect(made.accounts).toMatchObject([{ balanceMinor: 950 }]);
  });
});

test('a month that is rated anew gives back and takes what differs', async () => {
  const made = await desk(pbx());
  await made.openAccount(account('101', 1_000));
  const month = [call('101', 3), call('102', 3), call('101', 1, { accountCode: '9' })];
  await place.archive.append(month);
  await made.start();
  const cheaper: RateTable = {
    ...TABLE,
    rates: TABLE.rates.map((rate) => ({ ...rate, firstPrice: rate.firstPrice - 5 })),
  };
  const report = recompute(month, rateBook(TABLE), rateBook(cheaper));
  const corrections = correctionsOf(report, ({ by, id }) => by === 'extension' && id === '101');
  expect(corrections).toEqual([{ payer: payer('101'), amountMinor: 10 }]);
  for (const { payer: who, amountMinor } of corrections)
    await made.credit(who, { amountMinor, ref: 'rates of 2026-11' });
  expect(made.accounts).toMatchObject([{ balanceMinor: 1_000 - 30 - 10 + 10 }]);
});
