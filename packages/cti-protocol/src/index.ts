export * from './client-commands.js';
export * from './errors.js';
export * from './frames.js';
export * from './ids.js';
export * from './numbers.js';
export * from './types.js';
export * from './views.js';
