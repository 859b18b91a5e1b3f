import { humSource } from '@cordboard/adapters-usbbox/simulated';
import { afterAll, expect, test } from 'vitest';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { until } from '../lab/wait.js';
import { agentHz, callerHz, passed, speakersIn } from './ears.js';
import { LineFloor, ownNumber, PEOPLE } from './line-floor.js';

let floor: LineFloor | undefined;
afterAll(() => floor?.close());

const LINES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
test('eight lines at once: each caller through the IVR to an agent, each in a recording of their own', async () => {
  const agents = Object.fromEntries(
    LINES.map((_line, index) => [PEOPLE[index] ?? '', { seat: `${8_001 + index}`, queues: ['desk'] }]),
  );
  floor = await LineFloor.open({
    lines: LINES,
    config: { agents, routes: LINES.map((_line, index) => ({ number: ownNumber(index), to: { ivr: clinic } })) },
  });
  for (const [index, name] of LINES.entries()) {
    await (await floor.desk(PEOPLE[index] ?? '')).ready();
    const { phone, exchange } = floor.line(name);
    phone.voice = () => humSource(agentHz(index));
    phone.habit = 'answer';
    exchange.callIn({
      number: `1390000020${index}`,
      answered: [
        { do: 'silence', forMs: 1_200 },
        { do: 'press', digits: '2' },
        { do: 'silence', forMs: 1_500 },
        { do: 'press', digits: '1' },
        { do: 'hum', hz: callerHz(index), forMs: 600_000 },
      ],
    });
  }
  const all = floor;
  const talking = async (): Promise<number> =>
    (await all.rest<{ items: { answeredWallMs?: number }[] }>('/v1/recordings')).items.length;
  await until(async () => (await talking()) === LINES.length, {
    what: 'eight recordings',
    seen: () => LINES.map((name) => all.line(name).exchange.state),
    withinMs: 90_000,
    everyMs: 200,
  });
  await Promise.all(LINES.map((name) => passed(all.line(name).exchange, 4_000)));
  for (const name of LINES) floor.line(name).exchange.hangUp();
  const talkedWith = new Set<string>();
  for (const index of LINES.keys()) {
    const cdr = await floor.cdrOf(`1390000020${index}`);
    expect(cdr).toMatchObject({ outcome: 'answered', endedBy: 'caller', queueId: 'desk' });
    expect(cdr.agents).toHaveLength(1);
    talkedWith.add(cdr.agents[0] ?? '');
    const { bytes } = await floor.recordingOf(cdr);
    expect(speakersIn(bytes)).toEqual([
      agentHz(PEOPLE.findIndex((name) => `${name}` === cdr.agents[0])),
      callerHz(index),
    ]);
  }
  expect(talkedWith.size).toBe(LINES.length);
});
