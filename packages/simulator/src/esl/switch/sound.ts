import type { AppRun } from '../apps/app.js';
import type { RunningSound } from './channel.js';
import type { EslSwitch, Extra } from './esl-switch.js';

const SAMPLES_PER_MS = 8;
/** What counts as for ever. */
const ENDLESS = Number.POSITIVE_INFINITY;

/** How long a path sounds, in ms; `undefined`: there is no such file. Tones, silence, music and speech are computed. */
export function lengthOf(sw: EslSwitch, path: string): number | undefined {
  const { rest } = takeParameters(path);
  if (rest.startsWith('tone_stream://')) return toneMs(rest.slice('tone_stream://'.length));
  if (rest.startsWith('silence_stream://')) {
    const ms = Number(/^-?\d+/u.exec(rest.slice('silence_stream://'.length))?.[0] ?? 0);
    return ms < 0 ? ENDLESS : ms;
  }
  if (rest.startsWith('local_stream://')) return ENDLESS;
  if (rest.startsWith('say:')) return spokenMs(rest);
  if (rest.startsWith('file_string://')) return total(rest.slice('file_string://'.length).split('!'), sw);
  return sw.options.soundMs(rest);
}

/** A path as events name it, with how it is to be read: `{loops=2}tone_stream://...`. */
function takeParameters(path: string): { readonly rest: string } {
  return { rest: path.replace(/^(?:\{[^}]*\})+/u, '') };
}

function total(paths: readonly string[], sw: EslSwitch): number | undefined {
  let sum = 0;
  let found = false;
  for (const path of paths) {
    const ms = lengthOf(sw, path);
    if (ms === undefined) {
      sw.fire('CUSTOM', { source: 'CUSTOM', subclass: 'filestring::fail', headers: [['File', path]] });
      continue;
    }
    found = true;
    sum += ms;
  }
  return found ? sum : undefined;
}

/** `%(on,off,freq...)`, `L=4`, `loops=-1`, several after one another. */
function toneMs(text: string): number {
  const loops = /;loops=(-?\d+)/u.exec(text)?.[1];
  let sum = 0;
  for (const [, on = '0', off = '0'] of text.matchAll(/%\((\d+)[,;](\d+)/gu)) sum += Number(on) + Number(off);
  if (sum === 0) sum = 250;
  const inner = /(?:^|;)L=(\d+)/u.exec(text)?.[1];
  if (loops !== undefined && Number(loops) < 0) return ENDLESS;
  return sum * Math.max(1, Number(loops ?? inner ?? 1));
}

const MS_PER_LETTER = 60;
function spokenMs(text: string): number {
  return Math.max(200, text.length * MS_PER_LETTER);
}

/** A word for the kind of a path: `Playback-File-Type`. */
function kindOf(path: string): string {
  const scheme = /^([a-z_]+):\/\//u.exec(takeParameters(path).rest)?.[1];
  return scheme ?? (path.startsWith('say:') ? 'say' : 'file');
}

/** How a sound ended. */
export interface SoundEnd {
  readonly status: 'done' | 'break' | 'missing';
  readonly terminator?: string;
}

/**
 * Plays a path on a channel: PLAYBACK_START, and PLAYBACK_STOP when it ends by itself, is broken off or the channel leaves. A file that is not
 * there gives neither.
 *
 * @param terminators - keys that end it
 */
export function playSound(
  run: AppRun,
  path: string,
  how: { readonly terminators: string; readonly loops: number; readonly ended: (end: SoundEnd) => void },
): RunningSound | undefined {
  const { sw, channel } = run;
  const once = lengthOf(sw, path);
  if (once === undefined) {
    how.ended({ status: 'missing' });
    return undefined;
  }
  const forMs = how.loops < 0 ? ENDLESS : once * Math.max(1, how.loops);
  const startedMs = sw.clock.nowMs();
  const file: Extra[] = [
    ['Playback-File-Type', kindOf(path)],
    ['Playback-File-Path', path],
  ];
  sw.tell(channel, 'PLAYBACK_START', { trail: file });
  let state: 'plays' | 'over' = 'plays';
  let cancel: (() => void) | undefined;
  const stop = (status: 'done' | 'break', terminator?: string): void => {
    if (state === 'over') return;
    state = 'over';
    cancel?.();
    channel.sounds.splice(channel.sounds.indexOf(sound), 1);
    if (channel.onDigit === onDigit) channel.onDigit = before;
    const ms = Math.round(Math.min(sw.clock.nowMs() - startedMs, forMs));
    channel.fill({
      playback_last_offset_pos: String(ms * SAMPLES_PER_MS),
      playback_seconds: String(Math.floor(ms / 1_000)),
      playback_ms: String(ms),
      playback_samples: String(ms * SAMPLES_PER_MS),
    });
    if (terminator !== undefined) channel.set('playback_terminator_used', terminator);
    sw.tell(channel, 'PLAYBACK_STOP', { trail: [...file, ['Playback-Status', status]] });
    how.ended({ status, ...(terminator === undefined ? {} : { terminator }) });
  };
  const sound: RunningSound = { path, stop };
  const before = channel.onDigit;
  const onDigit = (digit: string): 'taken' | 'left' => {
    if (!how.terminators.includes(digit)) return before?.(digit) ?? 'left';
    stop('done', digit);
    return 'taken';
  };
  if (how.terminators !== '') channel.onDigit = onDigit;
  channel.sounds.push(sound);
  if (forMs !== ENDLESS) cancel = sw.after(forMs, () => run.whenInnermost(() => stop('done')));
  return sound;
}
