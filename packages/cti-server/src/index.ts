export { type TokenRequest, Tokens } from './auth/tokens.js';
export { type DriverMaker, type DriverRegistry, defineConfig, env, readFlow, readServerConfig } from './config/read.js';
export { type AppendFile, folderStorage, type JournalStorage } from './journal/storage.js';
export {
  exportJournal,
  type JournalFile,
  type JournalReplay,
  type JournalToolOptions,
  readJournalFile,
  replayJournal,
} from './journal/tools.js';
export { createLogger } from './observe/log.js';
export { type CtiServer, createServer, type ServerAddress, type ServerPorts } from './server.js';
export type { CustomerDirectory } from './shell/lookups.js';
export type { EngineMaker } from './shell/ports.js';
export { openDatabase, type SqlDatabase } from './store/database.js';
export type { ConfigObject, Page, RecordStore, StoredFile, StoredRecording } from './store/port.js';
export { SqliteStore } from './store/sqlite.js';
