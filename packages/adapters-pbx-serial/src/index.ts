export * from './rating/index.js';
export * from './smdr/index.js';
