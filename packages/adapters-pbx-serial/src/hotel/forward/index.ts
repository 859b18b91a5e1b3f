export { type ByteForward, type ForwardLoss, type ForwardOptions, forwardBytes } from './byte-forward.js';
export {
  type ByteForwardOptions,
  byteForwardOptions,
  FORWARD_DRAIN_MS,
  type ForwardHost,
  type RecordForward,
  type RecordForwardInput,
  type RecordForwardOptions,
  recordForwardOptions,
  startByteForward,
  startRecordForward,
} from './forward-options.js';
export { forwardShenou } from './shenou-forward.js';
