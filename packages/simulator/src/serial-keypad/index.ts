export {
  type KeypadBoxFaults,
  type KeypadBoxOptions,
  type KeypadBoxSink,
  SimulatedKeypadBox,
} from './keypad-box.js';
export { type KeypadAnswer, KeypadLanguage, type KeypadLanguageOptions } from './language.js';
