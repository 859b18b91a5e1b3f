export * from './kts/index.js';
export * from './kts-ascii/index.js';
export * from './kts-bin/index.js';
export * from './nec-pms/index.js';
export * from './shenou-uso/index.js';
