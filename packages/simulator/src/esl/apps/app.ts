import type { Channel } from '../switch/channel.js';
import type { EslSwitch } from '../switch/esl-switch.js';

/** Why a channel is taken out of an application before its end. */
export type LeaveReason = 'hangup' | 'transfer' | 'break';

/** One run of an application on a channel. */
export interface AppRun {
  readonly sw: EslSwitch;
  readonly channel: Channel;
  readonly data: string;
  /** How often in a row, for those that can be repeated; -1 for ever. */
  readonly loops: number;
  /** It is over: CHANNEL_EXECUTE_COMPLETE with this response, default `_none_`. */
  done(response?: string): void;
  /** What is to happen when the channel has to leave; calls `then` when that has been told. */
  onLeave(leave: (why: LeaveReason, then: (response?: string) => void) => void): void;
  /** Runs when no application nested in this one runs any more: at once where none does. */
  whenInnermost(run: () => void): void;
}

/** What an application does. */
export type App = (run: AppRun) => void;

/** Applications by name. */
export type AppTable = Readonly<Record<string, App>>;
