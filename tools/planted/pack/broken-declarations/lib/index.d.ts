import type { Gone } from './gone.js';
export declare const one: Gone;
