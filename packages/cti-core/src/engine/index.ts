export { DUMP_SCHEMA } from './dump.js';
export { CORE_VERSION, createEngine, restoreEngine } from './engine.js';
export { PLANNER, SERVICES, type Service, type Way } from './planner.js';
export { SHOWN_WAITING } from './views.js';
