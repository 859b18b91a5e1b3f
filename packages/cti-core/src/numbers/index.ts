export { compactNumber } from './dialled-text.js';
export { maskDigits, maskNumber } from './display.js';
export { isOwnNumber, normalise } from './normalise.js';
export { type DialDecision, MAX_DIALLED, planDial } from './plan-dial.js';
export { DEFAULT_EMERGENCY, isEmergency, isInternal, numberKey } from './site.js';
export { writtenForms } from './written-forms.js';
