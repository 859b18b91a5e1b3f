export {
  Coverage,
  type CoverageFile,
  edgeName,
  type FlowCounts,
  type FlowCoverage,
  readCoverage,
  type Share,
} from '../coverage.js';
export { type CoverOptions, type CoverResult, coverEdges, type Uncovered } from './cover.js';
export type { Exit, Left } from './drive.js';
export { expectCoverage } from './expect-coverage.js';
export type { Expectations, HowOver } from './expectations.js';
export { FlowCaller, flowTest } from './flow-test.js';
export { type Move, printScript, type Script, type WorldOfScript } from './moves.js';
export type { Area, Asked, FlowTestOptions, FunctionReply, HttpAsked, HttpReply, Reply } from './options.js';
export { expectSound, randomWalks, type Walked, type WalkFailure, type WalkOptions, type WalkReport } from './walks.js';
