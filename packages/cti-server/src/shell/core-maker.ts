import { CORE_VERSION, createEngine, restoreEngine } from '@cordboard/cti-core';
import type { EngineMaker } from './ports.js';

/** Engines of the installed core. */
export const coreMaker: EngineMaker = { version: CORE_VERSION, create: createEngine, restore: restoreEngine };
