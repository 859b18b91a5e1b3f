import { one } from '../src/index.js';
// @ts-expect-error is fine by now
export const number: number = one;
