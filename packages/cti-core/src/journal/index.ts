export * from './canonical.js';
export * from './hash.js';
