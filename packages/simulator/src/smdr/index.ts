export { type CallLeg, endOf, type PbxCall, type PbxEvent, type PrintedRecord } from './call.js';
export { RecordView, type SmdrFaceOptions, smdrFace } from './face.js';
export { type FeedOptions, type FeedPiece, SmdrFeed } from './feed.js';
export type { CsvColumn } from './generic-csv.js';
export { type MonthOptions, monthOfCalls } from './month.js';
export {
  type Printed,
  type PrinterSettings,
  type RecordPrinter,
  SIM_SMDR_FORMATS,
  type SimSmdrFormat,
  SmdrPrinter,
  type SmdrPrinterOptions,
} from './printer.js';
export type { DateOrder, LocalTime } from './text.js';
