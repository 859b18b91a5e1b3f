import type { MonitorMode } from '@cordboard/cti-core';
import type { Channel } from '../switch/channel.js';
import { hangUp } from '../switch/lifecycle.js';
import type { App, AppRun } from './app.js';

const BUG = 'eavesdrop';

/** Listens in on a call. No bridge tells of it: a media bug on the leg that is listened to, and keys 0-3 to speak (freeswitch.md 34). */
function watch(run: AppRun, start: MonitorMode): void {
  const { sw, channel } = run;
  const target = sw.channels.get(run.data.trim());
  if (target === undefined || !target.isUp) return run.done();
  const lead = [
    ['Media-Bug-Function', BUG],
    ['Media-Bug-Target', target.uuid],
  ] as const;
  const setMode = (mode: MonitorMode | undefined): void => {
    if (channel.leg.state !== 'connected' || target.leg.state !== 'connected') return;
    sw.pbx.setMonitor(channel.leg, mode === undefined ? undefined : { target: target.leg, mode });
  };
  let state: 'watching' | 'over' = 'watching';
  const before = channel.onDigit;
  const stop = (): void => {
    if (state === 'over') return;
    state = 'over';
    channel.onDigit = before;
    sw.endings.delete(ended);
    setMode(undefined);
    sw.tell(target, 'MEDIA_BUG_STOP', { lead });
  };
  const ended = (gone: Channel): void => {
    if (gone !== target || state === 'over') return;
    stop();
    run.done();
    if (channel.isUp && channel.app === undefined) hangUp(sw, channel, 'NORMAL_CLEARING');
  };
  sw.endings.add(ended);
  sw.tell(target, 'MEDIA_BUG_START', { lead });
  setMode(start);
  const modes: Readonly<Record<string, MonitorMode>> = { 0: 'listen', 1: 'whisper', 2: 'whisper', 3: 'barge' };
  channel.onDigit = (digit) => {
    const mode = channel.isTrue('eavesdrop_enable_dtmf') || start !== 'barge' ? modes[digit] : undefined;
    if (mode === undefined) return 'left';
    setMode(mode);
    return 'taken';
  };
  run.onLeave((_why, next) => {
    stop();
    next();
  });
}

const eavesdrop: App = (run) => {
  const { channel } = run;
  const speaksA = channel.isTrue('eavesdrop_whisper_aleg');
  const speaksB = channel.isTrue('eavesdrop_whisper_bleg');
  watch(run, speaksA && speaksB ? 'barge' : speaksA || speaksB ? 'whisper' : 'listen');
};

const threeWay: App = (run) => watch(run, 'barge');

/** Supervision. */
export const EAVESDROP_APPS = { eavesdrop, three_way: threeWay } as const;
