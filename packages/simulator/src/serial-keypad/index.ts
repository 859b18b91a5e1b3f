export {
  type KeypadBoxFaults,
  type KeypadBoxOptions,
  type KeypadBoxSink,
  SimulatedKeypadBox,
} from './keypad-box.js';
export { KeypadCircuit, type KeypadCircuitOptions, type KeypadFaults } from './keypad-circuit.js';
export { type KeypadAnswer, type KeypadEntry, KeypadLanguage, type KeypadLanguageOptions } from './language.js';
export { attachKeypad } from './pbx-keypad.js';
