import { expect, test } from 'vitest';
import { attachKeypad, type PbxNews, Scheduler, serialPbx } from '../../src/index.js';

test('a telephone of the virtual PBX programs it by keys, and the host is told', () => {
  const clock = new Scheduler(Date.UTC(2026, 10, 22));
  const sim = serialPbx({ clock, lines: 4, extensions: 8 }).start();
  const detach = attachKeypad(sim.pbx);
  const news: PbxNews[] = [];
  sim.pbx.subscribe((one) => news.push(one));
  const tones = (): string[] => news.splice(0).flatMap((one) => (one.type === 'tone' ? [one.tone] : []));
  const phone = sim.phone('803');
  const key = (digits: string): string | undefined => {
    phone.dial(digits);
    clock.runTo(clock.nowMs() + digits.length * 200 + 50);
    return tones().at(-1);
  };

  phone.lift();
  expect(key('#7871967590')).toBe('dial');
  expect(phone.status?.state).toBe('programming');
  expect(key('14')).toBe('longBeep');
  expect(key('002*45#')).toBe('dial');
  expect(sim.pbx.parameters.number(2, 2, 1)).toBe(4);
  expect(key('02')).toBe('longBeep');
  phone.dial('03*00021#');
  clock.runTo(clock.nowMs() + 2_000);
  expect(news.filter(({ type }) => type === 'parameter')).toMatchObject([
    { item: 31, index: 3, field: 1, by: 'telephone' },
    { item: 26, index: 3, field: 1, by: 'telephone' },
  ]);
  expect([sim.pbx.parameters.number(31, 3), sim.pbx.parameters.number(26, 3)]).toEqual([900, 1]);
  expect(key('15')).toBe('longBeep');
  expect(key('07*00#')).toBe('dial');
  expect(sim.pbx.parameters.text(24, 7)).toBe('00');
  expect(key('00')).toBe('longBeep');
  expect(key('27*01*31*23*59#')).toBe('dial');
  expect(Math.abs(sim.pbx.now() - Date.UTC(2027, 0, 31, 23, 59))).toBeLessThan(1_000);
  expect(key('01')).toBe('longBeep');
  expect(key('09*10110#')).toBe('busy');
  phone.hangUp();
  clock.runTo(clock.nowMs() + 1_000);
  tones();

  phone.lift();
  expect(key('#7871967591')).toBe('busy');
  phone.hangUp();
  clock.runTo(clock.nowMs() + 1_000);
  detach();
  phone.lift();
  expect(key('#7871967590')).not.toBe('dial');
});
