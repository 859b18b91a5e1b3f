export * from './contract/index.js';
export * from './duration.js';
export * from './engine/index.js';
export * from './ivr/index.js';
export * from './journal/index.js';
export * from './machines/index.js';
export * from './numbers/index.js';
export * from './routing/index.js';
