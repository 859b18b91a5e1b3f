import { CtiError } from '@cordboard/cti-core';
import { z } from 'zod';

const room = z.string().regex(/^[^|\x00-\x1f\x7f]{1,8}$/u, '1 to 8 characters');
const extension = z.string().regex(/^\d{1,8}$/u, '1 to 8 digits');

/** Which extensions a room has, as its user writes it: every room by name, or a rule for all. */
export const roomTableSchema = z.union([
  /** Room 101 has extension `prefix`101. */
  z.strictObject({ prefix: z.string().regex(/^\d{0,4}$/u, 'up to 4 digits') }),
  /** The first extension of a room is the one that shows names and rings for wake-up calls. */
  z.strictObject({ list: z.record(room, z.union([extension, z.array(extension).min(1).max(8)])) }),
]);

/** See {@link roomTableSchema}. */
export type RoomTable = z.input<typeof roomTableSchema>;

/** Rooms and their extensions. */
export interface Rooms {
  /** Extensions of a room, the main one first; none: there is no such room. */
  extensionsOf(room: string): readonly string[];
  /** The room that an extension stands in. */
  roomOf(extension: string): string | undefined;
}

/**
 * Makes a table of rooms ready.
 *
 * @throws {CtiError} `config.invalid` a wrong entry, or an extension that stands in two rooms
 */
export function roomsOf(table: RoomTable): Rooms {
  const checked = roomTableSchema.safeParse(table);
  if (!checked.success) throw wrong(checked.error.issues[0]?.message ?? 'unreadable');
  const { data } = checked;
  if ('prefix' in data) {
    const { prefix } = data;
    const isRoom = (text: string): boolean => /^\d{1,8}$/u.test(text);
    return {
      extensionsOf: (name) => (isRoom(name) ? [prefix + name] : []),
      roomOf(number) {
        const name = number.slice(prefix.length);
        return number.startsWith(prefix) && isRoom(name) ? name : undefined;
      },
    };
  }
  const byRoom = new Map(
    Object.entries(data.list).map(([name, numbers]) => [name, typeof numbers === 'string' ? [numbers] : numbers]),
  );
  const byExtension = new Map<string, string>();
  for (const [name, numbers] of byRoom) {
    for (const number of numbers) {
      if (byExtension.has(number)) throw wrong('an extension stands in two rooms');
      byExtension.set(number, name);
    }
  }
  return { extensionsOf: (name) => byRoom.get(name) ?? [], roomOf: (number) => byExtension.get(number) };
}

function wrong(message: string): CtiError {
  return new CtiError('config.invalid', `the table of rooms is wrong: ${message}`, { details: { path: 'rooms' } });
}
