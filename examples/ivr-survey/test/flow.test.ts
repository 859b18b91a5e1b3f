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
import { fiveLevels, front, satisfaction } from '../survey.js';

const coverage = new Coverage();
const caller = (options: FlowTestOptions = {}) => flowTest(fiveLevels, { coverage, ...options });

test('the flows have no findings', () => {
  expect(checkIvr(fiveLevels)).toEqual([]);
  expect(checkIvr(front)).toEqual([]);
});

test.each([1, 2, 3, 4, 5])('key %i is that score', (score) => {
  const heard = caller().hears('question').presses(String(score)).hears('thanks').isOver({ by: 'end' });
  heard.expects.toKeep({ kind: 'score', survey: 'satisfaction', score }).expects.toSet('score', String(score));
});

test('the question is asked in the language of the call', () => {
  caller({ language: 'en' }).hears(/Very satisfied: press 5/);
  caller().hears(/非常满意请按5/);
});

test('silence is asked again, then let go', () => {
  const heard = caller().hears('question').waits('9s').hears('again').waits('1m').isOver({ by: 'hangup' });
  expect(heard.data).toEqual({});
});

test('a wrong key is told, the second time in more words, and the third is let go', () => {
  caller()
    .presses('9')
    .hears('wrong')
    .hears('question')
    .presses('0')
    .hears('wrong')
    .hears('question')
    .presses('8')
    .hears('bye');
});

test('a scale of ten answers would need two keys; one of three has three', () => {
  const three = satisfaction({
    best: 3,
    question: { zh: '满意请按3,一般请按2,不满意请按1。', en: 'Good: press 3. So so: press 2. Bad: press 1.' },
  });
  expect(checkIvr(three)).toEqual([]);
  flowTest(three)
    .hears('question')
    .presses('4')
    .hears('wrong')
    .presses('3')
    .expects.toKeep({ kind: 'score', score: 3 });
  // A question that does not fit its scale is a finding.
  const wrong = satisfaction({
    best: 3,
    question: { zh: '满意请按2,不满意请按1。', en: 'Good: press 2. Bad: press 1.' },
  });
  expect(new Set(checkIvr(wrong).map(({ code }) => code))).toEqual(new Set(['key.notAnnounced']));
});

test('the front leads to support, and says when everybody is busy', () => {
  const first = () => flowTest(front, { coverage }).hears('welcome').expects.toQueue('support');
  first().queueOverflows().hears('busy').isOver({ by: 'hangup' });
  first().comesBack().isOver({ by: 'end' });
});

test('five hundred callers who do anything: a score is on the scale, or there is none', () => {
  const report = randomWalks(fiveLevels, {
    seed: 9,
    walks: 500,
    invariants: {
      'on the scale': ({ variables }) =>
        ['1', '2', '3', '4', '5', undefined].includes(variables.score) ? undefined : `a score of ${variables.score}`,
    },
  });
  expectSound(report);
});

afterAll(() => {
  expectCoverage(coverage, fiveLevels, { edges: 1, nodes: 1 });
  expectCoverage(coverage, front, { edges: 1, nodes: 1 });
});
