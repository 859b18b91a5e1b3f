export { BROKEN_DRIVERS, type BrokenDriver, breakDriver, withSecondLink } from './broken-drivers.js';
export { SimulatorWorld, type SimulatorWorldOptions } from './simulator-world.js';
