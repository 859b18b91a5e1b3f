export {
  type CharacterShape,
  type Question,
  type Reading,
  SERIAL_LANGUAGES,
  type SerialLanguage,
} from './languages.js';
export {
  type EighthBit,
  eighthBitOf,
  type Fit,
  fitOf,
  fitWith,
  otherLanguage,
  settingsText,
  settingsToTry,
} from './verdict.js';
