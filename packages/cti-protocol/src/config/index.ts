export * from './duration.js';
export * from './input.js';
export * from './named-input.js';
export { resolveNames } from './names.js';
export * from './resolve.js';
export * from './services-input.js';
export * from './tenant.js';
