export * from './canonical.js';
export * from './replay.js';
export * from './scrub.js';
export * from './sha256.js';
