import type { DriverCapability } from '@cordboard/cti-core';
import type { Probe } from './probe.js';
import type { WorldAbility } from './world.js';

/** One sentence of the contract as an experiment. Ids are stable: they never change their meaning and are never used again. */
export interface ConformanceCase {
  readonly id: string;
  readonly says: string;
  /** Without one of these the driver is excused. */
  readonly needs?: readonly DriverCapability[];
  /** Without one of these the world cannot ask. */
  readonly world?: readonly WorldAbility[];
  run(probe: Probe): Promise<void>;
}
