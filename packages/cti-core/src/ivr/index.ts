export { contentVersion } from './content-version.js';
export { datePrompts } from './date.js';
export {
  compileDigitPattern,
  type DigitPattern,
  MAX_DIGITS,
  MAX_PATTERN_TEXT,
  matchesDigitPattern,
} from './digit-pattern.js';
export { edgesOf, type IvrEdge, nodeOf, RESERVED_REFS } from './graph-access.js';
export { dayKindOf, type Moment, openTarget, ruleFits } from './hours.js';
export { type LocalTime, localTime, minutesOf } from './local-time.js';
export { MAX_SAY_ITEMS, MAX_SILENCE_MS } from './media.js';
export { moneyPrompts } from './money.js';
export { MAX_AHEAD } from './run.js';
export { createIvrSession, type IvrStep, stepIvr } from './step.js';
export {
  isVariableName,
  MAX_VALUE_TEXT,
  MAX_VARIABLES,
  referencesIn,
  SYSTEM_VARIABLES,
} from './variables.js';
export { MAX_DEPTH, MAX_ENTERED } from './walk.js';
export type { IvrWorld } from './world.js';
