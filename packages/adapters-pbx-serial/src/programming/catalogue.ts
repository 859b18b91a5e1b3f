import type { ParameterDefinition, ParameterGroup, ParameterScope, ParameterType } from '@cordboard/cti-core';
import { parameterText } from './texts.js';

/** A parameter of kts-1: what the catalogue tells of it, and where it lies on the wire. */
export interface KtsParameter extends ParameterDefinition {
  readonly item: number;
  readonly field: number;
}

/** Highest number of a line, port, table place or desk that is looked for where a scope needs all of them. */
export const MAX_LINES = 32;
/** Ports of the largest switch. Source: docs/protocols/kts-1.md, section 13, item 1. */
export const MAX_PORTS = 128;

interface Row {
  readonly item: number;
  readonly field: number;
  readonly scope: ParameterScope;
  readonly places?: number;
  readonly type: ParameterType;
  readonly secret?: 'secret';
  readonly empty?: 'allowed';
}

const flag: ParameterType = { kind: 'flag' };
const time: ParameterType = { kind: 'time' };
const lines: ParameterType = { kind: 'set', of: 'line', max: MAX_LINES };
const ports: ParameterType = { kind: 'set', of: 'port', max: MAX_PORTS };
const classes: ParameterType = { kind: 'number', min: 1, max: 6 };
const digits = (min: number, max: number): ParameterType => ({ kind: 'digits', min, max });
const words = (...each: readonly string[]): ParameterType => ({
  kind: 'number',
  min: 0,
  max: each.length - 1,
  words: each,
});
const amount = (min: number, max: number, unit: string): ParameterType => ({ kind: 'number', min, max, unit });

const extension = { scope: 'extension' } as const;
const line = { scope: 'line' } as const;
const system = { scope: 'system' } as const;
const table = (places: number) => ({ scope: 'table', places }) as const;

