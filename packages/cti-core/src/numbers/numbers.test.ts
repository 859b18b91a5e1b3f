import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId, type DeviceId, type DialPlan } from '../contract/index.js';
import {
  DEFAULT_EMERGENCY,
  isEmergency,
  isInternal,
  isOwnNumber,
  maskDigits,
  maskNumber,
  normalise,
  numberKey,
  planDial,
} from './index.js';

const beijing: DialPlan = {
  countryCode: '86',
  areaCode: '10',
  internal: [{ from: '8000', to: '8099' }],
  ownNumbers: ['010-65001000', '4008001000'],
  emergency: [],
};
const newYork: DialPlan = {
  countryCode: '1',
  areaCode: '212',
  nationalPrefix: '1',
  internationalPrefix: '011',
  internal: [],
  ownNumbers: [],
  emergency: ['911'],
};
const rome: DialPlan = { ...newYork, countryCode: '39', areaCode: '06', nationalPrefix: '', internationalPrefix: '00' };
const read = (number: string, plan = beijing) => normalise({ number, presentation: 'allowed' }, plan);

describe('normalise', () => {
  test.each([
    ['13912345678', '+8613912345678', '139 1234 5678'],
    ['013912345678', '+8613912345678', '139 1234 5678'],
    ['+8613912345678', '+8613912345678', '139 1234 5678'],
    ['8613912345678', '+8613912345678', '139 1234 5678'],
    ['008613912345678', '+8613912345678', '139 1234 5678'],
    ['１３９１２３４５６７８', '+8613912345678', '139 1234 5678'],
    ['\u202a139-1234 5678\u202c', '+8613912345678', '139 1234 5678'],
    ['01065001000', '+861065001000', '010 6500 1000'],
    ['+86 (0)10 6500 1000', '+861065001000', '010 6500 1000'],
    ['65001000', '+861065001000', '010 6500 1000'],
    ['075522334455', '+8675522334455', '0755 2233 4455'],
    ['03775123456', '+863775123456', '0377 512 3456'],
    ['861065001000', '+861065001000', '010 6500 1000'],
    ['4008001000', '+864008001000', '400 800 1000'],
    ['0012125551234', '+12125551234', '+12125551234'],
    ['+442079460000', '+442079460000', '+442079460000'],
  ])('%s of Beijing is %s', (text, e164, display) => {
    expect(read(text)).toMatchObject({ raw: text, e164, display, presentation: 'allowed' });
  });

  test.each([
    '8001',
    '110',
    '120',
    '10086',
    '95588',
    '96110',
    '12345',
    '',
    'anonymous',
    '*97',
    '#1',
    '+',
    '+0123456789',
    '00',
    '0',
  ])('%j of Beijing has no E.164 form', (text) => {
    expect(read(text)).toEqual({ raw: text, display: text, presentation: 'allowed' });
  });

  test.each([
    [newYork, '2125551234', '+12125551234', '12125551234'],
    [newYork, '12125551234', '+12125551234', '12125551234'],
    [newYork, '5551234', '+12125551234', '12125551234'],
    [newYork, '0118613912345678', '+8613912345678', '+8613912345678'],
    [rome, '0669812345', '+390669812345', '0669812345'],
    [rome, '3331234567', '+393331234567', '3331234567'],
  ])('other plans: %#', (plan, text, e164, display) => {
    expect(read(text, plan)).toMatchObject({ e164, display });
  });

  test('an extension as long as a local number is none', () => {
    const long = { ...beijing, internal: [{ from: '6500100', to: '6500199' }] };
    expect(read('6500150', long)).toEqual({ raw: '6500150', display: '6500150', presentation: 'allowed' });
    expect(read('6500200', long).e164).toBe('+86106500200');
  });

  test('a withheld number keeps its key and shows nothing', () => {
    const number = normalise({ number: '13912345678', presentation: 'withheld' }, beijing);
    expect(number).toMatchObject({ display: '', presentation: 'withheld', e164: '+8613912345678' });
  });

  test('is bounded and without control characters', () => {
    const number = read(`1\u00002\n${'3'.repeat(500)}`);
    expect(number.raw.length).toBeLessThanOrEqual(64);
    expect(number.raw.startsWith('123')).toBe(true);
  });

  test('own numbers, however written', () => {
    for (const text of ['+861065001000', '65001000', '01065001000', '4008001000']) {
      expect(isOwnNumber(read(text), beijing)).toBe(true);
    }
    for (const text of ['65001001', 'anonymous', '']) expect(isOwnNumber(read(text), beijing)).toBe(false);
  });

  test('is total, and reading an E.164 form again gives the same', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 80, unit: 'grapheme' }), fc.stringMatching(/^[+0-9*#, -]{0,20}$/)),
        fc.constantFrom(beijing, newYork, rome),
        (text, plan) => {
          const number = read(text, plan);
          if (number.e164 === undefined) return;
          expect(number.e164).toMatch(/^\+[1-9]\d{6,14}$/);
          expect(read(number.e164, plan).e164).toBe(number.e164);
        },
      ),
    );
  });
});

