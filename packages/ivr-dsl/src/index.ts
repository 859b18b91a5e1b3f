export type { IvrGraph } from '@cordboard/cti-core';
export { type CheckOptions, checkIvr, IVR_PROBLEMS, type IvrProblem, type IvrProblemCode } from './check/check.js';
export { type Complete, defineIvr, type IvrFlow, type IvrOptions, subflow } from './define.js';
export type { Duration } from './duration.js';
export { fromJson, MAX_JSON_TEXT, toJson } from './json.js';
export {
  type CollectOptions,
  collect,
  type Goal,
  type HoursOptions,
  hangup,
  hours,
  language,
  type MenuOptions,
  menu,
  type PlayOptions,
  play,
  type QueueOptions,
  queue,
  returns,
  set,
  type TransferOptions,
  transfer,
} from './nodes.js';
export { BACK, END, RETURN } from './refs.js';
export { digits, money, number, type SayInput, type SayPart, silence, text } from './say.js';
export type { AnySpec, NodeSpec, OfficeHours, OpenTime, Target } from './spec.js';
