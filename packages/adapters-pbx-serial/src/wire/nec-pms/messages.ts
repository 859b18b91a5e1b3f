import { CtiError } from '@cordboard/cti-core';
import type { NecText } from './frames.js';

/** Which of the two families of messages a PBX has: an installer's choice that both sides must share. */
export type NecModel = '60' | '90';

/** Occupied or not, and what the maids have done. Source: NDA-30115 p. 68 and 69. */
export interface NecRoomStatus {
  /** 0 out or vacant, 1 stay, 2 stay, departure day. */
  readonly room: 0 | 1 | 2;
  /** 0 not cleaned, 1 in progress, 2 ended, 3 inspected, 4 (with room 0) out of order. */
  readonly cleaning: 0 | 1 | 2 | 3 | 4;
}

/** What the host sends. Extensions have 1 to 6 digits. */
export type NecCommand =
  | { readonly type: 'nopTest' }
  | { readonly type: 'releaseConfirm' }
  | { readonly type: 'messageLamp'; readonly extension: string; readonly mode: 'on' | 'off' }
  | {
      readonly type: 'restriction';
      readonly extension: string;
      readonly cutOff: 'on' | 'off';
      readonly doNotDisturb: 'on' | 'off';
    }
  | { readonly type: 'checkIn'; readonly extension: string; readonly model: NecModel; readonly name?: string }
  | { readonly type: 'checkOut'; readonly extension: string; readonly model: NecModel }
  | { readonly type: 'wakeUp'; readonly extension: string; readonly time: string }
  | { readonly type: 'wakeUpClear'; readonly extension: string }
  | { readonly type: 'roomMove'; readonly extension: string; readonly to: string }
  | { readonly type: 'guestName'; readonly extension: string; readonly name: string }
  | { readonly type: 'roomStatus'; readonly extension: string; readonly status: NecRoomStatus };

/** What the PBX says. What has no name here is `other`. */
export type NecReport =
  | { readonly type: 'nopAnswer'; readonly recover: 'none' | 'wanted' }
  | { readonly type: 'releaseRequest' }
  | { readonly type: 'releaseConfirm' }
  | { readonly type: 'messageLamp'; readonly extension: string; readonly mode: 'on' | 'off' }
  | {
      readonly type: 'restriction';
      readonly extension: string;
      readonly cutOff: 'on' | 'off';
      readonly doNotDisturb: 'on' | 'off';
    }
  | {
      readonly type: 'maid';
      readonly extension: string;
      readonly step: 'started' | 'ended' | 'inspected' | 'outOfOrder';
      readonly maid: string;
    }
  | { readonly type: 'wakeUpSet'; readonly extension: string; readonly time: string }
  | { readonly type: 'wakeUpCleared'; readonly extension: string }
  | {
      readonly type: 'wakeUpResult';
      readonly extension: string;
      readonly time: string;
      readonly result: 'answered' | 'busy' | 'noAnswer' | 'blocked' | 'attendant';
    }
  /** A text that the PBX could not carry out: its feature, function and body as they were sent. */
  | { readonly type: 'violation'; readonly feature: string; readonly function: string; readonly body: string }
  | { readonly type: 'other'; readonly feature: string; readonly function: string };

const unsafe = (field: string): CtiError =>
  new CtiError('wire.unsafeValue', `the NEC link has no form for this ${field}`, { details: { path: field } });

function field(text: string, width: number, name: string): string {
  if (text.length > width || !/^[\x20-\x7e]*$/u.test(text)) throw unsafe(name);
  return text.padEnd(width);
}

function station(extension: string): string {
  if (!/^\d{1,6}$/u.test(extension)) throw unsafe('extension');
  return extension.padEnd(6);
}

const CODES = { offoff: '0', onoff: '1', offon: '5', onon: '6' } as const;

/** `HH:MM` as the four digits of a wake-up. */
function clock(time: string): string {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/u.exec(time);
  if (parts === null) throw unsafe('time');
  return `${parts[1]}${parts[2]}`;
}

/** Source of a wake-up that the hotel's system sets (NDA-30115 p. 56). */
const BY_PMS = '4';

/**
 * The text of a command.
 *
 * @throws {CtiError} `wire.unsafeValue` a value that has no form in its field
 * @source NDA-30115: data link p. 32, lamps p. 38, restriction p. 40, check-in and -out p. 41-47, wake-up p. 56-57, room move p. 63, name p. 67, status p. 69
 */
