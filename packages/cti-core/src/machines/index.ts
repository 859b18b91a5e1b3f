import { AGENT_WANTS_MACHINE, AGENT_WORK_MACHINE } from './agent.js';
import { CONNECTION_MACHINE } from './connection.js';
import { IVR_SESSION_MACHINE } from './ivr-session.js';
import { POP_MACHINE } from './pop.js';
import { QUEUE_ENTRY_MACHINE } from './queue-entry.js';
import { RECORDING_MACHINE } from './recording.js';
import { RESERVATION_MACHINE } from './reservation.js';
import type { Machine } from './table.js';

export * from './agent.js';
export * from './connection.js';
export * from './diagram.js';
export * from './document.js';
export * from './ivr-session.js';
export * from './pop.js';
export * from './queue-entry.js';
export * from './recording.js';
export * from './reservation.js';
export * from './table.js';

/** Every state machine of the engine, for diagrams, walks and coverage. */
export const MACHINES: readonly Machine<string, string>[] = [
  CONNECTION_MACHINE,
  AGENT_WANTS_MACHINE,
  AGENT_WORK_MACHINE,
  QUEUE_ENTRY_MACHINE,
  RESERVATION_MACHINE,
  IVR_SESSION_MACHINE,
  RECORDING_MACHINE,
  POP_MACHINE,
];
