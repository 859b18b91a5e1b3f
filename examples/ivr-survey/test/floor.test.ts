import { asId, type FlowId } from '@cordboard/cti-core';
import { virtualFloor } from '@cordboard/simulator';
import { expect, test } from 'vitest';
import { fiveLevels, front } from '../survey.js';

const survey = asId<FlowId>(fiveLevels.id);

/** Support of two, whose callers are asked. */
function open(seed: number) {
  const floor = virtualFloor({
    seed,
    ivr: [front, fiveLevels],
    queues: { support: { agents: ['ann', 'bob'], survey } },
  });
  floor.open();
  return floor;
}

test('the agent hangs up, the caller gives a score: it stands on the record, and with the scores of that agent', async () => {
  const floor = open(1);
  const caller = floor.caller('+8613900000000').dials('8100').waits('1s');
  await floor.runUntil(caller.talking);
  const agent = floor.agents.find((one) => one.callIn('connected') !== undefined);
  floor.run('20s');
  agent?.hangsUp();
  floor.run('1s');
  expect(caller.heard.at(-1)).toBe('survey/question-zh');
  caller.presses('4', { after: '5s' });
  await floor.runUntil(caller.ended);
  const cdr = floor.cdrOf(caller);
  expect(cdr).toMatchObject({ outcome: 'answered', queue: 'support', agents: [agent?.name], data: { score: '4' } });
  expect(cdr?.ivrPath).toEqual(expect.arrayContaining(['front/start', 'satisfaction/start']));
  expect([...floor.scores.values()]).toMatchObject([
    { survey: 'satisfaction', score: 4, agentId: agent?.name, queueId: 'support', callId: cdr?.callId },
  ]);
  floor.checkInvariants();
});

test('the agent is free for the next call while the caller answers', async () => {
  const floor = open(2);
  floor.agent('bob').isOnBreak();
  const first = floor.caller('+8613900000000').dials('8100').waits('1s');
  await floor.runUntil(first.talking);
  floor.agent('ann').hangsUp();
  const second = floor.caller('+8613900000001').dials('8100').talks({ for: '5s' }).hangsUp();
  await floor.runUntil(second.talking);
  expect(first.ended()).toBe(false);
  expect(floor.cdrOf(first)).toBeUndefined();
  first.presses('5', { after: '1s' });
  await floor.runUntil(() => first.ended() && second.ended());
  expect([...floor.scores.values()].map(({ score }) => score)).toEqual([5]);
  floor.checkInvariants();
});

test('who hangs up first is asked nothing; who hangs up in the survey gives no score', async () => {
  const floor = open(3);
  const first = floor.caller('+8613900000000').dials('8100').talks({ for: '5s' }).hangsUp();
  await floor.runUntil(first.ended);
  const second = floor.caller('+8613900000001').dials('8100').waits('1s');
  await floor.runUntil(second.talking);
  for (const agent of floor.agents) agent.hangsUp();
  second.hangsUp({ after: '2s' });
  await floor.runUntil(second.ended);
  expect(floor.scores.size).toBe(0);
  expect(floor.cdrOf(first)?.ivrPath).toEqual(['front/start']);
  expect(floor.cdrOf(second)?.ivrPath).toContain('satisfaction/start');
  floor.checkInvariants();
});

test('the server dies while the caller is asked: the question comes again, and the score counts once', async () => {
  const floor = open(4);
  const caller = floor.caller('+8613900000000').dials('8100').waits('1s');
  await floor.runUntil(caller.talking);
  for (const agent of floor.agents) agent.hangsUp();
  floor.host.crashAfterNextInput(2_000, 'playbackFinished');
  caller.presses('3', { after: '15s' });
  await floor.runUntil(caller.ended);
  expect([...floor.scores.values()]).toMatchObject([{ score: 3 }]);
  expect(floor.cdrOf(caller)).toMatchObject({ outcome: 'answered', data: { score: '3' } });
  floor.checkInvariants();
});