export function textOf(command: NecCommand): NecText {
  const text = (feature: string, code: string, body = ''): NecText => ({ kind: 'text', feature, function: code, body });
  switch (command.type) {
    case 'nopTest':
      return text('70', 'F');
    case 'releaseConfirm':
      return text('70', '6');
    case 'messageLamp':
      return text('13', command.mode === 'on' ? '1' : '2', station(command.extension));
    case 'restriction':
      return text('15', '1', `${station(command.extension)}${CODES[`${command.cutOff}${command.doNotDisturb}`]}  `);
    case 'checkIn':
      if (command.model === '60') return text('16', '1', station(command.extension));
      // Group, then status (stay, not yet cleaned), key out of the rack, no VIP, no language, name of 16, two condition fields.
      return text(
        '56',
        '1',
        `${station(command.extension)}${' '.repeat(6)}10100${field(command.name ?? '', 16, 'name')}${' '.repeat(8)}`,
      );
    case 'checkOut':
      if (command.model === '60') return text('16', '2', station(command.extension));
      throw unsafe('model');
    case 'wakeUp':
      return text('19', '4', `${station(command.extension)}${clock(command.time)}${BY_PMS}`);
    case 'wakeUpClear':
      return text('19', '5', `${station(command.extension)}    ${BY_PMS}`);
    case 'roomMove':
      return text('20', '1', station(command.extension) + station(command.to));
    case 'guestName':
      return text('21', '6', station(command.extension) + field(command.name, 15, 'name'));
    case 'roomStatus':
      return text('61', '3', `${station(command.extension)}${command.status.room}${command.status.cleaning}`);
  }
}

const STEPS = { 1: 'started', 2: 'ended', 3: 'inspected', 4: 'outOfOrder' } as const;
const RESULTS = { 1: 'answered', 2: 'busy', 3: 'noAnswer', 4: 'blocked', 5: 'attendant' } as const;
const known = <T extends object>(table: T, key: string): T[keyof T] | undefined =>
  Object.hasOwn(table, key) ? table[key as keyof T] : undefined;

/** What a text of the PBX says; a text whose body is not as the specification has it is `other`. Never throws. */
export function reportOf({ feature, function: code, body }: NecText): NecReport {
  const other: NecReport = { type: 'other', feature, function: code };
  const number = Number.parseInt(feature, 16);
  if (number >= 0x80) {
    const original = (number - 0x80).toString(16).toUpperCase().padStart(2, '0');
    return { type: 'violation', feature: original, function: code, body };
  }
  if (feature === '70') {
    if (code === '0' || code === '2') return { type: 'nopAnswer', recover: code === '2' ? 'wanted' : 'none' };
    if (code === '5') return { type: 'releaseRequest' };
    return code === '6' ? { type: 'releaseConfirm' } : other;
  }
  const extension = body.slice(0, 6).trimEnd();
  if (!/^\d{1,6}$/u.test(extension)) return other;
  const rest = body.slice(6);
  if (feature === '13' || feature === '53') {
    const on = feature === '13' ? '3' : '2';
    const off = feature === '13' ? '4' : '3';
    return code === on || code === off ? { type: 'messageLamp', extension, mode: code === on ? 'on' : 'off' } : other;
  }
  if (feature === '15' && code === '2') {
    const state = rest.charAt(0);
    if (!/^[0156]$/u.test(state)) return other;
    const cutOff = state === '1' || state === '6' ? 'on' : 'off';
    return { type: 'restriction', extension, cutOff, doNotDisturb: state === '5' || state === '6' ? 'on' : 'off' };
  }
  if (feature === '11' || feature === '12') {
    const step = known(STEPS, code);
    return step === undefined ? other : { type: 'maid', extension, step, maid: rest.slice(0, 6).trimEnd() };
  }
  if (feature === '19') return wakeUp({ extension, rest, code }) ?? other;
  return other;
}

function wakeUp({
  extension,
  rest,
  code,
}: {
  readonly extension: string;
  readonly rest: string;
  readonly code: string;
}): NecReport | undefined {
  if (code === '2') return { type: 'wakeUpCleared', extension };
  const time = /^([01]\d|2[0-3])([0-5]\d)/u.exec(rest);
  if (time === null) return undefined;
  const at = `${time[1]}:${time[2]}`;
  if (code === '1') return { type: 'wakeUpSet', extension, time: at };
  const result = code === '3' ? known(RESULTS, rest.charAt(4)) : undefined;
  return result === undefined ? undefined : { type: 'wakeUpResult', extension, time: at, result };
}
