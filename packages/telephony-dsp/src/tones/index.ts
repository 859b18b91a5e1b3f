export { ANSWER_CONFIDENCE, type AnswerOptions } from './answer-core.js';
export { type CallFollower, type CallProgressEvent, createAnswer, createCallProgress } from './call-progress.js';
export { createToneLearner, type ToneLearner, type ToneLearnerOptions } from './learner.js';
export { createProgress, type ProgressOptions } from './progress.js';
export * from './sets.js';
export {
  checkToneSet,
  DEFAULT_TOLERANCE_HZ,
  DEFAULT_TOLERANCE_TIME,
  isToneSet,
  type ToneSet,
  type ToneSpec,
} from './tone-set.js';
