import type { ParameterDefinition, ParameterGroup, ParameterType } from '@cordboard/cti-core';

/**
 * Keypad languages that are publicly documented. `ws824`: WS824 and its relatives 848D, 16128, 3296, 32256, 288. `gw600`: GW600, GW2000. `gw200`: GW200 to GW1600.
 * Sources, as of 2026: the maker's programming pages (ws824.net.cn function/635, ws824.sh.cn 5037), a copy of its manual (zixin 9902653), hbpbx.cn 2382, cmvpacg.cn 18708.
 */
export const KEYPAD_MODELS = ['ws824', 'gw600', 'gw200'] as const;
/** One of {@link KEYPAD_MODELS}. */
export type KeypadModel = (typeof KEYPAD_MODELS)[number];

/** One parameter of a keypad language. */
export interface KeypadParameter extends ParameterDefinition {
  /** What a person reads in Chinese. */
  readonly zh: { readonly title: string; readonly help: string };
  /** Values beside `type` that are good: codes that lie apart. */
  readonly values?: readonly number[];
}

/** Parameters that can only be written together, by one code of the language. */
export interface KeypadItem {
  readonly item: string;
  readonly parameters: readonly KeypadParameter[];
  /** Digits of the place; 0: it has none. */
  readonly placeDigits: number;
  /** What stands for every place at once, asked for as place 0. Absent: there is no such way, or none is documented. */
  readonly everyPlace?: string;
  /** The code that opens the item, after which the switch gives a long beep; absent: the whole is one order. */
  readonly opens?: string;
  /** What is dialled then, of the place and the digits of the values in the order of `parameters`. */
  readonly digits: (place: string, values: readonly string[]) => string;
}

/** The restriction tables 15-18 of `ws824`, whose form differs by model and is in no public document: to be taken from the manual of the switch. */
export interface RestrictionTables {
  /** Places of each table. 1-999. */
  readonly places: number;
  /** Digits by which a place is dialled. 1-3. */
  readonly placeDigits: number;
  /** Longest code that a place holds. 1-16. */
  readonly maxDigits: number;
}

interface Row {
  readonly id: string;
  readonly type: ParameterType;
  readonly help: string;
  readonly zh: readonly [title: string, help: string];
  readonly values?: readonly number[];
}
interface Place {
  readonly group: ParameterGroup;
  readonly scope: ParameterDefinition['scope'];
  readonly places?: number;
}

const words = (...each: readonly string[]): ParameterType => ({
  kind: 'number',
  min: 0,
  max: each.length - 1,
  words: each,
});

function parameters(place: Place, rows: readonly Row[]): readonly KeypadParameter[] {
  return rows.map(({ zh: [title, help], ...row }) => ({ ...place, ...row, zh: { title, help } }));
}

const lineSetup: KeypadItem = {
  item: 'lineSetup',
  opens: '01',
  placeDigits: 2,
  digits: (place, values) => `${place}*${values.join('')}#`,
  parameters: parameters({ group: 'lines', scope: 'line', places: 16 }, [
    {
      id: 'lineSetup.connection',
      type: words('off', 'withoutCallerId', 'withCallerId'),
      help: 'Whether the outside line is connected, and whether it gives caller ID.',
      zh: ['外线接入', '0 不接，1 接入无来电显示，2 接入有来电显示。'],
    },
    {
      id: 'lineSetup.callerIdDelay',
      type: words('3s', '5s', '10s', 'fine'),
      help: 'How long the switch waits for the caller number before it rings.',
      zh: ['来电显示延时', '0 为 3 秒，1 为 5 秒，2 为 10 秒，3 微调。'],
    },
    {
      id: 'lineSetup.answering',
      type: words('extension', 'attendant'),
      help: 'Who takes calls: the extensions that ring, or the automatic attendant.',
      zh: ['来电应答', '0 指定分机振铃，1 电脑话务员。'],
    },
    {
      id: 'lineSetup.attendantWhen',
      type: words('never', 'day', 'night', 'always'),
      help: 'When the automatic attendant is there.',
      zh: ['电脑话务员时段', '0 关，1 日间，2 夜间，3 日夜。'],
    },
    {
      id: 'lineSetup.restriction',
      type: words('restricted', 'free'),
      help: 'Whether classes of service hold for calls out on this line.',
      zh: ['外线限制', '0 受限，1 不受限。'],
    },
  ]),
};

const lineOptions: KeypadItem = {
  item: 'lineOptions',
  opens: '02',
  placeDigits: 2,
  digits: (place, values) => `${place}*${values.join('')}#`,
  parameters: parameters({ group: 'lines', scope: 'line', places: 32 }, [
    {
      id: 'lineOptions.pbxLine',
      type: words('no', 'yes'),
      help: 'Whether the line is an extension of another switch.',
      zh: ['PBX 中继', '是否为其他交换机的分机线。'],
    },
    {
      id: 'lineOptions.direct',
      type: words('accessDigit', 'direct'),
      help: 'Whether calls go out without an access digit.',
      zh: ['直拨外线', '1 不拨字头直接出外线。'],
    },
    {
      id: 'lineOptions.release',
      type: words('1.5s', '4s'),
      help: 'How long the line must be silent before the call counts as over.',
      zh: ['释放时间', '0 为 1.5 秒，1 为 4 秒。'],
    },
    {
      id: 'lineOptions.flash',
      type: words('300ms', '600ms', '900ms'),
      help: 'Length of a hook flash to the exchange.',
      zh: ['闪断时间', '0 为 300 毫秒，1 为 600 毫秒，2 为 900 毫秒。'],
    },
    {
      id: 'lineOptions.charging',
      type: words('delay', 'reversal'),
      help: 'From when an outgoing call counts: a delay, or the polarity reversal of the exchange.',
      zh: ['计费方式', '0 延时计费，1 反极计费。'],
    },
  ]),
};

