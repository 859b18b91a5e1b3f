import type { VoiceFile, VoiceQuery } from '@cordboard/cti-protocol';
import type { SqlDatabase, SqlRow, SqlValue } from './database.js';
import { Conditions, toPage } from './keyset.js';
import type { Page } from './port.js';

/** One version of one sound. */
export interface VoicePlace {
  readonly language: string;
  readonly name: string;
  readonly version: number;
}

/** What the voice library knows of its files. */
export class VoiceTable {
  readonly #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** Newest first. */
  async list(query: VoiceQuery): Promise<Page<VoiceFile>> {
    const conditions = new Conditions()
      .add('language = ?', query.language)
      .add('name = ?', query.name)
      .add('state = ?', query.state)
      .addWindow({ started: 'started', id: 'id' }, query);
    const rows = await this.#all(
      `SELECT id, started, body FROM voice ${conditions.where} ORDER BY started DESC, id DESC LIMIT ?`,
      ...conditions.values,
      query.limit + 1,
    );
    return toPage(rows, query.limit, fileOf);
  }

  /** All of them, for the memory. */
  async all(): Promise<readonly VoiceFile[]> {
    return (await this.#all('SELECT body FROM voice ORDER BY id')).map(fileOf);
  }

  async get({ language, name, version }: VoicePlace): Promise<VoiceFile | undefined> {
    const rows = await this.#all(
      'SELECT body FROM voice WHERE language = ? AND name = ? AND version = ?',
      language,
      name,
      version,
    );
    return rows[0] === undefined ? undefined : fileOf(rows[0]);
  }

  /** Writes files as one: all of them or none. */
  async put(...files: readonly VoiceFile[]): Promise<void> {
    await this.#database.transact(
      files.map((file) => ({
        sql: `INSERT INTO voice (language, name, version, started, state, body) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (language, name, version) DO UPDATE SET state = excluded.state, body = excluded.body`,
        values: [file.language, file.name, file.version, file.uploadedWallMs, file.state, JSON.stringify(file)],
      })),
    );
  }

  async remove({ language, name, version }: VoicePlace): Promise<void> {
    const sql = 'DELETE FROM voice WHERE language = ? AND name = ? AND version = ?';
    await this.#database.transact([{ sql, values: [language, name, version] }]);
  }

  #all(sql: string, ...values: SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#database.all({ sql, values });
  }
}

const fileOf = (row: SqlRow): VoiceFile => JSON.parse(String(row.body)) as VoiceFile;