describe('keys and kinds', () => {
  test('key is e164, else digits, else nothing', () => {
    expect(numberKey(read('65001000'))).toBe('+861065001000');
    expect(numberKey(read('80-01'))).toBe('8001');
    expect(numberKey(read('anonymous'))).toBeUndefined();
    expect(numberKey(read(''))).toBeUndefined();
  });

  test('internal ranges compare by length', () => {
    expect(isInternal('8099', beijing)).toBe(true);
    expect(isInternal('8100', beijing)).toBe(false);
    expect(isInternal('80990', beijing)).toBe(false);
    expect(isInternal('80a9', beijing)).toBe(false);
    expect(isInternal('', { ...beijing, internal: [{ from: '', to: '' }] })).toBe(false);
  });

  test('an empty list of emergency numbers means the default one', () => {
    for (const number of DEFAULT_EMERGENCY) expect(isEmergency(number, beijing)).toBe(true);
    expect(isEmergency('110', newYork)).toBe(false);
  });
});

describe('planDial', () => {
  const office: DialPlan = {
    ...beijing,
    outsidePrefix: '9,',
    prefixRules: [
      { pattern: '11', prefix: '777' },
      { pattern: '1', prefix: '0', trunk: asId<DeviceId>('main:trunk:mobile') },
      { pattern: '0755', strip: 4 },
    ],
  };
  test.each([
    ['8001', { kind: 'internal', number: '8001' }],
    ['80 01', { kind: 'internal', number: '8001' }],
    ['13912345678', { kind: 'outside', digits: '9,013912345678', trunk: 'main:trunk:mobile' }],
    ['+8613912345678', { kind: 'outside', digits: '9,013912345678', number: { e164: '+8613912345678' } }],
    ['075522334455', { kind: 'outside', digits: '9,22334455' }],
    ['+861065001001', { kind: 'outside', digits: '9,01065001001' }],
    ['+12125551234', { kind: 'outside', digits: '9,0012125551234' }],
    ['95588,,1#', { kind: 'outside', digits: '9,95588,,1#' }],
    ['8600', { kind: 'outside', digits: '9,8600' }],
  ])('%s', (to, decision) => {
    expect(planDial(to, office)).toMatchObject(decision);
  });

  test.each([
    ['110', '9,110'],
    ['1 1 0', '9,110'],
    ['9110', '9,110'],
    ['9,120', '9,120'],
  ])('emergency %s passes every rule', (to, digits) => {
    expect(planDial(to, office)).toMatchObject({ kind: 'outside', digits, emergency: 'emergency' });
    expect(planDial(to, office)).not.toHaveProperty('trunk');
  });

  test('an emergency number wins over an extension of the same digits, an extension over the habit of a prefix', () => {
    const plan = {
      ...office,
      internal: [
        { from: '100', to: '199' },
        { from: '9100', to: '9199' },
      ],
    };
    expect(planDial('110', plan)).toMatchObject({ emergency: 'emergency' });
    expect(planDial('9110', plan)).toEqual({ kind: 'internal', number: '9110' });
  });

  test.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['call me', 'letters'],
    ['800A', 'letters'],
    ['1;DROP', 'letters'],
    ['12\r\n34', 'ok'],
    ['1'.repeat(41), 'tooLong'],
    ['1'.repeat(5000), 'tooLong'],
    ['+', 'malformed'],
    ['1+2', 'malformed'],
    [',1', 'malformed'],
    ['+123', 'malformed'],
  ])('%j is refused as %s', (to, reason) => {
    expect(planDial(to, office)).toMatchObject(reason === 'ok' ? { kind: 'outside' } : { kind: 'invalid', reason });
  });

  test('is total, and sends nothing but keys and pauses', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 100, unit: 'binary' }), fc.stringMatching(/^[+0-9*#, -]{0,45}$/)),
        fc.constantFrom(office, newYork, rome),
        (to, plan) => {
          const decision = planDial(to, plan);
          if (decision.kind === 'outside') expect(decision.digits).toMatch(/^[\d*#,]+$/);
        },
      ),
    );
  });
});

describe('masking', () => {
  test.each([
    ['139 1234 5678', '139 **** 5678'],
    ['010 6500 1000', '010 **** 1000'],
    ['6500100', '65***00'],
    ['8001', '8001'],
    ['10086', '10086'],
    ['+12125551234', '+121****1234'],
  ])('%s becomes %s', (text, masked) => {
    expect(maskDigits(text)).toBe(masked);
  });

  test('no field of a masked number tells the middle digits', () => {
    for (const presentation of ['allowed', 'withheld'] as const) {
      for (const text of ['13912345678', '+8613912345678', '008613912345678', '01065001000', '0012125551234']) {
        const number = normalise({ number: text, presentation }, beijing);
        const masked = maskNumber(number);
        expect(masked).not.toHaveProperty('e164');
        const middle = text.slice(-7, -4);
        expect(JSON.stringify(masked)).not.toContain(middle);
        expect(masked.raw).toMatch(/\*{3,}/);
      }
    }
  });
});
