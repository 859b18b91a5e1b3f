import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgeFreeswitchDialplan } from './freeswitch-dialplan.js';

const NEEDS = { context: 'default', fallback: 'cordboard-fallback', transferContext: 'cordboard-transfer' };

/** The blocks of XML that the documentation tells an administrator to write. */
const blocks = [
  ...readFileSync(new URL('../../../../docs/freeswitch.md', import.meta.url), 'utf8').matchAll(
    /```xml\n([\s\S]*?)```/gu,
  ),
].map(([, text = '']) => text);
const documented = (file: string): string => {
  const found = blocks.find((text) => text.includes(`<!-- ${file} `));
  if (found === undefined) throw new Error(`docs/freeswitch.md has no ${file}`);
  return found;
};

const levels = (contexts: Parameters<typeof judgeFreeswitchDialplan>[0]): Record<string, string> =>
  Object.fromEntries(judgeFreeswitchDialplan(contexts, NEEDS).map(({ id, level }) => [id, level]));

describe('the dialplan of the documentation', () => {
  const entry = `<context name="public">${documented('dialplan/public/00_cordboard.xml')}</context>`;
  const fallback = `<context name="default">${documented('dialplan/default/00_cordboard.xml')}</context>`;
  const transfer = documented('dialplan/cordboard.xml');
  const alone = fallback.slice(fallback.indexOf('<extension name="cordboard-fallback"'));
  const all = [
    { name: 'public', xml: entry },
    { name: 'default', xml: fallback },
    { name: 'cordboard-transfer', xml: transfer },
  ];

  it('is in order', () => {
    expect(levels(all)).toEqual({
      'dialplan.entry': 'ok',
      'dialplan.lease': 'ok',
      'dialplan.fallback': 'ok',
      'dialplan.transfer': 'ok',
    });
  });

  it.each([
    ['no entry', [{ name: 'default', xml: alone }, all[2]], { 'dialplan.entry': 'failed' }],
    ['no fallback', [{ name: 'public', xml: entry }, all[2]], { 'dialplan.fallback': 'failed' }],
    ['no context for transfers', [all[0], all[1]], { 'dialplan.transfer': 'failed' }],
    [
      'an entry that asks nobody',
      [{ name: 'public', xml: entry.replaceAll('cordboard_until', 'other') }, all[1], all[2]],
      { 'dialplan.lease': 'failed' },
    ],
    [
      'no rescue',
      [
        { name: 'public', xml: entry.replaceAll('sched_transfer', 'log') },
        { name: 'default', xml: fallback.replaceAll('sched_transfer', 'log') },
        all[2],
      ],
      { 'dialplan.rescue': 'warning' },
    ],
  ])('%s is found', (_what, contexts, expected) => {
    expect(levels(contexts.filter((each) => each !== undefined))).toMatchObject(expected);
  });

  it('says that it knows nothing when the switch tells nothing, and reads no comment', () => {
    expect(levels([{ name: 'public', xml: undefined }])).toEqual({ 'dialplan.entry': 'unknown' });
    expect(
      levels([{ name: 'public', xml: `<context><!-- ${entry.replaceAll(/<!--.*?-->/gu, '')} --></context>` }]),
    ).toMatchObject({
      'dialplan.entry': 'failed',
    });
  });
});