/** Every parameter. Source: docs/protocols/kts-1.md, section 13. The order is that of writing: numbers of extensions first, since others are found by them. */
const ROWS = {
  'extension.number': { item: 1, field: 1, scope: 'port', places: MAX_PORTS, type: digits(2, 4) },
  'classOfService.day': { item: 2, field: 1, ...extension, type: classes },
  'classOfService.night': { item: 2, field: 2, ...extension, type: classes },
  callerIdDisplay: { item: 3, field: 1, ...extension, type: words('off', 'number', 'numberAndName') },
  'alarm.time': { item: 4, field: 1, ...extension, type: time },
  'alarm.daily': { item: 4, field: 2, ...extension, type: flag },
  warningTone: { item: 5, field: 1, ...extension, type: amount(0, 60, 'min') },
  lineSeizure: { item: 6, field: 1, ...extension, type: words('accessDigit', 'offHook', 'hotLine') },
  'allowedLines.day': { item: 7, field: 1, ...extension, type: lines },
  'allowedLines.night': { item: 7, field: 2, ...extension, type: lines },
  doNotDisturb: { item: 10, field: 1, ...extension, type: flag },
  economyRoute: { item: 11, field: 1, ...extension, type: flag },
  insideCallsBarred: { item: 14, field: 1, ...extension, type: flag },
  'group.members': { item: 15, field: 1, ...table(16), type: ports },
  'group.ringMode': { item: 15, field: 2, ...table(16), type: words('all', 'inTurn', 'longestIdle') },
  'ringAssignment.day': { item: 8, field: 1, ...line, type: ports },
  'ringAssignment.night': { item: 8, field: 2, ...line, type: ports },
  'delayedRing.day': { item: 9, field: 1, ...line, type: amount(0, 60, 's') },
  'delayedRing.night': { item: 9, field: 2, ...line, type: amount(0, 60, 's') },
  answerMode: { item: 12, field: 1, ...line, type: words('extensions', 'attendant', 'disa') },
  preferredDirection: { item: 13, field: 1, ...line, type: words('both', 'in', 'out') },
  'callerId.method': { item: 25, field: 1, ...line, type: words('off', 'fsk', 'dtmf') },
  'callerId.delay': { item: 25, field: 2, ...line, type: amount(0, 10, 's') },
  'charging.by': { item: 26, field: 1, ...line, type: words('delay', 'reversal') },
  'charging.delay': { item: 26, field: 2, ...line, type: amount(0, 60, 's') },
  attendant: { item: 27, field: 1, ...line, type: digits(2, 4), empty: 'allowed' },
  'gain.in': { item: 28, field: 1, ...line, type: { kind: 'number', min: 0, max: 12 } },
  'gain.out': { item: 28, field: 2, ...line, type: { kind: 'number', min: 0, max: 12 } },
  queuedRinging: { item: 29, field: 1, ...line, type: flag },
  huntTo: { item: 30, field: 1, ...line, type: { kind: 'number', min: 0, max: MAX_LINES } },
  flashTime: { item: 31, field: 1, ...line, type: amount(80, 1_000, 'ms') },
  operatorDesk: { item: 16, field: 1, ...table(4), type: digits(2, 4), empty: 'allowed' },
  'dayNight.mode': { item: 17, field: 1, ...system, type: words('day', 'night', 'byClock') },
  'dayNight.toDayAt': { item: 17, field: 2, ...system, type: time },
  'dayNight.toNightAt': { item: 17, field: 3, ...system, type: time },
  outsideToOutside: { item: 19, field: 1, ...system, type: flag },
  'route.prefix': { item: 22, field: 1, ...table(8), type: digits(0, 8) },
  'route.lines': { item: 22, field: 2, ...table(8), type: lines },
  'directInward.number': { item: 23, field: 1, ...table(100), type: digits(0, 16) },
  'directInward.extension': { item: 23, field: 2, ...table(100), type: digits(2, 4), empty: 'allowed' },
  'restriction.prefix': { item: 24, field: 1, ...table(200), type: digits(0, 12) },
  'speedDial.number': { item: 20, field: 1, ...table(200), type: digits(0, 32) },
  'speedDial.name': { item: 20, field: 2, ...table(200), type: { kind: 'text', max: 32 } },
  'personalPassword.password': {
    item: 21,
    field: 1,
    ...table(200),
    type: digits(4, 8),
    secret: 'secret',
    empty: 'allowed',
  },
  'personalPassword.class': { item: 21, field: 2, ...table(200), type: classes, secret: 'secret' },
  // Last: whatever comes after it would need the new one.
  systemPassword: { item: 18, field: 1, ...system, type: digits(4, 16), secret: 'secret' },
} as const satisfies Record<string, Row>;

/** Id of a parameter of kts-1. */
export type KtsParameterId = keyof typeof ROWS;

/** The items of each group. Source: docs/protocols/kts-1.md, end of section 13. */
const GROUP_ITEMS: Readonly<Record<ParameterGroup, readonly number[]>> = {
  extensions: [1, 2, 3, 4, 5, 6, 7, 10, 11, 14, 15],
  lines: [8, 9, 12, 13, 25, 26, 27, 28, 29, 30, 31],
  system: [16, 17, 18, 19, 22, 23, 24],
  dialling: [20, 21],
};

function groupOf(item: number): ParameterGroup {
  for (const group of ['extensions', 'lines', 'system'] as const) if (GROUP_ITEMS[group].includes(item)) return group;
  return 'dialling';
}

/** Every parameter of kts-1 in the order in which a restore writes them. */
export const KTS_PARAMETERS: readonly KtsParameter[] = Object.entries(ROWS).map(([id, row]: [string, Row]) => ({
  id,
  group: groupOf(row.item),
  help: parameterText(id, 'en').help,
  ...row,
}));

/** A parameter by its id. */
export const KTS_PARAMETER_BY_ID: ReadonlyMap<string, KtsParameter> = new Map(
  KTS_PARAMETERS.map((parameter) => [parameter.id, parameter]),
);
