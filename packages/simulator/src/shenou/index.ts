export { shenouFace } from './face.js';