const classes: ParameterType = { kind: 'number', min: 1, max: 6 };
const classOfService: KeypadItem = {
  item: 'classOfService',
  opens: '14',
  placeDigits: 3,
  everyPlace: '***',
  digits: (place, values) => `${place}*${values.join('')}#`,
  parameters: parameters({ group: 'extensions', scope: 'port', places: 128 }, [
    {
      id: 'classOfService.unlocked',
      type: classes,
      help: 'Class of service while the extension is not locked: 1 free to 6 inside calls only. Port 0: every port.',
      zh: ['加锁前等级', '分机未加锁时的服务等级，1 不限制，6 只可拨内线。'],
    },
    {
      id: 'classOfService.locked',
      type: classes,
      help: 'Class of service while the extension is locked by its password.',
      zh: ['加锁后等级', '分机加锁后的服务等级。'],
    },
  ]),
};

/** What each restriction table is for. Source: ws824.sh.cn 5037. */
const TABLES = [
  ['15', 'denied.class2', 'Codes denied to class 2 (and 4).', '等级 2（及 4）限制的号码。'],
  ['16', 'denied.class3', 'Codes denied to class 3 (and 4).', '等级 3（及 4）限制的号码。'],
  ['17', 'allowed.class3', 'Codes allowed to class 3 all the same.', '等级 3 开放的号码。'],
  ['18', 'allowed.class5', 'The only codes that class 5 may dial: emergency numbers.', '等级 5 仅可拨打的号码。'],
] as const;

function tableItems({ places, placeDigits, maxDigits }: RestrictionTables): readonly KeypadItem[] {
  return TABLES.map(([opens, id, help, zh]) => ({
    item: id,
    opens,
    placeDigits,
    digits: (place, values) => `${place}*${values.join('')}#`,
    parameters: parameters({ group: 'system', scope: 'table', places }, [
      { id, type: { kind: 'digits', min: 1, max: maxDigits }, help, zh: ['限制代码', zh] },
    ]),
  }));
}

const gw600: readonly KeypadItem[] = [
  {
    item: 'charging.by',
    placeDigits: 2,
    everyPlace: '',
    digits: (place, [by = '']) => `52${by === '1' ? '0' : '1'}${place}#`,
    parameters: parameters({ group: 'lines', scope: 'line', places: 32 }, [
      {
        id: 'charging.by',
        type: words('delay', 'reversal'),
        help: 'From when an outgoing call counts: a delay, or the polarity reversal of the exchange. Line 0: every line.',
        zh: ['计费方式', '延时计费或反极计费，0 号线为全部外线。'],
      },
    ]),
  },
  {
    item: 'charging.delay',
    placeDigits: 0,
    digits: (_place, [seconds = '']) => `502${seconds.padStart(2, '0')}#`,
    parameters: parameters({ group: 'system', scope: 'system' }, [
      {
        id: 'charging.delay',
        type: { kind: 'number', min: 1, max: 99, unit: 's' },
        help: 'Seconds after the last digit from which a call counts, where charging goes by delay; 5 from the factory.',
        zh: ['计费延时', '拨完最后一位后开始计费的秒数，出厂 5 秒。'],
      },
    ]),
  },
  {
    item: 'charging.incoming',
    placeDigits: 0,
    digits: (_place, [charged = '']) => `510${charged === '1' ? '0' : '1'}#`,
    parameters: parameters({ group: 'system', scope: 'system' }, [
      {
        id: 'charging.incoming',
        type: words('free', 'charged'),
        help: 'Whether calls that come in are charged; free from the factory.',
        zh: ['呼入计费', '外线呼入是否计费，出厂不计费。'],
      },
    ]),
  },
];

const gw200: readonly KeypadItem[] = [
  {
    item: 'classOfService',
    placeDigits: -1,
    digits: (place, [level = '']) => `*61${place}${level}#`,
    parameters: parameters({ group: 'extensions', scope: 'extension' }, [
      {
        id: 'classOfService',
        type: { kind: 'number', min: 0, max: 92 },
        values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 91, 92],
        help: '0 inside only, 1 no long distance, 2 no international, 3 free, 4-6 without the codes of that level, 7-9 only those of that level, 91 hot line, 92 speed dial only.',
        zh: ['呼出等级', '0 内线，1 禁长途，2 禁国际，3 不限，4–6 限该级字头，7–9 仅该级字头，91 热线，92 仅缩位。'],
      },
    ]),
  },
];

/** The items of a model. Restriction tables are there only where their form is told. */
export function keypadItems(model: KeypadModel, tables?: RestrictionTables): readonly KeypadItem[] {
  if (model === 'gw600') return gw600;
  if (model === 'gw200') return gw200;
  return [lineSetup, lineOptions, classOfService, ...(tables === undefined ? [] : tableItems(tables))];
}
