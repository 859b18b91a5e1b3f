import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { csvField } from '../smdr/csv.js';
import type { LocalStamp } from './local-time.js';

/** One line of the hotel's record: who came and went, which calls were charged. */
export interface HotelEvent {
  /** Local time. */
  readonly at: LocalStamp;
  readonly event: 'checkIn' | 'checkOut' | 'move' | 'call' | 'charge' | 'answer' | 'wakeUp';
  readonly room: string;
  /** Of a move: the room before. */
  readonly from?: string;
  readonly extension?: string;
  /** The other side of a call, as the rules of charging show it. */
  readonly number?: string;
  readonly durationMs?: number;
  /** Minor units. */
  readonly amount?: number;
  /** Number of the posting. */
  readonly sequence?: number;
  /** Answer status of a posting, outcome of a wake-up call, or why a call was not charged. */
  readonly status?: string;
}

/** The record that a hotel keeps beside its system, a file a month. */
export interface HotelRecords {
  /** Adds lines; resolves when they are on the disk, rejects with what the disk says. Calls while one is under way go to the disk together. */
  append(events: readonly HotelEvent[]): Promise<void>;
}

/** Columns of the CSV form, in their order. */
export const HOTEL_COLUMNS = [
  'at',
  'event',
  'room',
  'from',
  'extension',
  'number',
  'durationMs',
  'amount',
  'sequence',
  'status',
] as const satisfies readonly (keyof HotelEvent)[];

/**
 * Opens the record of a folder: `hotel-2026-11.csv` with one heading, or `hotel-2026-11.txt` with words for a person. Lines are only added. One process writes to a folder.
 *
 * @param format - default `csv`
 */
export function openHotelRecords(folder: string, format: 'csv' | 'text' = 'csv'): HotelRecords {
  let waiting: {
    readonly events: readonly HotelEvent[];
    readonly done: () => void;
    readonly failed: (error: unknown) => void;
  }[] = [];
  let isWriting = false;
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await appendAll(
          folder,
          format,
          batch.flatMap(({ events }) => events),
        );
        for (const { done } of batch) done();
      } catch (error) {
        // What comes next is written also when these callers were told of a full disk.
        for (const { failed } of batch) failed(error);
      }
    }
    isWriting = false;
  };
  return {
    append: (events) =>
      new Promise((done, failed) => {
        waiting.push({ events, done, failed });
        if (isWriting) return;
        isWriting = true;
        void write();
      }),
  };
}

async function appendAll(folder: string, format: 'csv' | 'text', events: readonly HotelEvent[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = new Map<string, HotelEvent[]>();
  for (const event of events) {
    const name = `hotel-${event.at.slice(0, 7)}.${format === 'csv' ? 'csv' : 'txt'}`;
    files.set(name, [...(files.get(name) ?? []), event]);
  }
  for (const [name, list] of files) {
    const file = await open(join(folder, name), 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      const head = size === 0 && format === 'csv' ? `${HOTEL_COLUMNS.join(',')}\n` : '';
      // A crash may have left half a line; it ends here.
      const end = size > 0 && last[0] !== 10 ? '\n' : '';
      await file.appendFile(head + end + list.map((event) => `${lineOf(event, format)}\n`).join(''));
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

function lineOf(event: HotelEvent, format: 'csv' | 'text'): string {
  const cells = HOTEL_COLUMNS.map((column) => String(event[column] ?? '').replace(/[\x00-\x1f\x7f]/gu, ' '));
  if (format === 'csv') return cells.map((cell) => csvField(cell, ',')).join(',');
  const [at = '', what = '', room = ''] = cells;
  const rest = HOTEL_COLUMNS.slice(3).flatMap((column, index) => {
    const cell = cells[index + 3] ?? '';
    return cell === '' ? [] : [`${column} ${cell}`];
  });
  return `${at.replace('T', ' ')}  ${what.padEnd(8)}  room ${room.padEnd(8)}  ${rest.join(', ')}`.trimEnd();
}
