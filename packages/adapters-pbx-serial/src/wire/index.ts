export * from './kts/index.js';
export * from './kts-ascii/index.js';
export * from './kts-bin/index.js';
