import { asId, type IvrGraph } from '@cordboard/cti-core';
import { expect, test } from 'vitest';
import { virtualFloor } from '../src/index.js';

const flow: IvrGraph = {
  format: 'cordboard-ivr/1',
  id: asId('f'),
  version: '1',
  languages: ['en'],
  start: 'start',
  nodes: {
    start: {
      type: 'record',
      say: [{ kind: 'prompt', prompt: 'hello' }],
      variable: 'm',
      box: 'b',
      next: 'tell',
      empty: 'END',
      failed: 'END',
    },
    tell: { type: 'http', method: 'POST', url: 'https://x.example/', ways: {}, otherwise: 'END', failed: 'END' },
  },
  prompts: { hello: { en: 'hello' } },
};

const open = () =>
  virtualFloor({ seed: 1, ivr: flow, queues: {}, services: { http: () => ({ status: 200, values: {} }) } });

test('who hangs up while speaking has left a message, and is in no further node', async () => {
  const floor = open();
  const caller = floor.caller('+8613900000000').dials('8100').hangsUp({ after: '20s' });
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)?.ivrPath).toEqual(['f/start']);
  expect(floor.questions).toEqual([]);
  expect(floor.messages.size).toBe(1);
  floor.checkInvariants();
});

test('who ends the message with a key goes on at once', async () => {
  const floor = open();
  const caller = floor.caller('+8613900000000').dials('8100').presses('#', { after: '20s' });
  await floor.runUntil(caller.ended);
  expect(floor.cdrOf(caller)?.ivrPath).toEqual(['f/start', 'f/tell']);
  expect(floor.messages.size).toBe(1);
  floor.checkInvariants();
});
