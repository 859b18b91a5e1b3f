export {
  type ArchiveContent,
  type ArchiveFormat,
  type ArchiveProblem,
  archiveBlock,
  archiveFileOf,
  CSV_COLUMNS,
  readArchive,
} from './archive.js';
export {
  type ArchiveCursor,
  type ArchivePiece,
  type FolderProblem,
  openSmdrArchive,
  type SmdrArchive,
} from './archive-folder.js';
export { type ExportOptions, exportCsv, exportXlsx } from './export.js';
export {
  openSmdrIntake,
  type SmdrIntake,
  type SmdrIntakeCounts,
  type SmdrIntakeOptions,
  type SmdrIntakeSink,
} from './intake.js';
export { type MergedCall, mergeCalls } from './merge.js';
export { type CsvTable, SMDR_FORMATS, type SmdrFormatName, type SmdrOptions } from './options.js';
export { createSmdrParser, formatSmdr, type SmdrParsed, type SmdrParser } from './parser.js';
export { fitsQuery, type SmdrQuery } from './query.js';
export * from './record.js';
export { createRepeatFilter, type RepeatFilter, type RepeatOptions, type RepeatResult } from './repeats.js';
