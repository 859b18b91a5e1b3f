export { type FeedCase, type FeedFault, type FeedSample, type FeedSubject, feedEveryWay } from './feed-every-way.js';
export { filesAtRest } from './files-at-rest.js';
export { SimulatedClock, settle } from './simulated-clock.js';
export { readTrace, readTraces, replay, streamsOf, type Trace, type TraceRecord, type TraceStream } from './trace.js';
