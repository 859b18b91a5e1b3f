export { type ByteForward, type ForwardLoss, type ForwardOptions, forwardBytes } from './byte-forward.js';
export { forwardShenou } from './shenou-forward.js';
