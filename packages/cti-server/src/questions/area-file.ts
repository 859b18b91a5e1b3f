import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock, Logger } from '@cordboard/cti-core';
import { AreaTable, MAX_ROWS } from './area-table.js';
import { splitCsvLine } from './csv.js';
import type { Area, AreaProvider } from './providers.js';

/** How often the file is looked at, at most, ms. Nothing is looked at while nobody asks. */
const LOOK_MS = 5000;
/** A longer line is none of ours. */
const MAX_LINE = 1024;

/** What an area file is read with. */
export interface AreaFileOptions {
  readonly file: string;
  /** Country code and prefix of national numbers, for beginnings that are written without a `+`. */
  readonly dialPlan: () => { readonly countryCode: string; readonly nationalPrefix?: string };
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Where numbers belong, from a text file of lines `prefix,province,city,carrier` (UTF-8, quotes as in RFC 4180, a heading is passed over). Beginnings are E.164 with a `+`, or
 * national: `010` and `10` are both Beijing's where the country is 86. A changed file is read anew while the old table answers; one that cannot be read, or has more than 500,000 rows,
 * leaves the old table in place.
 */
export class AreaFile {
  readonly #options: AreaFileOptions;
  #table = new AreaTable();
  #seen = '';
  #lookedMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(options: AreaFileOptions) {
    this.#options = options;
  }

  /** Rows that answer now. */
  get rows(): number {
    return this.#table.rows;
  }

  /** Reads the file if it has changed. Never rejects: what is wrong is told in the log. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read()
      .catch(() => this.#options.log.warn('the file of areas cannot be read', { file: this.#options.file }))
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }

  /** See {@link AreaProvider}. Waits for the first reading of the file, never for a later one. */
  readonly find: AreaProvider = async (number): Promise<Area | undefined> => {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#lookedMs >= LOOK_MS) {
      this.#lookedMs = nowMs;
      const reading = this.refresh();
      if (this.#seen === '') await reading;
    } else if (this.#seen === '') await this.#reading;
    const digits = this.#digitsOf(number);
    return digits === undefined ? undefined : this.#table.find(digits);
  };

  #digitsOf(text: string): string | undefined {
    const plain = text.replace(/[\s().-]/gu, '');
    if (/^\+\d{1,15}$/u.test(plain)) return plain.slice(1);
    if (!/^\d{1,15}$/u.test(plain)) return undefined;
    const { countryCode, nationalPrefix = '0' } = this.#options.dialPlan();
    const bare = nationalPrefix !== '' && plain.startsWith(nationalPrefix) ? plain.slice(nationalPrefix.length) : plain;
    return bare === '' ? undefined : `${countryCode}${bare}`;
  }

  async #read(): Promise<void> {
    const { file, log } = this.#options;
    const { mtimeMs, size } = await stat(file);
    const version = `${mtimeMs} ${size}`;
    if (version === this.#seen) return;
    const table = new AreaTable();
    let passedOver = 0;
    for await (const line of lines(file)) {
      const [prefix = '', province = '', city = '', carrier = ''] = splitCsvLine(line);
      const digits = this.#digitsOf(prefix.trim());
      if (digits === undefined) {
        passedOver += 1;
        continue;
      }
      const area = { ...word('province', province), ...word('city', city), ...word('carrier', carrier) };
      const outcome = table.add(digits, area);
      if (outcome === 'invalid') passedOver += 1;
      if (outcome === 'full') {
        log.error('the file of areas has too many rows: the table before is kept', { file, most: MAX_ROWS });
        this.#seen = version;
        return;
      }
    }
    this.#table = table;
    this.#seen = version;
    log.info('areas were read', { rows: table.rows, passedOver });
  }
}

function word<K extends keyof Area>(key: K, text: string): Area {
  const trimmed = text.trim();
  return trimmed === '' ? {} : { [key]: trimmed };
}

/** Lines as they are read; the reader's pauses let calls go on meanwhile. */
async function* lines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 65_536 })) {
    const parts = (rest + String(chunk)).split('\n');
    rest = (parts.pop() ?? '').slice(0, MAX_LINE);
    for (const part of parts) {
      const line = part.replace(/^\uFEFF/u, '').trimEnd();
      if (line !== '' && line.length <= MAX_LINE) yield line;
    }
  }
  if (rest.trim() !== '') yield rest.trimEnd();
}
