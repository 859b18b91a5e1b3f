export * from './longest-idle.js';
export * from './ranked-set.js';
