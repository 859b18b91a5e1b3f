export {
  type CompiledOrder,
  compileItem,
  compileOrder,
  hasPlace,
  type KeypadExpectation,
  type KeypadOrder,
  type KeypadStep,
  keypadFault,
} from './compile.js';
export { DeviceKeypadLine, type DeviceLineOptions, type KeypadDevice, type KeypadDeviceSink } from './device-line.js';
export {
  KEYPAD_MODELS,
  type KeypadItem,
  type KeypadModel,
  type KeypadParameter,
  keypadItems,
  type RestrictionTables,
} from './items.js';
export type { KeypadLine, KeypadTone } from './keypad-line.js';
export { KeypadProgramming, type KeypadProgrammingOptions } from './keypad-programming.js';
export {
  KEYPAD_TIMES,
  type KeypadOutcome,
  KeypadSession,
  type KeypadSessionOptions,
  type KeypadTimes,
} from './keypad-session.js';
export { ToneEar, type ToneEarOptions } from './tone-ear.js';
