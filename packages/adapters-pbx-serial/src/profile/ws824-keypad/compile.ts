import { CtiError, type ParameterValue } from '@cordboard/cti-core';
import { faultOf } from '../../programming/values.js';
import type { KeypadItem, KeypadModel, KeypadParameter } from './items.js';

/** What the switch says that it heard: a long beep for the next field, dial tone for done. `any`: either, where no document says which. */
export type KeypadExpectation = 'field' | 'accepted' | 'any';

/** Digits that are dialled in one go, and what shall be heard then. */
export interface KeypadStep {
  readonly digits: string;
  readonly expect: KeypadExpectation;
}

/** What is wrong with a value, `undefined`: nothing. */
export function keypadFault(parameter: KeypadParameter, value: ParameterValue): 'wrongType' | 'range' | undefined {
  const fault = faultOf(parameter, value);
  if (fault !== undefined) return fault;
  if (typeof value === 'string' && !/^[0-9]*$/u.test(value)) return 'wrongType';
  return parameter.values === undefined || parameter.values.includes(Number(value)) ? undefined : 'range';
}

/** May the item have this place? */
export function hasPlace({ parameters, everyPlace, placeDigits }: KeypadItem, index: number): boolean {
  if (!Number.isInteger(index) || index < 0) return false;
  if (placeDigits === 0) return index === 0;
  if (index === 0) return everyPlace !== undefined;
  return index <= (parameters[0]?.places ?? 9_999);
}

/**
 * The digits that write an item at a place.
 * @param values - of each parameter of the item, in its order, in range
 */
export function compileItem(item: KeypadItem, index: number, values: readonly ParameterValue[]): readonly KeypadStep[] {
  const { placeDigits, everyPlace = '', opens } = item;
  const number = placeDigits < 0 ? String(index) : String(index).padStart(placeDigits, '0');
  const place = placeDigits === 0 ? '' : index === 0 ? everyPlace : number;
  const digits = item.digits(place, values.map(String));
  if (opens === undefined) return [{ digits, expect: 'any' }];
  return [
    { digits: opens, expect: 'field' },
    { digits, expect: 'accepted' },
  ];
}

/**
 * What can be told a switch by its keypad beside its parameters. `lock` and `unlock` are dialled outside programming, at the extension that they are about. `initialise`
 * puts everything back as the factory had it. `restrict` adds a code to one of the lists of `gw200`, `clearClass` takes the class of an extension, or of all, back.
 */
export type KeypadOrder =
  | { readonly type: 'clock'; readonly at: string }
  | { readonly type: 'lock' | 'unlock'; readonly pin: string }
  | { readonly type: 'initialise' | 'clearCharges' }
  | { readonly type: 'clearClass'; readonly extension?: string }
  | { readonly type: 'restrict'; readonly level: number; readonly prefix: string };

/** An order as digits; `outside`: it is dialled without entering programming. */
export interface CompiledOrder {
  readonly steps: readonly KeypadStep[];
  readonly where: 'programming' | 'outside';
}

const TIME = /^20(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d)/u;

/**
 * The digits of an order.
 *
 * @throws {CtiError} `command.notSupported` the model has no such order, or none is documented; `argument.invalid`
 */
export function compileOrder(model: KeypadModel, order: KeypadOrder): CompiledOrder {
  const one = (digits: string): CompiledOrder => ({ steps: [{ digits, expect: 'any' }], where: 'programming' });
  switch (order.type) {
    case 'clock': {
      const parts = TIME.exec(order.at)?.slice(1);
      if (parts === undefined) throw invalid('at', 'YYYY-MM-DDTHH:MM, from 2000 to 2099');
      if (model !== 'ws824') break;
      const steps: readonly KeypadStep[] = [
        { digits: '00', expect: 'field' },
        { digits: `${parts.join('*')}#`, expect: 'accepted' },
      ];
      return { steps, where: 'programming' };
    }
    case 'lock':
    case 'unlock': {
      if (!/^\d{4}$/u.test(order.pin)) throw invalid('pin', 'four digits');
      if (model !== 'ws824') break;
      const code = order.type === 'lock' ? '#722' : '#723';
      return { steps: [{ digits: `${code}${order.pin}#`, expect: 'any' }], where: 'outside' };
    }
    case 'initialise':
      if (model === 'gw600') return one('4000#');
      break;
    case 'clearCharges':
      if (model === 'gw600') return one('5000#');
      break;
    case 'clearClass': {
      const { extension = '' } = order;
      if (!/^\d{0,5}$/u.test(extension)) throw invalid('extension', 'up to five digits');
      if (model === 'gw200') return one(`*63${extension}#`);
      break;
    }
    case 'restrict': {
      const { level, prefix } = order;
      if (!Number.isInteger(level) || level < 1 || level > 9) throw invalid('level', '1 to 9');
      if (!/^\d{1,8}$/u.test(prefix)) throw invalid('prefix', 'up to eight digits');
      if (model === 'gw200') return one(`*67${level}${prefix}#`);
      break;
    }
  }
  throw new CtiError(
    'command.notSupported',
    `no public document says how ${model} is told ${order.type} by its keypad`,
  );
}

function invalid(path: string, expected: string): CtiError {
  return new CtiError('argument.invalid', `${path} of a keypad order is wrong`, { details: { path, expected } });
}
