export type { ConformanceCase } from './case.js';
export { COMPARED_CASES, comparedIn, compareRuns, type Difference, type Run, recordRun } from './compare.js';
export { LAWS, type Law, type LawBreak, LawChecker, type LawId } from './laws.js';
export { Probe, type ProbeCommand } from './probe.js';
export {
  type CaseResult,
  CONFORMANCE_CASES,
  type ConformanceOptions,
  type ConformanceReport,
  describeDriver,
  LawLedger,
  runCase,
  runConformance,
  type SuiteRunner,
} from './suite.js';
export type { PartyHabit, PbxWorld, World, WorldAbility, WorldParty } from './world.js';
