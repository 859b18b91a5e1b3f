import type { MakeFormat } from '../fields.js';
import type { SmdrFormatName } from '../options.js';
import { dbs } from './dbs.js';
import { definity80 } from './definity.js';
import { genericCsv } from './generic-csv.js';
import { ipofficeCsv } from './ipoffice.js';
import { kxTa } from './kx-ta.js';
import { kxTd, panasonicA, panasonicB, panasonicC } from './panasonic.js';
import { shenou } from './shenou.js';

/** Every format by its name. */
export const FORMATS: Readonly<Record<SmdrFormatName, MakeFormat>> = {
  'panasonic-a': panasonicA,
  'panasonic-b': panasonicB,
  'panasonic-c': panasonicC,
  'kx-td': kxTd,
  'kx-ta': kxTa,
  dbs,
  shenou,
  'ipoffice-csv': ipofficeCsv,
  'definity-80': definity80,
  'generic-csv': genericCsv,
};
