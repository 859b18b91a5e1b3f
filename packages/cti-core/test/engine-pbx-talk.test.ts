import { describe, expect, test } from 'vitest';
import { asId, type Cdr } from '../src/index.js';
import { Floor } from './support/floor.js';
import { ext, line, PbxFloor } from './support/pbx.js';
import { site } from './support/site.js';

const MEI = '13912345678';

/** What the record says of the talk: who it is with, how long, and when it began after the start of the call. */
const talkOf = (cdr: Cdr) => ({
  outcome: cdr.outcome,
  answeredMs: cdr.answeredWallMs === undefined ? undefined : cdr.answeredWallMs - cdr.startedWallMs,
  segments: cdr.segments
    .map((one) => `${one.kind}${one.agentId === undefined ? '' : `:${one.agentId}`} ${one.endMs - one.startMs}`)
    .join(', '),
});

describe('a line that rings when somebody is handed over to it, who has talked with the one who dials it', () => {
  /** Ann talks with an inside phone, dials a line beside it and leaves the two alone while the line rings. */
  const handedOver = (): PbxFloor => {
    const floor = new PbxFloor().ready('ann');
    floor.dials(ext('8001'), '8003');
    floor.wait(2000).answer_('8003').wait(5000);
    floor.holds(floor.on(ext('8001'))[0]);
    floor.dials(ext('8001'), MEI);
    floor.wait(3000).transfers(ext('8001'));
    return floor.wait(4000);
  };

  test('and is not answered: its call is none that was answered', () => {
    const floor = handedOver();
    floor.hangsUp(floor.on(ext('8003'))[0]);
    expect(talkOf(floor.onlyCdr())).toEqual({
      outcome: 'noAnswer',
      answeredMs: undefined,
      segments: 'ringing 3000, transferring 4000',
    });
  });

  test('and is answered: then, and not when the inside phone was', () => {
    const floor = handedOver();
    floor.farAnswers();
    floor.wait(1000).hangsUp(floor.on(line(1))[0]);
    expect(talkOf(floor.onlyCdr())).toEqual({
      outcome: 'answered',
      answeredMs: 7000,
      segments: 'ringing 3000, transferring 4000, talking 1000',
    });
  });
});

describe('the same where the engine carries the transfer out', () => {
  const talking = (): Floor => {
    const floor = new Floor(site()).up().ready('ann', 'bob');
    floor.habits.set('main:extension:8001', 'answers').set('main:extension:8002', 'answers');
    floor.say('ann', { type: 'call.make', to: '8005' });
    return floor.wait(2000).answer('main:extension:8005').wait(5000);
  };
  const handOver = (floor: Floor): Floor => {
    const callId = floor.engine.agent(asId('ann'))?.calls[0] ?? asId('none');
    floor.say('ann', { type: 'call.consult', callId, to: MEI });
    floor.wait(3000).say('ann', { type: 'call.completeTransfer', callId });
    return floor.wait(4000);
  };
  const OUTSIDE = `main:external:${MEI}`;

  test('not answered', () => {
    const floor = handOver(talking());
    floor.hangUp(floor.at_('main:extension:8005'));
    expect(floor.onlyCdr().outcome).not.toBe('answered');
    expect(talkOf(floor.onlyCdr())).toMatchObject({
      answeredMs: undefined,
      segments: 'ringing 3000, transferring 4000',
    });
  });

  test('answered', () => {
    const floor = handOver(talking());
    floor.answer(OUTSIDE).wait(1000).hangUp(floor.at_(OUTSIDE));
    expect(talkOf(floor.onlyCdr())).toEqual({
      outcome: 'answered',
      answeredMs: 7000,
      segments: 'ringing 3000, transferring 4000, talking 1000',
    });
  });

  test('two who talk on while it rings: their talk is the first of this call', () => {
    const floor = talking();
    const callId = floor.engine.agent(asId('ann'))?.calls[0] ?? asId('none');
    floor.say('ann', { type: 'call.addParty', callId, to: '8002' });
    handOver(floor.wait(1000));
    floor.hangUp(floor.at_(OUTSIDE), 'rejected').wait(1000);
    floor.hangUp(floor.at_('main:extension:8005'));
    expect(talkOf(floor.onlyCdr())).toEqual({
      outcome: 'answered',
      answeredMs: 3000,
      segments: 'ringing 3000, talking:bob 5000',
    });
  });
});

