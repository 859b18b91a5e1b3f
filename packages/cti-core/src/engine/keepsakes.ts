import type { QueueId } from '../contract/ids.js';
import type { IvrKeepsake } from '../contract/ivr-session.js';
import { changeMessage } from './flow-recording.js';
import type { Run } from './run.js';
import { partyOf } from './seat-goals.js';
import type { Call } from './state.js';

/** Writes down what a flow keeps beside the call's own record. */
export function keep(run: Run, call: Call, what: IvrKeepsake): void {
  switch (what.kind) {
    case 'discard':
    case 'contact':
      return changeMessage(run, call, what);
    case 'score': {
      const agentId = call.agents.at(-1);
      const { survey, score } = what;
      const value = {
        callId: call.id,
        survey,
        score,
        ...(agentId === undefined ? {} : { agentId }),
        ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
        atWallMs: run.wall,
      };
      run.out.push({ kind: 'record', record: { table: 'score', key: `${call.id}:${survey}`, value } });
      return;
    }
    case 'callback': {
      const value = {
        callId: call.id,
        queueId: what.queue as QueueId,
        number: partyOf(run, what.number),
        askedWallMs: run.wall,
      };
      run.out.push({ kind: 'record', record: { table: 'callback', key: call.id, value } });
      return;
    }
  }
}
