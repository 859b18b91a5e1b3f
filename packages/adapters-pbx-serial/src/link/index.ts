export { Board, type BoardState } from '../map/board.js';
export { CdrIntake, type CdrIntakeOptions, type CdrStore } from './cdr-intake.js';
export { KtsLink, type KtsLinkOptions, type KtsLinkSink } from './kts-link.js';
export { KtsSession, type KtsSessionOptions } from './kts-session.js';
export { OfferedRequests, type OfferedWord } from './offered.js';
export { type AskingLink, LinkRequests, type PbxRequests } from './pbx-requests.js';
export { ReliableChannel, type ReliableChannelOptions } from './reliable-channel.js';
export type { Answer, Asked, AskOptions } from './requests.js';
