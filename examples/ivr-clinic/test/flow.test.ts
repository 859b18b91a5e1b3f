import { checkIvr } from '@cordboard/ivr-dsl';
import {
  Coverage,
  expectCoverage,
  expectSound,
  type FlowTestOptions,
  flowTest,
  randomWalks,
} from '@cordboard/ivr-dsl/testing';
import { afterAll, expect, test } from 'vitest';
import { clinic } from '../clinic.js';
import { site } from '../site.js';

const coverage = new Coverage();
const MONDAY = '2026-09-28T10:00';
/** A caller at the clinic, who listens to the first question. */
const caller = (options: FlowTestOptions = {}) =>
  flowTest(clinic, {
    at: MONDAY,
    calendars: site.calendars,
    modes: { house: 'byHours' },
    coverage,
    ...options,
  }).hears(/For English, press 2/);

test('the flow has no findings', () => {
  expect(checkIvr(clinic)).toEqual([]);
});

test('in Chinese to the desk, in English to the nurse', () => {
  caller()
    .presses('1')
    .hears(/预约挂号请按1/)
    .presses('1')
    .hears(/请稍候/)
    .expects.toQueue('desk')
    .isAnswered();
  caller()
    .presses('2')
    .hears(/For an appointment/)
    .presses('2')
    .hears(/One moment/)
    .expects.toQueue('nurse');
});

test('who says nothing hears Chinese and waits for the desk', () => {
  caller()
    .waits('8s')
    .hears(/预约挂号请按1/)
    .waits('40s')
    .expects.toQueue('desk');
});

test('another language from the menu', () => {
  caller()
    .presses('1')
    .hears(/预约/)
    .presses('*')
    .hears('choose')
    .presses('2')
    .hears(/For an appointment/);
});

test('a wrong key is told, and the third one leads to the desk', () => {
  caller()
    .presses('7')
    .hears(/预约/)
    .presses('8')
    .hears('wrong')
    .presses('8')
    .hears('wrong')
    .presses('8')
    .expects.toQueue('desk');
});

test.each([
  ['2026-09-28T07:59', 'closed'],
  ['2026-09-28T08:00', 'front'],
  ['2026-09-28T12:30', 'closed'],
  ['2026-09-28T13:30', 'front'],
  ['2026-09-26T10:00', 'front'],
  ['2026-09-26T13:00', 'closed'],
  ['2026-09-27T10:00', 'closed'],
  // A Thursday that is a holiday, and a Saturday on which the clinic works all day.
  ['2026-10-01T10:00', 'closed'],
  ['2026-10-10T15:00', 'front'],
])('at %s the clinic says %s', (at, prompt) => {
  caller({ at }).presses('1').hears(prompt);
});

test('switched to the night by hand, it is closed at ten in the morning', () => {
  caller({ modes: { house: 'night' } })
    .presses('2')
    .hears(/The clinic is closed/);
});

test('a switch that stands at something unknown goes by the hours', () => {
  caller({ modes: { house: 'painting' } })
    .presses('2')
    .hears('front');
});

/** A caller at night who is being recorded. */
const atNight = () =>
  caller({ at: '2026-09-28T22:00' }).presses('2').hears('closed').hears('message').expects.toRecord('clinic');

test('a message with a review, recorded again, and a number to call back', () => {
  const heard = atNight()
    .says('please call me')
    .presses('#')
    .hears('review')
    .presses('1')
    .hears(/\[recording\]/);
  heard.hears('review').presses('2').expects.toRecord('clinic').says('about my appointment').presses('#');
  heard.hears('review').presses('3').hears('contact').presses('13800001111#').hears('kept').hears('bye');
  heard.expects.toKeep({ kind: 'contact', number: '+8613800001111' }).expects.toEnd({ by: 'hangup' });
  expect(heard.left).toHaveLength(1);
  expect(JSON.stringify(heard.data)).not.toContain('13800001111');
});

test('who hangs up while speaking has left a message', () => {
  expect(atNight().says('it is urgent').hangsUp().left).toMatchObject([{ box: 'clinic' }]);
});

test('who says nothing has left none; a message that cannot be recorded is none', () => {
  expect(atNight().presses('#').hears('bye').expects.toEnd().left).toEqual([]);
  expect(atNight().recordingFails().hears('bye').expects.toEnd().left).toEqual([]);
});

test('silence in the review and at the number keeps the message', () => {
  const kept = atNight()
    .says('good evening to you')
    .presses('#')
    .hears('review')
    .waits('40s')
    .waits('1m')
    .expects.toEnd();
  expect(kept.left).toHaveLength(1);
});

test('recorded again and nothing said, or not recorded: the message is gone', () => {
  expect(
    atNight()
      .says('one two three')
      .presses('#')
      .hears('review')
      .presses('2')
      .expects.toRecord()
      .presses('#')
      .expects.toEnd().left,
  ).toEqual([]);
  expect(
    atNight().says('one two three').presses('#').hears('review').presses('2').recordingFails().expects.toEnd().left,
  ).toEqual([]);
});

test('wrong keys in the review, and numbers that are none', () => {
  const caller = atNight()
    .says('good evening to you')
    .presses('#')
    .hears('review')
    .presses('7')
    .presses('7')
    .presses('7');
  caller.hears('contact').presses('12345#').presses('12345#').presses('12345#').hears('kept').expects.toEnd();
  expect(caller.left).toHaveLength(1);
});

test('all are busy: a call back, or a message', () => {
  const busy = () => caller().presses('2').hears('front').presses('1').queueOverflows().hears('busy');
  busy().presses('1').hears('willCall').expects.toKeep({ kind: 'callback', queue: 'desk' }).expects.toEnd();
  busy().presses('2').expects.toRecord('clinic');
  busy().waits('1m').expects.toRecord('clinic');
  busy().presses('9').hears('wrong').presses('9').presses('9').expects.toRecord('clinic');
  caller({ from: '' })
    .presses('2')
    .hears('front')
    .presses('2')
    .queueIsFull()
    .hears('busy')
    .presses('1')
    .expects.toRecord('clinic');
});

test('an agent who gives the caller back ends the call', () => {
  caller().presses('1').hears('front').presses('1').comesBack().expects.toEnd();
  caller().presses('1').hears('front').presses('2').comesBack().expects.toEnd();
});

test('five hundred callers who do anything at any time of any day: the flow comes to an end', () => {
  const { calendars } = site;
  expectSound(randomWalks(clinic, { seed: 3, walks: 500, calendars }));
});

afterAll(() => expectCoverage(coverage, clinic, { edges: 0.9, nodes: 1 }));
