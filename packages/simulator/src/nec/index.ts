export { type NecFaceOptions, necFace } from './face.js';