describe('what a phone did while the line to its switch was down', () => {
  test.each(['held', 'parked'] as const)('a caller who was taken and is %s has been answered', (what) => {
    const floor = new PbxFloor().ready('ann');
    const caller = floor.rings(MEI, ['8001']);
    floor.wait(1000).down();
    floor.answer_('8001').wait(1000);
    const own = floor.on(ext('8001'))[0];
    expect(what === 'held' ? floor.holds(own) : floor.parks(own)).toBe('done');
    floor.wait(1000).up();
    floor.wait(5000).hangsUp(caller);
    const rest = what === 'held' ? 'talking:ann 0, held:ann 5000' : 'talking 0, parked 5000';
    expect(talkOf(floor.onlyCdr())).toEqual({
      outcome: 'answered',
      answeredMs: 3000,
      segments: `ringing:ann 3000, ${rest}`,
    });
    expect(floor.onlyCdr().agents).toEqual(what === 'held' ? ['ann'] : []);
  });
});

describe('two of three talk', () => {
  const three = (): PbxFloor => {
    const floor = new PbxFloor().ready('ann', 'bob');
    floor.rings(MEI, ['8001']);
    floor.wait(1000).answer_('8001').wait(1000);
    floor.adds(floor.on(ext('8001'))[0], '8003');
    return floor.answer_('8003').wait(1000);
  };

  test('it is not the talk of the one who holds', () => {
    const floor = three();
    floor.holds(floor.on(ext('8001'))[0]);
    floor.wait(3000);
    for (const part of [...floor.parts.values()]) floor.hangsUp(part);
    expect(talkOf(floor.onlyCdr()).segments).toBe(
      'ringing:ann 1000, talking:ann 1000, conference:ann 1000, talking 3000',
    );
  });

  test('it is talk although others still ring whom the third has called in and sent them to', () => {
    const floor = three();
    floor.adds(floor.on(ext('8001'))[0], '8002');
    floor.sends(floor.on(ext('8001'))[0], '8004');
    floor.wait(3000);
    for (const part of [...floor.parts.values()]) floor.hangsUp(part);
    expect(talkOf(floor.onlyCdr()).segments).toBe(
      'ringing:ann 1000, talking:ann 1000, conference:ann 1000, talking 3000',
    );
  });
});

test('who takes back at the own phone what they have sent away talks, and the transfer has failed', () => {
  const floor = new PbxFloor().ready('ann', 'bob');
  const caller = floor.rings(MEI, ['8001']);
  floor.wait(1000).answer_('8001').wait(1000);
  floor.sends(floor.on(ext('8001'))[0], '8002');
  floor.wait(2000).picksUp(ext('8001'));
  floor.wait(3000).hangsUp(caller);
  expect(floor.onlyCdr().transfers).toMatchObject([{ by: 'ann', to: 'agent:bob', outcome: 'failed' }]);
  expect(talkOf(floor.onlyCdr()).segments).toBe(
    'ringing:ann 1000, talking:ann 1000, transferring 2000, talking:ann 3000',
  );
});

test('a transfer under way in a call that becomes part of a younger one is not told later than it ends', () => {
  const floor = new PbxFloor().ready('ann', 'bob');
  floor.dials(ext('8001'), '8003');
  floor.wait(1000).answer_('8003').wait(4000);
  floor.sends(floor.on(ext('8001'))[0], '8002');
  floor.holds(floor.on(ext('8003'))[0]);
  floor.wait(1000).dials(ext('8003'), MEI);
  floor.farAnswers();
  expect(floor.wait(1000).confers(ext('8003'))).toBe('done');
  floor.wait(1000).hangsUp(floor.on(ext('8003'))[0]);
  floor.hangsUp(floor.on(line(1))[0]);
  const cdr = floor.onlyCdr();
  expect(cdr.durationMs).toBe(2000);
  expect(cdr.transfers).toMatchObject([{ by: 'ann', to: 'agent:bob', outcome: 'failed', atMs: 0 }]);
});
