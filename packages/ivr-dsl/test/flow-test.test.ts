import { isCtiError } from '@cordboard/cti-core';
import { describe, expect, test } from 'vitest';
import { defineIvr, play, returns } from '../src/index.js';
import { flowTest } from '../src/testing/index.js';
import { front, pin } from './front.js';

const floor = { flows: [pin] };

describe('a caller in a flow', () => {
  test('two levels down into a queue, by keys', () => {
    flowTest(front, floor).hears('front.menu').presses('1').hears('sales.which').presses('1').isQueuedIn('sales');
  });

  test('silence, then a wrong key', () => {
    const caller = flowTest(front, floor).hears('front.menu').waits('8s').hears('front.again').hears('front.menu');
    caller.presses('5').hears('bye').isOver({ by: 'hangup' });
    expect(caller.path).toEqual(['front/start', 'front/pick', 'front/closed']);
  });

  test('a sub-flow asks for a pin, twice at most', () => {
    const caller = flowTest(front, { ...floor, from: '13912345678' })
      .presses('2')
      .hears('pin.ask')
      .presses('12#');
    caller.hears('pin.wrong').hears('pin.ask').presses('123456').isAt('greet').hears('sorry');
    expect(caller.data).toEqual({ level: 'gold', caller: '13912345678' });
    expect(caller.variables.pin).toBe('123456');
    caller.isQueuedIn('support').queueOverflows().hears('bye');
    flowTest(front, floor).presses('2').presses('1#').presses('2#').isQueuedIn('support');
  });

  test('a transfer that fails, a queue that is full, an agent who gives back', () => {
    const caller = flowTest(front, floor).presses('12').isTransferredTo('8001').transferFails('noAnswer');
    caller.isQueuedIn('sales').comesBack().hears('front.menu').presses('11').queueIsFull().isOver({ by: 'hangup' });
  });

  test('closed at night and on the days of the calendar; in the middle of an outage the node begins again', () => {
    const calendars = { cn: { holidays: ['2026-03-02'], workdays: [] } };
    flowTest(front, { ...floor, calendars }).hears('bye');
    flowTest(front, { ...floor, at: '2026-03-02T20:00' }).isAt('closed');
    flowTest(front, { ...floor, at: '2026-03-02T10:00', offsetMin: -300 })
      .hears('front.menu')
      .survivesOutage()
      .hears('front.menu');
  });

  test('pressing takes time: sixteen keys that nobody hears outlast a prompt', () => {
    const deaf = defineIvr(
      { id: 'deaf', languages: ['en'], prompts: { hello: 'hello' } },
      { start: play({ say: 'hello', next: returns('said') }) },
    );
    expect(flowTest(deaf).presses('1'.repeat(14)).path).toEqual(['deaf/start']);
    expect(flowTest(deaf).presses('1'.repeat(16)).path).toEqual(['deaf/start', 'deaf/start.next']);
  });

  test('a result of a flow on its own', () => {
    flowTest(pin).presses('1234#').isOver({ result: 'known' });
    flowTest(pin).waits('1m').isOver({ result: 'refused' });
  });
});

describe('an expectation that does not hold says what was the case', () => {
  const refused = (step: () => unknown): string => {
    try {
      step();
    } catch (error) {
      return isCtiError(error, 'flow.invalid') ? error.message : String(error);
    }
    return 'held';
  };
  test.each<[string, () => unknown]>([
    ['waiting at front/pick', () => flowTest(front, floor).hears('bye')],
    ['saying at front/pick', () => flowTest(front, floor).isAt('closed')],
    ['waiting at front/pick', () => flowTest(front, floor).isQueuedIn('sales')],
    ['queued at front/sales', () => flowTest(front, floor).presses('11').isQueuedIn('support')],
    ['transferring at front/pick.1.2', () => flowTest(front, floor).presses('12').isTransferredTo('8002')],
    ['waiting at front/pick', () => flowTest(front, floor).transferFails('busy')],
    ['waiting at front/pick', () => flowTest(front, floor).queueOverflows()],
    ['ended at pin/known', () => flowTest(pin).presses('1234#').isOver({ result: 'refused' })],
    ['ended at pin/known', () => flowTest(pin).presses('1234#').isOver({ by: 'hangup' })],
  ])('%s', (where, step) => {
    expect(refused(step)).toContain(`but the flow is ${where}`);
  });

  test('a time that is none', () => {
    expect(() => flowTest(pin, { at: 'noon' })).toThrow(expect.objectContaining({ code: 'argument.invalid' }));
  });
});
