export { type TokenRequest, Tokens } from './auth/tokens.js';
export { type DriverMaker, type DriverRegistry, env, readFlow, readServerConfig } from './config/read.js';
export { defineConfig, type ServerConfig } from './config/server-config.js';
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
export type { AddressLookup } from './questions/addresses.js';
export type { Awaitable } from './questions/awaitable.js';
export type {
  Area,
  AreaProvider,
  FaxService,
  HostCall,
  HostFunction,
  HostOptions,
  HostReply,
  Recognised,
  SpeechRecogniser,
  SpeechSynthesiser,
  SpokenAudio,
} from './questions/providers.js';
export { type CtiServer, createServer, type ServerAddress, type ServerPorts } from './server.js';
export type { CustomerDirectory } from './shell/lookups.js';
export type { EngineMaker } from './shell/ports.js';
export { openDatabase, type SqlDatabase } from './store/database.js';
export {
  type BoxCount,
  FlowRecords,
  type MessageMark,
  type ScoreGroup,
  type StoredCallback,
  type StoredMessage,
} from './store/flow-records.js';
export type { FlowRecordRules } from './store/flow-statements.js';
export type { ConfigObject, Page, RecordStore, StoredFile, StoredRecording } from './store/port.js';
export { SqliteStore } from './store/sqlite.js';
