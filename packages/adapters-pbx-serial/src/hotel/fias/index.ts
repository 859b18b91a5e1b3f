export { ANSWER_STATUSES, type PostingVerdict, verdictOf } from './answers.js';
export { FIAS_CHARSETS, type FiasCharset, type FiasCoder, fiasCoder } from './charset.js';
export { FiasDecoder } from './decoder.js';
export { FIAS_FIELDS, type FiasFieldDefinition, type FiasFieldId, type FiasKind, fiasField } from './fields.js';
export { ACK, ENQ, encodeFias, type FiasFrame, type FiasFraming, lrcOf, MAX_FIAS_BYTES, NAK } from './frames.js';
export {
  FIAS_RECORDS,
  type FiasField,
  type FiasRecord,
  type FiasRecordDefinition,
  type FiasRecordId,
  type FiasSender,
  type FiasValues,
  fiasRecord,
  fiasText,
  fiasValue,
  readFias,
  readFieldList,
  unknownFields,
} from './records.js';
