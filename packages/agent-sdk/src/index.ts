export { CtiError, type CtiErrorCode, isCtiError } from '@cordboard/cti-core';
export type { HostOptions, SocketConstructor, SocketLike } from './base/host.js';
export type { EventSource } from './base/hub.js';
export type { CallNote, CallNoteText, MissedCall } from './desk/call-log.js';
export { type AgentOptions, connectAgent } from './desk/connect-agent.js';
export type {
  AgentDesk,
  AgentInfo,
  Call,
  CallEnd,
  CallList,
  DeskEvents,
  ParkedCall,
  Settled,
  WaitOptions,
} from './desk/types.js';
export type { BackoffOptions } from './link/backoff.js';
export type { ConnectOptions } from './link/connect.js';
export type { LinkState } from './link/link-state.js';
export type { TokenReason } from './link/server-link.js';
export type { OtherParty, Party } from './model/party.js';
export type { AgentState, CallAction, CallState } from './model/words.js';
export type { FrameLike, PopPlace } from './pop/opener.js';
export { type Pop, type PopReceipt, type ScreenPop, type ScreenPopOptions, screenPop } from './pop/screen-pop.js';
export { connectSupervisor, type SupervisorOptions } from './supervisor/connect-supervisor.js';
export type {
  BoardAgent,
  BoardCall,
  BoardDevice,
  BoardEvents,
  BoardQueue,
  BoardWaiting,
  MonitorTarget,
  Supervisor,
} from './supervisor/types.js';
