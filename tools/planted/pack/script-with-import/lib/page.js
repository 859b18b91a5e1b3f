import { one } from './index.js';
globalThis.one = one;
