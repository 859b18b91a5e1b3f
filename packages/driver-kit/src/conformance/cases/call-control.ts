import type { ConformanceCase } from '../case.js';
import { basicCases } from './call-control-basic.js';
import { boardCases } from './call-control-board.js';
import { joinCases } from './call-control-join.js';
import { outageCases } from './call-control-outage.js';

/** Switches that carry services out themselves (profile `callControl`). */
export const callControlCases: readonly ConformanceCase[] = [
  ...basicCases,
  ...joinCases,
  ...boardCases,
  ...outageCases,
].map((item) => ({ ...item, profiles: ['callControl'], world: ['pbx', ...(item.world ?? [])] }));
