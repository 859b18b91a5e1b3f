import { describe, expect, test } from 'vitest';
import { type DialplanStep, judgeDialplan } from './dialplan.js';

const steps = (text: string): DialplanStep[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [context = '', extension = '', priority = '', application = '', data = ''] = line.trim().split(' ');
      return { context, extension, priority: Number(priority), application, data };
    });

const levels = (text: string): string[] =>
  judgeDialplan(steps(text), 'cordboard').map(({ id, level }) => `${id} ${level}`);

describe('the fallback of a dialplan', () => {
  test('is found behind the entry, whatever the order of the list', () => {
    expect(
      levels(`from-trunk _X. 3 Hangup
              from-trunk _X. 2 GotoIf $[...]?fallback,s,1
              from-trunk _X. 1 Stasis cordboard,trunk
              fallback s 1 Dial PJSIP/8001`),
    ).toEqual(['dialplan.entry ok', 'dialplan.fallback ok']);
  });

  test.each([
    ['nothing behind it', 'from-trunk _X. 1 Stasis cordboard,trunk'],
    ['only a hang-up', 'from-trunk _X. 1 Stasis cordboard\nfrom-trunk _X. 2 Hangup'],
    ['a dial before it does not count', 'a _X. 1 Dial PJSIP/1\na _X. 2 Stasis cordboard\na _X. 3 Hangup'],
    ['one of two places lacks it', 'a s 1 Stasis cordboard\na s 2 Dial PJSIP/1\nb s 1 Stasis cordboard'],
  ])('%s is a failure', (_what, text) => {
    expect(levels(text)).toEqual(['dialplan.entry ok', 'dialplan.fallback failed']);
  });

  test('that asks for the status cuts calls that are given back', () => {
    const asks = `GotoIf $["\${STASISSTATUS}"="FAILED"]?fallback,s,1`;
    expect(levels(`a _X. 1 Stasis cordboard\na _X. 2 ${asks}\na _X. 3 Hangup`)).toEqual([
      'dialplan.entry ok',
      'dialplan.givenBack warning',
      'dialplan.fallback ok',
    ]);
    for (const next of ['Goto fallback,s,1', 'Dial PJSIP/1']) {
      expect(levels(`a _X. 1 Stasis cordboard\na _X. 2 ${asks}\na _X. 3 ${next}`)).toEqual([
        'dialplan.entry ok',
        'dialplan.fallback ok',
      ]);
    }
  });

  test.each([
    ['no dialplan', 'a s 1 Hangup'],
    ['another application', 'a s 1 Stasis cordboard2\na s 2 Dial PJSIP/1'],
  ])('%s means that no call gets here', (_what, text) => {
    expect(levels(text)).toEqual(['dialplan.entry failed']);
  });
});
