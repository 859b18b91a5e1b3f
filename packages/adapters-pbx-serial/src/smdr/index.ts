export { type CsvTable, SMDR_FORMATS, type SmdrFormatName, type SmdrOptions } from './options.js';
export { createSmdrParser, formatSmdr, type SmdrParsed, type SmdrParser } from './parser.js';
export * from './record.js';
