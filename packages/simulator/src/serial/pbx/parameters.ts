import type { ParameterValue, PbxMemory } from './memory.js';
import type { PbxSetup } from './options.js';
import { type FieldRule, ITEM_OF, type ItemRule } from './parameter-table.js';

/** One parameter. `index` as on the wire: 0, a port, a line, an extension's number, a place. */
export interface ParameterAt {
  readonly item: number;
  readonly index: number;
  readonly field: number;
}

/** What became of a value that was to be set. */
export type SetOutcome = 'ok' | 'range' | 'noDevice' | 'wrongType';

/** What the store needs to know of the PBX around it. */
export interface ParameterPlace {
  /** The port of an extension number; `undefined`: there is none. */
  portOf(extension: string): number | undefined;
  numberOf(port: number): string;
  /** A value that lives elsewhere. */
  live(at: { readonly item: number; readonly place: number; readonly field: number }): ParameterValue | undefined;
  /** A value was taken. @returns `elsewhere` when it is kept elsewhere */
  taken(
    at: { readonly item: number; readonly place: number; readonly field: number },
    value: ParameterValue,
  ): 'elsewhere' | undefined;
}

/** The parameters of a PBX, in memory that outlives a loss of power. */
export class Parameters {
  readonly #memory: PbxMemory;
  readonly #setup: PbxSetup;
  readonly #place: ParameterPlace;

  constructor(memory: PbxMemory, setup: PbxSetup, place: ParameterPlace) {
    this.#memory = memory;
    this.#setup = setup;
    this.#place = place;
  }

  /** The rule of an item and field; `undefined`: there is no such one. */
  rule(item: number, field: number): FieldRule | undefined {
    return ITEM_OF.get(item)?.fields[field - 1];
  }

  /** Is the item read with the password only? */
  isSecret(item: number): boolean {
    return ITEM_OF.get(item)?.secret === 'secret';
  }

  /** The place (port, line, place of a table, 0) of an index as on the wire; `undefined`: no such device. */
  placeOf(item: ItemRule, index: number): number | undefined {
    const within = (max: number): number | undefined => (index >= 1 && index <= max ? index : undefined);
    switch (item.scope) {
      case 'system':
        return index === 0 ? 0 : undefined;
      case 'port':
        return within(this.#setup.extensions);
      case 'line':
        return within(this.#setup.lines);
      case 'table':
        return within(item.places ?? 0);
      case 'extension':
        return this.#place.portOf(String(index));
    }
  }

  /** Reads one; `undefined`: there is none there. */
  get(at: ParameterAt): ParameterValue | undefined {
    const item = ITEM_OF.get(at.item);
    const place = item === undefined ? undefined : this.placeOf(item, at.index);
    return place === undefined ? undefined : this.at(at.item, place, at.field);
  }

  /** Reads one by port instead of extension number. */
  at(item: number, place: number, field: number): ParameterValue | undefined {
    const rule = this.rule(item, field);
    if (rule === undefined) return undefined;
    const where = { item, place, field };
    return this.#place.live(where) ?? this.#memory.parameters.get(keyOf(where)) ?? this.#factory(where, rule);
  }

  /** A number, as {@link at}; 0 where there is none. */
  number(item: number, place: number, field = 1): number {
    const value = this.at(item, place, field);
    return typeof value === 'number' ? value : 0;
  }

  /** A flag, as {@link at}. */
  flag(item: number, place: number, field = 1): boolean {
    return this.at(item, place, field) === true;
  }

  /** Text or digits, as {@link at}; empty where there is none. */
  text(item: number, place: number, field = 1): string {
    const value = this.at(item, place, field);
    return typeof value === 'string' ? value : '';
  }

  /** The numbers whose bit is set, as {@link at}. */
  bits(item: number, place: number, field = 1): readonly number[] {
    const value = this.at(item, place, field);
    if (!(value instanceof Uint8Array)) return [];
    const found: number[] = [];
    for (let n = 0; n < value.length * 8; n++) if (((value[n >> 3] ?? 0) >> (n & 7)) & 1) found.push(n + 1);
    return found;
  }

  /** Sets one; what is taken is in force and in lasting memory at once. */
  set(at: ParameterAt, value: ParameterValue): SetOutcome {
    const item = ITEM_OF.get(at.item);
    const rule = this.rule(at.item, at.field);
    if (item === undefined || rule === undefined) return 'range';
    const place = this.placeOf(item, at.index);
    if (place === undefined) return 'noDevice';
    const outcome = this.#judge(rule, value) ?? this.#judgeMeaning(at.item, place, value);
    if (outcome !== undefined) return outcome;
    const where = { item: at.item, place, field: at.field };
    if (this.#place.taken(where, value) === undefined) this.#memory.parameters.set(keyOf(where), value);
    return 'ok';
  }

  #judge(rule: FieldRule, value: ParameterValue): SetOutcome | undefined {
    switch (rule.type) {
      case 'number':
        if (typeof value !== 'number') return 'wrongType';
        return value >= rule.min && value <= rule.max ? undefined : 'range';
      case 'flag':
        return typeof value === 'boolean' ? undefined : 'wrongType';
      case 'digits':
      case 'text': {
        if (typeof value !== 'string') return 'wrongType';
        if (rule.type === 'digits' && value === '' && rule.empty !== undefined) return undefined;
        const bytes = Buffer.byteLength(value);
        return bytes <= rule.max && bytes >= (rule.type === 'digits' ? rule.min : 0) ? undefined : 'range';
      }
      case 'time':
        if (value !== null && typeof value !== 'number') return 'wrongType';
        return value === null || (value >= 0 && value < 1_440) ? undefined : 'range';
      case 'bitmap': {
        if (!(value instanceof Uint8Array)) return 'wrongType';
        const last = rule.of === 'line' ? this.#setup.lines : this.#setup.extensions;
        for (let n = last; n < value.length * 8; n++) if (((value[n >> 3] ?? 0) >> (n & 7)) & 1) return 'range';
        return undefined;
      }
    }
  }

  #judgeMeaning(item: number, place: number, value: ParameterValue): SetOutcome | undefined {
    if (item === 1 && typeof value === 'string') {
      const owner = this.#place.portOf(value);
      return /^[1-9]\d+$/.test(value) && (owner === undefined || owner === place) ? undefined : 'range';
    }
    const namesLine = item === 30 && typeof value === 'number';
    if (namesLine && (value > this.#setup.lines || value === place)) return 'range';
    return undefined;
  }

  #factory(at: { readonly item: number; readonly place: number }, rule: FieldRule): ParameterValue {
    switch (rule.type) {
      case 'number':
      case 'flag':
        return rule.factory;
      case 'time':
        return null;
      case 'digits':
        if (at.item === 18) return this.#setup.password;
        return at.item === 1 ? String(this.#setup.firstNumber + at.place - 1) : '';
      case 'text':
        return '';
      case 'bitmap':
        return bitmapOf(rule.of === 'line' ? this.#setup.lines : this.#setup.extensions, rule.factory);
    }
  }
}

function bitmapOf(count: number, which: 'all' | 'none' | 'first'): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(count / 8));
  const last = which === 'all' ? count : which === 'first' ? 1 : 0;
  for (let n = 0; n < last; n++) bitmap[n >> 3] = (bitmap[n >> 3] ?? 0) | (1 << (n & 7));
  return bitmap;
}

function keyOf(at: { readonly item: number; readonly place: number; readonly field: number }): string {
  return `${at.item}.${at.place}.${at.field}`;
}
