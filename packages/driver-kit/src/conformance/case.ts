import type { DriverCapability, DriverProfile } from '@cordboard/cti-core';
import type { Probe } from './probe.js';
import type { WorldAbility } from './world.js';

/** One sentence of the contract as an experiment. Ids are stable: they never change their meaning and are never used again. */
export interface ConformanceCase {
  readonly id: string;
  readonly says: string;
  /** What a driver of another profile is excused from. Default `media` and `line`, where the engine composes services; `every`: all. */
  readonly profiles?: readonly DriverProfile[] | 'every';
  /** Without one of these the driver is excused. */
  readonly needs?: readonly DriverCapability[];
  /** Without one of these the world cannot ask. */
  readonly world?: readonly WorldAbility[];
  run(probe: Probe): Promise<void>;
}
