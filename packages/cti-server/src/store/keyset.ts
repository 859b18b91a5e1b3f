import { CtiError } from '@cordboard/cti-core';
import type { SqlRow, SqlValue } from './database.js';

/** The place of the last row of a page: rows are ordered by `started`, then `id`, newest first. */
export interface Place {
  readonly started: number;
  readonly id: number;
}

/** The text form of a place. */
export function encodePlace(place: Place): string {
  return Buffer.from(`${place.started}.${place.id}`).toString('base64url');
}

/** @throws {CtiError} `argument.invalid` for a text that is no place */
export function decodePlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(\d{1,16})\.(\d{1,16})$/u.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) {
    throw new CtiError('argument.invalid', 'cursor: expected `next` of the page before', {
      details: { path: 'cursor' },
    });
  }
  return { started: Number(match[1]), id: Number(match[2]) };
}

/** Conditions of a query that grow together with their values. */
export class Conditions {
  readonly #texts: string[] = [];
  readonly #values: SqlValue[] = [];

  /** Adds a condition unless its value is `undefined`. */
  add(text: string, value: SqlValue | undefined): this {
    if (value === undefined) return this;
    this.#texts.push(text);
    this.#values.push(value);
    return this;
  }

  /** Adds a condition without a value. */
  always(text: string): this {
    this.#texts.push(text);
    return this;
  }

  /** Bounds by time and by the place where the page before ended; `from` and `place` name the table that drives the query. */
  addWindow(
    columns: { readonly started: string; readonly id: string },
    query: { readonly from?: number; readonly to?: number; readonly cursor?: string },
  ): this {
    this.add(`${columns.started} >= ?`, query.from).add(`${columns.started} < ?`, query.to);
    const place = decodePlace(query.cursor);
    if (place !== undefined) {
      this.#texts.push(`(${columns.started}, ${columns.id}) < (?, ?)`);
      this.#values.push(place.started, place.id);
    }
    return this;
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.join(' AND ')}`;
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }
}

/** Makes a page of one row more than asked for. Rows have `started`, `id` and what `read` needs. */
export function toPage<T>(
  rows: readonly SqlRow[],
  limit: number,
  read: (row: SqlRow) => T,
): { items: T[]; next?: string } {
  const items = rows.slice(0, limit).map(read);
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items };
  return { items, next: encodePlace({ started: Number(last.started), id: Number(last.id) }) };
}
