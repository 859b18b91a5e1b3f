export { NecDecoder } from './decoder.js';
export { encodeNec } from './encode.js';
export type { NecControl, NecFrame, NecRecordFrame, NecText } from './frames.js';
export { type NecCommand, type NecModel, type NecReport, type NecRoomStatus, reportOf, textOf } from './messages.js';
export { recordOf as necRecordOf } from './record.js';
