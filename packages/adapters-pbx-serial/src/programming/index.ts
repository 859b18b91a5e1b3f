export {
  type BackupHead,
  type Comparison,
  compareBackup,
  type Difference,
  type Restored,
  type RestoreOptions,
  type RestoreProgress,
  restoreBackup,
  takeBackup,
} from './backup.js';
export {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type Backup,
  type BackupEntry,
  checksumOf,
  formatBackup,
  MAX_BACKUP_CHARS,
  parseBackup,
  type UnreadEntry,
} from './backup-file.js';
export { KTS_PARAMETER_BY_ID, KTS_PARAMETERS, type KtsParameter, type KtsParameterId } from './catalogue.js';
export { type Filling, overRange, parsePlaces } from './count-up.js';
export { KtsProgramming } from './kts-programming.js';
export {
  type Extent,
  type ExtentReading,
  extensionsOf,
  parametersOf,
  placesOf,
  readAll,
  readExtent,
} from './places.js';
export { type NewNumber, renumber } from './renumber.js';
export { StartCheck, type StartCheckOptions } from './start-check.js';
export { PARAMETER_LANGUAGES, type ParameterLanguage, type ParameterText, parameterText } from './texts.js';
export { faultOf, formatValue, isSameValue, parseSet, parseValue } from './values.js';
export { decodeValue, encodeValue, maxBytesOf, type WireValueType, wireTypeOf } from './wire-values.js';
