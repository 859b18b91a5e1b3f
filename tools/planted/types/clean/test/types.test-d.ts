import { one } from '../src/index.js';
// @ts-expect-error a number is no text
export const text: string = one;
