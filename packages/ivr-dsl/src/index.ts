export type { IvrGraph, IvrPrompt } from '@cordboard/cti-core';
export {
  type CheckOptions,
  type CheckSite,
  checkAllIvr,
  checkIvr,
  IVR_PROBLEMS,
  type IvrProblem,
  type IvrProblemCode,
} from './check/check.js';
export type { Complete, NotInThisFlow } from './complete.js';
export { defineIvr, type FlowBounds, type IvrFlow, type IvrOptions, subflow } from './define.js';
export type { Duration } from './duration.js';
export {
  type AnswerOf,
  type HostCall,
  type HostFunction,
  hostFunction,
  implement,
  type PassedTo,
} from './host-function.js';
export { fromJson, MAX_JSON_TEXT, toJson } from './json.js';
export {
  type MailboxOptions,
  mailbox,
  markMessage,
  nextMessage,
  openBox,
} from './mailbox.js';
export {
  type CollectOptions,
  collect,
  type KeysOptions,
  type ListenOptions,
  listen,
  type MenuOptions,
  menu,
  type QuestionOptions,
  type RecordOptions,
  record,
} from './nodes/asking.js';
export {
  type AreaOptions,
  area,
  type HoursOptions,
  hours,
  type ListOptions,
  list,
  mode,
} from './nodes/branching.js';
export { type MessageOptions, message, score, set } from './nodes/keeping.js';
export {
  compute,
  type FaxOptions,
  fax,
  type HostOptions,
  type HttpOptions,
  http,
  type OutsideOptions,
  query,
} from './nodes/outside.js';
export {
  type CallbackOptions,
  callback,
  type Goal,
  type OrderDeskOptions,
  orderDesk,
  type QueueOptions,
  queue,
  type TransferOptions,
  transfer,
} from './nodes/reaching.js';
export { hangup, language, type PlayOptions, play, returns } from './nodes/speaking.js';
export { BACK, END, RETURN } from './refs.js';
export {
  type AgainInput,
  date,
  digits,
  money,
  noBargeIn,
  number,
  recording,
  type SayInput,
  type SayPart,
  silence,
  type Tapered,
  tapered,
  text,
  time,
} from './say.js';
export type { AnySpec, NodeSpec, OfficeHours, OpenTime, Target } from './spec.js';
export { levels, type SurveyOptions, survey } from './survey.js';
export { type VoicemailOptions, voicemail } from './voicemail.js';
