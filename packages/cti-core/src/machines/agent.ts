import type { AgentState } from '../contract/views.js';
import { ignore, type Machine } from './table.js';

/** What an agent wants: the first axis. */
export type AgentWants = 'loggedOff' | 'notReady' | 'ready';
/** What moves it. `logOff` and `notReady` are also said by the system and by supervisors. */
export type AgentWantsEvent = 'logOn' | 'logOff' | 'ready' | 'notReady';

/** The first axis of an agent: what the person wants. */
export const AGENT_WANTS_MACHINE: Machine<AgentWants, AgentWantsEvent> = {
  name: 'agentWants',
  start: 'loggedOff',
  end: [],
  table: {
    loggedOff: {
      logOn: 'notReady',
      logOff: 'reject',
      ready: 'reject',
      notReady: 'reject',
    },
    notReady: {
      logOn: 'reject',
      logOff: 'loggedOff',
      ready: 'ready',
      notReady: 'notReady',
    },
    ready: {
      logOn: 'reject',
      logOff: 'loggedOff',
      ready: ignore('race:readyTwice'),
      notReady: 'notReady',
    },
  },
};

/** What the switch has an agent doing: the second axis. */
export type AgentWork = 'free' | 'reserved' | 'busy' | 'afterCall';
/** What moves it. `vacated` ends the last connection, `vacatedWithWork` does so and begins after-call work. */
export type AgentWorkEvent = 'reserved' | 'released' | 'occupied' | 'vacated' | 'vacatedWithWork' | 'workDone';

/** The second axis of an agent: what the switch has them doing. */
export const AGENT_WORK_MACHINE: Machine<AgentWork, AgentWorkEvent> = {
  name: 'agentWork',
  start: 'free',
  end: [],
  table: {
    free: {
      reserved: 'reserved',
      released: 'reject',
      occupied: 'busy',
      vacated: 'reject',
      vacatedWithWork: 'reject',
      workDone: 'reject',
    },
    reserved: {
      reserved: 'reject',
      released: 'free',
      occupied: 'busy',
      vacated: 'reject',
      vacatedWithWork: 'reject',
      workDone: 'reject',
    },
    busy: {
      // The last connection has gone while an offer still rings.
      reserved: 'reserved',
      released: ignore('race:offerEndsWhileBusy'),
      occupied: ignore('race:secondConnection'),
      vacated: 'free',
      vacatedWithWork: 'afterCall',
      workDone: 'reject',
    },
    afterCall: {
      // A queue that after-call work does not block: the offer ends it.
      reserved: 'reserved',
      released: 'reject',
      occupied: 'busy',
      vacated: 'reject',
      vacatedWithWork: 'reject',
      workDone: 'free',
    },
  },
};

/** The one public state of an agent, computed from both axes. `seat` `down`: the seat cannot be reached, so no work comes. */
export function agentStateOf(
  wants: AgentWants,
  work: AgentWork,
  seat: 'up' | 'down',
): { readonly state: AgentState; readonly reason?: 'deviceDown' } {
  switch (work) {
    case 'reserved':
      return { state: 'reserved' };
    case 'busy':
      return { state: 'busy' };
    case 'afterCall':
      return { state: 'workingAfterCall' };
    case 'free':
      if (wants === 'ready' && seat === 'down') return { state: 'notReady', reason: 'deviceDown' };
      return { state: wants };
  }
}
