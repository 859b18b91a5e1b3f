import type { MediaRef } from '@cordboard/cti-core';
import type { SwitchFloor } from './floor.js';
import type { Leg, Playback } from './model.js';

const DEFAULT_PROMPT_MS = 1_500;
const MS_PER_SPOKEN_DIGIT = 400;

/** Plays what stands first in the queue of a connection, unless it is playing already. */
export function playNext(pbx: SwitchFloor, leg: Leg, lagMs?: number): void {
  const playback = leg.playbacks[0];
  if (playback === undefined || playback.started) return;
  playback.started = 'started';
  const { connectionId } = leg;
  const { playbackId } = playback;
  pbx.tell(leg, { type: 'playbackStarted', connectionId, playbackId }, lagMs);
  const forMs = lengthOf(pbx, playback.media);
  leg.party.hooks.playing?.(leg, playback);
  if (forMs === Number.POSITIVE_INFINITY) return;
  const outcome = forMs === undefined ? 'failed' : 'done';
  playback.cancelTimer = pbx.clock.setTimer(forMs ?? 2, () => finishPlayback(pbx, leg, { playback, outcome }));
}

/** Ends one playback and goes on with the next one. */
export function finishPlayback(
  pbx: SwitchFloor,
  leg: Leg,
  how: { readonly playback: Playback; readonly outcome: 'done' | 'stopped' | 'failed' },
): void {
  const { playback, outcome } = how;
  const at = leg.playbacks.indexOf(playback);
  if (at < 0) return;
  leg.playbacks.splice(at, 1);
  playback.cancelTimer?.();
  const { connectionId } = leg;
  const { playbackId } = playback;
  const late = outcome === 'stopped' && pbx.order('playbackEnd', leg.random) === 'playback.endsLate';
  const lagMs = leg.random.int(0, 4) + (late ? leg.random.int(50, 300) : 0);
  pbx.tell(leg, { type: 'playbackFinished', connectionId, playbackId, outcome }, lagMs);
  playNext(pbx, leg);
}

/** The connection ends: each of its playbacks is told to be over. */
export function endPlaybacks(pbx: SwitchFloor, leg: Leg): void {
  if (leg.playbacks.length === 0) return;
  const { connectionId } = leg;
  for (const { playbackId, cancelTimer } of leg.playbacks.splice(0)) {
    cancelTimer?.();
    pbx.tell(leg, { type: 'playbackFinished', connectionId, playbackId, outcome: 'stopped' });
  }
}

/** How long it sounds: `undefined` when a part of it does not exist, infinite for tones. */
function lengthOf(pbx: SwitchFloor, media: readonly MediaRef[]): number | undefined {
  let total = 0;
  for (const item of media) {
    switch (item.kind) {
      case 'prompt': {
        const forMs = (pbx.options.promptMs ?? defaultPromptMs)(item.prompt);
        if (forMs === undefined) return undefined;
        total += forMs;
        break;
      }
      case 'tone':
        return item.tone === 'beep' ? total + 300 : Number.POSITIVE_INFINITY;
      case 'silence':
        total += item.forMs;
        break;
      case 'recording': {
        const forMs = pbx.recordings.get(item.recordingId)?.durationMs;
        if (forMs === undefined) return undefined;
        total += forMs;
        break;
      }
      case 'speech':
        return undefined;
      case 'digits':
        total += item.text.length * MS_PER_SPOKEN_DIGIT;
        break;
      case 'number':
        total += String(item.value).length * MS_PER_SPOKEN_DIGIT;
        break;
    }
  }
  return total;
}

function defaultPromptMs(prompt: string): number | undefined {
  return prompt.startsWith('missing') ? undefined : DEFAULT_PROMPT_MS;
}
