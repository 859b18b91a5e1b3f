import { playSound } from '../switch/sound.js';
import { spokenPath } from '../switch/speech.js';
import type { App, AppRun } from './app.js';

const RESPONSES = { done: 'FILE PLAYED', break: 'FILE PLAYED', missing: 'FILE NOT FOUND' } as const;

function play(run: AppRun, path: string, loops: number): void {
  const { channel } = run;
  const terminators = channel.get('playback_terminators') ?? '*';
  const sound = playSound(run, path, {
    terminators: terminators === 'none' ? '' : terminators,
    loops,
    ended: ({ status }) => run.whenInnermost(() => run.done(RESPONSES[status])),
  });
  run.onLeave((why, then) => {
    sound?.stop(why === 'hangup' ? 'done' : 'break');
    then(why === 'transfer' ? 'PLAYBACK ERROR' : 'FILE PLAYED');
  });
}

/** Plays a file, tone or stream. */
const playback: App = (run) => play(run, run.data.trim(), run.loops);

const endless: App = (run) => play(run, run.data.trim(), -1);

/** `loop_playback [+]TIMES PATH`. */
const loopPlayback: App = (run) => {
  const [, times = '1', path = ''] = /^\+?(-?\d+)\s+(.*)$/u.exec(run.data.trim()) ?? ['', '1', run.data];
  play(run, path, Number(times));
};

/** `ENGINE|VOICE|TEXT`: the text is heard for as long as it is. */
const speak: App = (run) => play(run, spokenPath(run.data.split('|').slice(2).join('|') || run.data), run.loops);

/** `LANGUAGE TYPE METHOD TEXT`. */
const say: App = (run) => play(run, spokenPath(run.data.split(' ').slice(3).join(' ')), run.loops);

/** Sound for who listens. */
export const PLAYBACK_APPS = {
  playback,
  endless_playback: endless,
  loop_playback: loopPlayback,
  speak,
  say,
} as const;
