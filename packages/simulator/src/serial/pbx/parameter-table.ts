/** What a parameter is of. `port`: telephones by their port; `extension`: the same, by their number. */
export type ParameterScope = 'system' | 'port' | 'extension' | 'line' | 'table';

/** One field of an item, and what it is when nobody has set it. `max` of text and digits counts bytes. */
export type FieldRule =
  | { readonly type: 'number'; readonly min: number; readonly max: number; readonly factory: number }
  | { readonly type: 'flag'; readonly factory: boolean }
  | { readonly type: 'digits'; readonly min: number; readonly max: number; readonly empty?: 'empty' }
  | { readonly type: 'text'; readonly max: number }
  | { readonly type: 'time' }
  | { readonly type: 'bitmap'; readonly of: 'line' | 'port'; readonly factory: 'all' | 'none' | 'first' };

/** One item of docs/protocols/kts-1.md, section 13. */
export interface ItemRule {
  readonly item: number;
  readonly scope: ParameterScope;
  /** Places of a table. */
  readonly places?: number;
  /** Field 1 first. */
  readonly fields: readonly FieldRule[];
  readonly secret?: 'secret';
}

const number = (min: number, max: number, factory: number): FieldRule => ({ type: 'number', min, max, factory });
const digits = (min: number, max: number): FieldRule => ({ type: 'digits', min, max });
const OFF: FieldRule = { type: 'flag', factory: false };
const TIME: FieldRule = { type: 'time' };
const bitmap = (of: 'line' | 'port', factory: 'all' | 'none' | 'first'): FieldRule => ({
  type: 'bitmap',
  of,
  factory,
});
const twice = (rule: FieldRule): readonly FieldRule[] => [rule, rule];
const EXTENSION_OR_NONE: FieldRule = { type: 'digits', min: 2, max: 4, empty: 'empty' };

/** The items that this PBX has; the words of the document stand behind each. */
export const ITEMS: readonly ItemRule[] = [
  { item: 1, scope: 'port', fields: [digits(2, 4)] }, // extension number
  { item: 2, scope: 'extension', fields: twice(number(1, 6, 1)) }, // class of service
  { item: 3, scope: 'extension', fields: [number(0, 2, 2)] }, // caller-ID display
  { item: 4, scope: 'extension', fields: [TIME, OFF] }, // alarm clock
  { item: 5, scope: 'extension', fields: [number(0, 60, 0)] }, // warning tone
  { item: 6, scope: 'extension', fields: [number(0, 2, 0)] }, // line seizure
  { item: 7, scope: 'extension', fields: twice(bitmap('line', 'all')) }, // allowed lines
  { item: 8, scope: 'line', fields: twice(bitmap('port', 'first')) }, // ring assignment
  { item: 9, scope: 'line', fields: twice(number(0, 60, 0)) }, // delayed ring
  { item: 10, scope: 'extension', fields: [OFF] }, // do not disturb
  { item: 11, scope: 'extension', fields: [OFF] }, // forced economy route
  { item: 12, scope: 'line', fields: [number(0, 2, 0)] }, // answer mode
  { item: 13, scope: 'line', fields: [number(0, 2, 0)] }, // preferred direction
  { item: 14, scope: 'extension', fields: [OFF] }, // inside calls barred
  { item: 15, scope: 'table', places: 16, fields: [bitmap('port', 'none'), number(0, 2, 0)] }, // extension group
  { item: 16, scope: 'table', places: 4, fields: [EXTENSION_OR_NONE] }, // operator desk
  { item: 17, scope: 'system', fields: [number(0, 2, 0), TIME, TIME] }, // day/night
  { item: 18, scope: 'system', fields: [digits(4, 16)], secret: 'secret' }, // system password
  { item: 19, scope: 'system', fields: [OFF] }, // outside to outside
  { item: 20, scope: 'table', places: 200, fields: [digits(0, 32), { type: 'text', max: 32 }] }, // speed dial
  {
    item: 21,
    scope: 'table',
    places: 200,
    fields: [{ type: 'digits', min: 4, max: 8, empty: 'empty' }, number(1, 6, 6)],
    secret: 'secret',
  }, // personal password
  { item: 22, scope: 'table', places: 8, fields: [digits(0, 8), bitmap('line', 'none')] }, // route
  { item: 23, scope: 'table', places: 100, fields: [digits(0, 16), EXTENSION_OR_NONE] }, // direct inward dialling
  { item: 24, scope: 'table', places: 200, fields: [digits(0, 12)] }, // restriction code
  { item: 25, scope: 'line', fields: [number(0, 2, 1), number(0, 10, 0)] }, // caller-ID method
  { item: 26, scope: 'line', fields: [number(0, 1, 1), number(0, 60, 5)] }, // start of charging
  { item: 27, scope: 'line', fields: [EXTENSION_OR_NONE] }, // attendant
  { item: 28, scope: 'line', fields: twice(number(0, 12, 6)) }, // gain
  { item: 29, scope: 'line', fields: [OFF] }, // queued ringing
  { item: 30, scope: 'line', fields: [number(0, 32, 0)] }, // line hunting
  { item: 31, scope: 'line', fields: [number(80, 1_000, 600)] }, // flash time
];

/** {@link ITEMS} by number. */
export const ITEM_OF: ReadonlyMap<number, ItemRule> = new Map(ITEMS.map((rule) => [rule.item, rule]));
