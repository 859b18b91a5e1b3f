import type { Connection } from './connections.js';

/** How far a connection has come; `same`: as far as before. */
export type Stage = Connection['stage'] | 'same';

const EXT: Readonly<Record<string, Stage>> = {
  offhook: 'initiated',
  dial: 'initiated',
  ringback: 'initiated',
  ring: 'alerting',
  intalk: 'connected',
  talk: 'connected',
  hold: 'connected',
  conf: 'connected',
};

const LINE: Readonly<Record<string, Stage>> = {
  ring: 'initiated',
  seized: 'initiated',
  dial: 'initiated',
  ringback: 'alerting',
  talk: 'connected',
  held: 'connected',
  parked: 'connected',
  conf: 'connected',
};

/** Of the state of an extension. Busy tone and howler change nothing of a call. */
export function extStage(state: string): Stage {
  return EXT[state] ?? 'same';
}

/** Of the state of a line. */
export function lineStage(state: string): Stage {
  return LINE[state] ?? 'same';
}
