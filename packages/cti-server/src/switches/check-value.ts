import type { ParameterCode, ParameterDefinition, ParameterType, ParameterValue } from '@cordboard/cti-core';

/** Could this value stand at this place of a parameter? What the switch itself would say beyond that is not asked. */
export function checkValue(
  { type, scope, places, empty }: ParameterDefinition,
  at: { readonly index: number; readonly value: ParameterValue },
): Extract<ParameterCode, 'ok' | 'range' | 'wrongType' | 'noDevice'> {
  if (scope === 'system' ? at.index !== 0 : at.index === 0) return 'noDevice';
  if (places !== undefined && at.index > places) return 'noDevice';
  return empty !== undefined && at.value === '' ? 'ok' : checkOne(type, at.value);
}

function checkOne(type: ParameterType, value: ParameterValue): 'ok' | 'range' | 'wrongType' {
  switch (type.kind) {
    case 'number':
      if (typeof value !== 'number' || !Number.isInteger(value)) return 'wrongType';
      return inside(value, type.min, type.max);
    case 'flag':
      return typeof value === 'boolean' ? 'ok' : 'wrongType';
    case 'digits':
      if (typeof value !== 'string' || !/^[0-9*#A-DPF+.]*$/u.test(value)) return 'wrongType';
      return inside(value.length, type.min, type.max);
    case 'text':
      return typeof value === 'string' ? inside(Buffer.byteLength(value), 0, type.max) : 'wrongType';
    case 'time':
      if (typeof value !== 'string') return 'wrongType';
      return value === '' || /^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(value) ? 'ok' : 'range';
    case 'set':
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return 'wrongType';
      return value.every((each, index) => each >= 1 && each <= type.max && value.indexOf(each) === index)
        ? 'ok'
        : 'range';
  }
}

const inside = (value: number, min: number, max: number): 'ok' | 'range' =>
  value >= min && value <= max ? 'ok' : 'range';

/** Do two values say the same? */
export function sameValue(a: ParameterValue | undefined, b: ParameterValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
