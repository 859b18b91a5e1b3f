export * from './link/index.js';
export * from './profile/index.js';
export * from './programming/index.js';
export * from './rating/index.js';
export * from './smdr/index.js';
export * from './wire/index.js';
