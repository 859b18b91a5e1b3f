import type { RoomCommand, RoomStatus } from '@cordboard/cti-core';
import { type FiasRecord, fiasValue } from '../fias/index.js';
import { localOf } from '../local-time.js';

/** Classes of service of the PBX by those of the hotel's system (`CS` 0-3), and for a room that is let. */
export interface ClassTable {
  /** `CS` 0 inside only, 1 local, 2 national, 3 everywhere. */
  readonly byLevel: readonly [number, number, number, number];
  /** At check-in without `CS`; default: what the PBX gives. */
  readonly checkedIn?: number;
}

/** Classes of kts-1: 1 is free, 6 inside only; what lies between is the installer's. */
export const DEFAULT_CLASSES: ClassTable = { byLevel: [6, 4, 2, 1] };

/** What came of a record of the hotel's system. */
export interface DeskResult {
  /** For the PBX, in this order. */
  readonly commands: readonly RoomCommand[];
  /** Rooms whose guests are others now. */
  readonly changed: readonly string[];
  /** Rooms whose wake-up calls end. */
  readonly awakeless?: readonly string[];
  /** A guest took his wake-up calls along. */
  readonly moved?: { readonly from: string; readonly to: string };
  readonly wake?: { readonly what: 'set' | 'clear'; readonly room: string; readonly at: string };
  /** Why nothing or not all was done. */
  readonly trouble?: 'unknownRoom' | 'incomplete' | 'emptySwap';
  /** For the record file. */
  readonly happened?: {
    readonly event: 'checkIn' | 'checkOut' | 'move';
    readonly room: string;
    readonly from?: string;
  };
}

/** Nothing to do. */
export const NOTHING: DeskResult = { commands: [], changed: [] };
/** A guest whose reservation is not told. */
export const SOMEBODY = '-';
/** `RS`: 5 and 6 are both inspected, without and with a guest. Source: public FIAS specification, maid status table. */
export const STATUS_OF: Readonly<Record<string, RoomStatus>> = {
  '1': 'dirtyVacant',
  '2': 'dirtyOccupied',
  '3': 'cleanVacant',
  '4': 'cleanOccupied',
  '5': 'inspected',
  '6': 'inspected',
};

/** Nothing is done, and why. */
export const trouble = (what: 'unknownRoom' | 'incomplete' | 'emptySwap'): DeskResult => ({
  ...NOTHING,
  trouble: what,
});

/** `Y` or `N` as a mode. */
export const modeOf = (flag: string | undefined): 'on' | 'off' | undefined =>
  flag === undefined ? undefined : flag === 'Y' ? 'on' : 'off';

/** The name of a guest for a display. */
export function nameOf(record: FiasRecord): string | undefined {
  const [last, first] = [fiasValue(record, 'GN'), fiasValue(record, 'GF')];
  const name = [first, last].filter((part) => part !== undefined).join(' ');
  return name === '' ? undefined : name;
}

/** WR or WC. */
export function wakeOf(room: string, record: FiasRecord): DeskResult {
  const [date, time] = [fiasValue(record, 'DA'), fiasValue(record, 'TI')];
  if (date === undefined || time === undefined) return trouble('incomplete');
  return {
    ...NOTHING,
    wake: { what: record.id === 'WR' ? 'set' : 'clear', room, at: localOf(date, time) },
  };
}
