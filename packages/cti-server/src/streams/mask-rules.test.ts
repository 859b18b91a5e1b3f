import { normalise } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { floorConfig } from '../../test/support/floor.js';
import { readServerConfig } from '../config/read.js';
import { MaskRules } from './mask-rules.js';
import { References } from './references.js';

const { tenant } = readServerConfig({ ...floorConfig('unused'), switches: { main: () => undefined } });
const rulesOf = (maskClass: 'masked' | 'hidden') =>
  new MaskRules(maskClass, tenant, new References(new Uint8Array(32), 'main'));
const masked = rulesOf('masked');
const hidden = rulesOf('hidden');
const numberOf = (number: string) => normalise({ number, presentation: 'allowed' }, tenant.dialPlan);

const mobile = numberOf('13912345678');
const abroad = numberOf('+33698765432');

describe('a number in a text', () => {
  test.each([
    ['13912345678', mobile],
    ['+8613912345678', mobile],
    ['0086 139 1234 5678', mobile],
    ['139-1234-5678', mobile],
    ['139) 1234.5678', mobile],
    ['139 123 456 78', mobile],
    ['139/1234/5678', mobile],
    ['139_1234_5678', mobile],
    ['139·1234·5678', mobile],
    ['139]1234-5678', mobile],
    ['139–1234–5678', mobile],
    ['139\u00a01234\u00a05678', mobile],
    ['139\u200b1234\u200b5678', mobile],
    ['１３９１２３４５６７８', mobile],
    ['１３９－１２３４－５６７８', mobile],
    ['＋８６（１３９）１２３４５６７８', mobile],
    ['139+1234+5678', mobile],
    ['139%201234%205678', mobile],
    ['139%2D1234%2d5678', mobile],
    ['139%29%2012345678', mobile],
    ['%2B8613912345678', mobile],
    ['139%2E1234%2F5678', mobile],
    ['06 98 76 54 32', abroad],
    ['+33 6 98 76 54 32', abroad],
    ['+33.6.98.76.54.32', abroad],
  ])('is taken out as it is written: %s', (written, number) => {
    for (const [before, after] of [
      ['', ''],
      ['https://crm.example.com/?q=', '&p=1'],
      ['请回电 ', '，谢谢 3 times'],
    ]) {
      expect(masked.text(`${before}${written}${after}`, [number])).toBe(`${before}${masked.reference(number)}${after}`);
      expect(hidden.text(`${before}${written}${after}`, [number])).toBe(`${before}***${after}`);
    }
  });

  test('is taken out wherever it stands, and each one for its own reference', () => {
    const shown = masked.text('06 98 76 54 32, then 139 1234 5678; 13912345678', [mobile, abroad]);
    const [one, other] = [masked.reference(mobile), masked.reference(abroad)];
    expect(shown).toBe(`${other}, then ${one}; ${one}`);
  });

  test('leaves what is percent-encoded before it whole', () => {
    const found = masked.reference(mobile);
    expect(masked.text('?q=%E5%8F%B713912345678', [mobile])).toBe(`?q=%E5%8F%B7${found}`);
    expect(masked.text('?q=a%20%2B8613912345678', [mobile])).toBe(`?q=a%20${found}`);
    expect(masked.text('?q=%28139%29%2012345678', [mobile])).toBe(`?q=%28${found}`);
    expect(masked.text('?q=%5B13912345678', [mobile])).toBe(`?q=%5B${found}`);
    expect(masked.text('?q=%E5 13912345678', [mobile])).toBe(`?q=%E5 ${found}`);
    expect(masked.text('?q=%E5%20-13912345678', [mobile])).toBe(`?q=%E5%20-${found}`);
    expect(masked.text('5%12345678', [mobile])).toBe(`5${found}`);
    expect(masked.text('100%1-391-234-5678', [mobile])).toBe(`100%${found}`);
  });

  test('of nobody on the call stays, like all other digits', () => {
    for (const text of ['order 2026-11-22 / 4711', '13700000000', '1391234567', '12 34', '三 times 5', '']) {
      expect(masked.text(text, [mobile, abroad])).toBe(text);
    }
    expect(masked.text('13912345678', [])).toBe('13912345678');
  });

  test('costs no more for what is percent-encoded or written apart, however long it is', () => {
    const began = performance.now();
    for (const part of ['%20', '1%20', '12%2D ', '12   ', '%2', '%2 ', '１ ']) {
      const text = part.repeat(400_000 / part.length);
      expect(masked.text(text, [mobile]) === text).toBe(true);
    }
    // Some ms; minutes where each of them is looked for an end of its own.
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test('of five digits is one of five, and a shorter one is no secret', () => {
    const short = { raw: '95588', display: '95588', presentation: 'allowed' } as const;
    expect(masked.text('asked for 95588 and 9558', [short])).toBe(`asked for ${masked.reference(short)} and 9558`);
  });
});

describe('a number', () => {
  test.each(['8001', '4008001000', '4008002000', 'anonymous', ''])('that everybody may see: %j', (raw) => {
    const number = numberOf(raw);
    expect(masked.number(number)).toBe(number);
    expect(hidden.number(number)).toBe(number);
    expect(masked.isOpen(number)).toBe(true);
  });

  test('that nobody may see shows a reference and its ends to the class masked, nothing to the class hidden', () => {
    const presentation = 'allowed';
    expect(masked.number(mobile)).toEqual({
      raw: masked.reference(mobile),
      display: mobile.display.replace('1234', '****'),
      presentation,
    });
    expect(masked.number(mobile).display).not.toContain('1234');
    expect(hidden.number(mobile)).toEqual({ raw: '', display: '', presentation });
    expect([masked.isOpen(mobile), hidden.isOpen(mobile)]).toEqual([false, false]);
  });

  test('shows no end when it is short', () => {
    const short = { raw: '955880', display: '955880', presentation: 'allowed' } as const;
    expect(masked.number(short).display).toBe('***');
  });

  test('stays what it was once more numbers were told than are remembered', () => {
    const shown = masked.number(mobile);
    for (let index = 0; index < 1200; index += 1) masked.number(numberOf(`1370000${1000 + index}`));
    expect(masked.number(mobile)).toEqual(shown);
  });
});

describe('what was dialled', () => {
  test.each(['13912345678', '+86 139-1234-5678', '(0139) 1234.5678', '0013912345678', '13912345678#'])(
    'hides an outside number: %s',
    (text) => {
      expect(masked.dialled(text)).toMatch(/^ref:/u);
      expect(hidden.dialled(text)).toBe('***');
    },
  );

  test('hides how the number was spaced', () => {
    expect(masked.dialled('139 (1234) 56.78-')).toBe(masked.dialled('13912345678'));
  });

  test.each(['8001', '80 01', '4008001000', 'agent:ann', 'queue:support', 'ivr:main', '10086'])('shows %s', (text) => {
    expect(masked.dialled(text)).toBe(text);
  });
});

describe('the id of a device', () => {
  test('hides the number that it names', () => {
    expect(masked.device('main:external:13912345678')).toBe(`main:external:${masked.dialled('13912345678')}`);
    expect(hidden.device('main:external:13912345678')).toBe('main:external:***');
  });

  test.each(['main:extension:8001', 'main:line:3', 'nothing:external:'])('stays: %s', (id) => {
    expect(masked.device(id)).toBe(id);
  });
});
