export { HotelLedger, type Order, type Posting, type Report } from './ledger.js';
export { type LineFile, type LineFileContent, openLineFile } from './line-file.js';
