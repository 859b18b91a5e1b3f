export { AskedPlaybacks } from './asked-playbacks.js';
export { checkedOptions } from './checked-options.js';
export { sleep, systemClock } from './clock.js';
export { type CarryOut, CommandDesk } from './command-desk.js';
export { type AwaitOptions, Correlator, type CorrelatorOptions } from './correlator.js';
export type { FrameDecoder } from './frame-decoder.js';
export { Lanes } from './lanes.js';
export { LinkLife } from './link-life.js';
export { type LinkLogOptions, linkLog } from './link-log.js';
export {
  backoffMs,
  DEFAULT_LINK_POLICY,
  LinkLoop,
  type LinkLoopOptions,
  type LinkPolicy,
  type LinkSession,
  type LinkState,
  reasonOf,
} from './link-loop.js';
export { type KeptConnection, type LiveParts, liveSnapshot } from './live-snapshot.js';
export { type ConnectionCommand, carryOutMedia, type MediaHands } from './media-commands.js';
export { ACCEPTED, refused, replyOfError } from './replies.js';
export { Unreadable } from './unreadable.js';
