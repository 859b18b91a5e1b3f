import { unwant } from './flow-recording.js';
import { startFlow } from './flows.js';
import { isParty, legOf } from './lookups.js';
import { count, type Run } from './run.js';
import type { Call, Conn } from './state.js';

/**
 * The agent of a queue has hung up and the caller is alone: if the queue has a survey, the caller goes into it instead of being let go (R7). Once a call, and not where
 * anybody else than the agent ended the talk. From here on the call ends by what happens in the flow.
 */
export function beginSurvey(run: Run, call: Call, alone: Conn): 'begun' | 'none' {
  const survey = call.queueId === undefined ? undefined : run.ix.queues.get(call.queueId)?.survey;
  if (survey === undefined || call.surveyed !== undefined || call.ending?.by !== 'agent') return 'none';
  if (call.consultOf !== undefined || alone.agentId !== undefined || alone.talked === undefined) return 'none';
  if (!isParty(alone) || alone.purpose !== undefined || legOf(run, alone)?.state !== 'connected') return 'none';
  if (!run.s.config.flows.some((graph) => graph.id === survey)) return 'none';
  call.surveyed = 'surveyed';
  call.ending = undefined;
  for (const recordingId of call.recordings) unwant(run, call, recordingId);
  count(run, 'survey.begun');
  startFlow(run, call, { conn: alone, flow: survey });
  return 'begun';
}
