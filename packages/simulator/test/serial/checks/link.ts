import { expect } from 'vitest';
import { check } from './check.js';

/** At 9600 Bd (section 9), ms. */
const T1 = 833;

/** Section 8 of the page. */
export const LINK = [
  check('READY at once and every 5 s until a HELLO', ({ host }) => {
    host.run(11_000);
    expect(host.take().map(({ word, fields }) => [word, fields.one.boot])).toEqual([
      ['READY', 1],
      ['READY', 1],
      ['READY', 1],
    ]);
    host.hello();
    expect(host.take().map(({ word }) => word)).toEqual(['WELCOME']);
    host.run(4_000);
    expect(host.take()).toEqual([]);
  }),

  check('HELLO of the open session is answered and resets nothing', ({ host }) => {
    host.hello(7).take();
    host.ask('TIMEGET');
    host.say({ word: 'HELLO', one: { session: 7, window: 8 } });
    host.run(500);
    expect(host.take('WELCOME')).toHaveLength(1);
    expect(host.ask('TIMEGET')?.number).toBe(1);
    host.hello(8);
    expect(host.ask('TIMEGET')?.number).toBe(0);
  }),

  check('nothing but HELLO without a session', ({ host }) => {
    host.run(100).take();
    host.say({ word: 'TIMEGET', number: 0, one: { ref: 1 } });
    host.say({ word: 'ACK', number: 3 });
    host.run(500);
    expect(host.take().map(({ word, fields }) => [word, fields.one.code])).toEqual([['ERROR', 'NOSESSION']]);
  }),

  check('every frame once, although its acknowledgement is lost', ({ host }) => {
    host.hello().take();
    host.say({ word: 'TIMEGET', number: 0, one: { ref: 1 } });
    host.say({ word: 'TIMEGET', number: 0, repeat: 'repeat', one: { ref: 1 } });
    host.run(500);
    expect(host.got.filter(({ word }) => word === 'TIME')).toHaveLength(1);
    expect(host.take('ACK').map(({ number }) => number)).toEqual([0, 0]);
    host.say({ word: 'TIMEGET', number: 1, one: { ref: 2 } });
    host.run(500);
    expect(host.take('TIME').map(({ fields }) => fields.one.ref)).toEqual([2]);
  }),

  check('a gap is refused once for each number that is missing', ({ host }) => {
    host.hello().take();
    for (const number of [1, 2, 3]) host.say({ word: 'TIMEGET', number, one: { ref: number } });
    host.run(500);
    const refused = host.take();
    expect(refused.map(({ word, number, fields }) => [word, number, fields.one.reason])).toEqual([['NAK', 0, 'GAP']]);
    for (const number of [0, 1]) host.say({ word: 'TIMEGET', number, one: { ref: 10 + number } });
    host.say({ word: 'TIMEGET', number: 3, one: { ref: 13 } });
    host.run(500);
    const words = host.take('ACK', 'NAK').map(({ word, number }) => [word, number]);
    expect(words).toEqual([
      ['ACK', 0],
      ['ACK', 1],
      ['NAK', 2],
    ]);
  }),

  check('a damaged frame is refused once, and the next good one is delivered', ({ sim, host }) => {
    host.hello().take();
    sim.line.faults = { toPbx: { flip: 1 } };
    host.say({ word: 'TIMEGET', number: 0, one: { ref: 1 } });
    host.run(500);
    sim.line.faults = {};
    host.run(500);
    expect(host.take('TIME', 'RESULT')).toEqual([]);
    host.say({ word: 'TIMEGET', number: 0, repeat: 'repeat', one: { ref: 1 } });
    host.run(500);
    expect(host.take('TIME')).toHaveLength(1);
  }),

  check('repeats by T1, three times, then takes the link for down', ({ host }) => {
    host.hello();
    host.acknowledges = 'no';
    host.send('TIMEGET', { ref: 1 });
    host.run(200);
    expect(host.take('TIME')).toHaveLength(1);
    host.timesMs.length = 0;
    host.run(20_000);
    const words = host.take('READY', 'TIME').map(({ word }) => word);
    expect(words.slice(0, 4)).toEqual(['TIME', 'TIME', 'TIME', 'READY']);
    const gaps = host.timesMs.slice(1, 3).map((at, n) => at - (host.timesMs[n] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(T1);
    for (const gap of gaps) expect(gap).toBeLessThan(T1 + 60);
  }),

  check('sends no more than the window, and all of it again on NAK', ({ host }) => {
    host.hello(7, 2);
    host.acknowledges = 'no';
    for (let n = 0; n < 4; n++) host.send('TIMEGET', { ref: n + 1 });
    host.run(500);
    expect(host.take('TIME').map(({ number }) => number)).toEqual([0, 1]);
    host.say({ word: 'NAK', number: 1, one: { reason: 'GAP' } });
    host.run(300);
    expect(
      host
        .take('TIME')
        .map(({ number }) => number)
        .sort(),
    ).toEqual([1, 2]);
    host.say({ word: 'ACK', number: 2 });
    host.run(300);
    expect(host.take('TIME').map(({ number }) => number)).toEqual([3]);
  }),

  check('HEARTBEAT after 5 s of silence, READY after 15 s', ({ host }) => {
    host.hello();
    host.run(30_000);
    expect(host.take('BEAT').length).toBeGreaterThan(4);
    expect(host.take('READY')).toEqual([]);
    host.acknowledges = 'no';
    host.run(16_000);
    expect(host.take('READY').length).toBeGreaterThan(0);
  }),

  check('unknown and malformed requests are acknowledged and answered', ({ host }) => {
    host.hello().take();
    host.send('CALL', { ref: 9, op: '#99', ext: '801' });
    host.send('HOTEL', { ref: 10, hotelOp: 'LAMP', ext: '801' });
    host.send('TIMESET', { ref: 11, at: Date.UTC(2150, 1, 1) });
    host.run(1_000);
    const answers = host.take('CALLED', 'RESULT').map(({ fields: { one } }) => [one.ref, one.code]);
    expect(answers).toEqual([
      [9, 'UNSUPPORTED'],
      [10, 'BADFIELD'],
      [11, 'BADFIELD'],
    ]);
    expect(host.ask('TIMEGET')?.word).toBe('TIME');
  }),

  check("frames for another node are nobody's, 255 in HELLO is everybody's", ({ host }) => {
    host.run(100).take();
    host.say({ word: 'HELLO', node: 1, one: { session: 3 } });
    host.run(500);
    expect(host.take()).toEqual([]);
    host.say({ word: 'HELLO', node: 255, one: { session: 3 } });
    host.run(500);
    expect(host.take().map(({ word, node }) => [word, node])).toEqual([['WELCOME', 0]]);
    host.say({ word: 'TIMEGET', number: 0, node: 1, one: { ref: 1 } });
    host.run(500);
    expect(host.take()).toEqual([]);
  }),

  check('BYE closes the session', ({ host }) => {
    host.hello().take();
    host.say({ word: 'BYE' });
    host.run(300);
    host.say({ word: 'TIMEGET', number: 0, one: { ref: 1 } });
    host.run(300);
    expect(host.take('ERROR').map(({ fields }) => fields.one.code)).toEqual(['NOSESSION']);
  }),

  check('a restart is told by READY with another boot', ({ sim, host }) => {
    host.hello().take();
    sim.losePower(3_000);
    host.run(2_900);
    expect(host.take()).toEqual([]);
    host.run(1_000);
    expect(host.take().map(({ word, fields }) => [word, fields.one.boot])).toEqual([['READY', 2]]);
  }),

  check('acknowledgements go in front of what waits', ({ host }) => {
    host.hello();
    host.ask('SNAPGET');
    host.take();
    for (let n = 0; n < 6; n++) host.send('GET', { ref: 100 + n, item: 1, index: 1, field: 1, count: 8 });
    host.run(3_000);
    const words = host.take().map(({ word }) => word);
    // Six requests have come in while the first long answers leave.
    const before = words.slice(0, words.lastIndexOf('ACK'));
    expect(before.filter((word) => word === 'VALUE').length).toBeLessThanOrEqual(3);
    expect(words.filter((word) => word === 'ACK')).toHaveLength(6);
  }),
];
