import { describe, expect, it } from 'vitest';
import { toSegments } from './media.js';

const OPTIONS = { promptPrefix: 'cordboard/', promptEnding: '.wav', sayLanguage: 'en', promptLanguages: ['zh-CN'] };
const one = (ref: Parameters<typeof toSegments>[0][number]): unknown => toSegments([ref], OPTIONS)?.[0];

describe('what is played', () => {
  it.each([
    [{ kind: 'prompt', prompt: 'welcome' }, 'playback', 'cordboard/welcome.wav'],
    [{ kind: 'prompt', prompt: 'welcome', language: 'zh-CN' }, 'playback', 'cordboard/zh-CN/welcome.wav'],
    [{ kind: 'prompt', prompt: 'welcome', language: 'fr' }, 'playback', 'cordboard/welcome.wav'],
    [{ kind: 'prompt', prompt: '/var/sounds/欢迎.mp3' }, 'playback', '/var/sounds/欢迎.mp3'],
    [{ kind: 'tone', tone: 'ringback' }, 'playback', 'tone_stream://%(1000,4000,450);loops=-1'],
    [{ kind: 'tone', tone: 'beep' }, 'playback', 'tone_stream://%(250,0,1000)'],
    [{ kind: 'digits', text: '123' }, 'say', 'en number iterated 123'],
    [{ kind: 'digits', text: '1*#', language: 'zh-CN' }, 'say', 'zh name_spelled iterated 1*#'],
    [{ kind: 'number', value: -7 }, 'say', 'en number pronounced -7'],
  ] as const)('%j', (ref, app, arg) => {
    expect(one(ref)).toMatchObject({ kind: 'app', app, arg });
  });

  it('plays a recording from where the switch keeps it, whatever its name might try', () => {
    const recordingPath = (id: string): string | undefined => (id === 'w1' ? '/rec/w1.wav' : undefined);
    const played = (id: string): unknown =>
      toSegments([{ kind: 'recording', recordingId: id as never }], { ...OPTIONS, recordingPath })?.[0];
    expect(played('w1')).toEqual({ kind: 'app', app: 'playback', arg: '/rec/w1.wav', ends: 'byItself' });
    expect(played('../w1')).toBeUndefined();
    expect(one({ kind: 'recording', recordingId: 'w1' as never })).toBeUndefined();
  });

  it('waits out a pause, and no longer than ten minutes', () => {
    expect(one({ kind: 'silence', forMs: 250 })).toEqual({ kind: 'pause', forMs: 250 });
    expect(one({ kind: 'silence', forMs: 1e12 })).toEqual({ kind: 'pause', forMs: 600_000 });
  });

  it.each([
    { kind: 'prompt', prompt: '../x' },
    { kind: 'prompt', prompt: 'a b' },
    { kind: 'prompt', prompt: 'say:hello' },
    { kind: 'prompt', prompt: 'x', language: 'a/b' },
    { kind: 'prompt', prompt: 'a'.repeat(300) },
    { kind: 'digits', text: '12x' },
    { kind: 'number', value: 1.5 },
    { kind: 'number', value: 1, language: 'en us' },
    { kind: 'speech', text: 'hello', language: 'en' },
    { kind: 'silence', forMs: -1 },
    { kind: 'silence', forMs: Number.NaN },
  ] as const)('%j can not be played', (ref) => {
    expect(one(ref)).toBeUndefined();
  });

  it('nothing is nothing', () => {
    expect(toSegments([], OPTIONS)).toBeUndefined();
  });
});
