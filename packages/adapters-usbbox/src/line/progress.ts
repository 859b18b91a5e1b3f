import type { Evidence, ReleaseCause } from '@cordboard/cti-core';
import type { AnswerEvidence, ToneName } from '@cordboard/telephony-dsp';

/** What is heard of a call that goes out, by the signal code or by the device itself. */
export type Heard =
  | { readonly type: 'tone'; readonly tone: ToneName; readonly state: 'begins' | 'ends'; readonly forMs: number }
  /** As {@link Heard} `tone`, and it has lasted for as many cycles as are needed to believe in it. */
  | { readonly type: 'toneSure'; readonly tone: ToneName }
  | { readonly type: 'answer'; readonly by: AnswerEvidence | 'modem'; readonly confidence: number }
  | { readonly type: 'crbt' }
  | { readonly type: 'answerTone'; readonly tone: 'ced' | 'cng' | 'modem' }
  | { readonly type: 'voice'; readonly state: 'voice' | 'silence' }
  /** Voice in all has lasted for as long as an answer needs that nothing else tells. */
  | { readonly type: 'voiceLong' }
  | { readonly type: 'remoteHangup'; readonly by: 'polarity' | 'modem' | 'current' }
  /** The device's own word on a call that it dialled. */
  | { readonly type: 'callFailed'; readonly why: 'busy' | 'noAnswer' | 'noDialTone' | 'noCarrier' }
  /** Nobody answered in the time for it. */
  | { readonly type: 'ringTimeout' };

/** What follows for the call. */
export type Verdict =
  | { readonly type: 'nothing' }
  | { readonly type: 'alerting'; readonly evidence: Evidence }
  | { readonly type: 'connected'; readonly evidence: Evidence }
  | { readonly type: 'cleared'; readonly cause: ReleaseCause; readonly evidence: Evidence };

/** What was heard of the call so far. */
export interface Progress {
  /** `none` nothing yet; `ringback`; `colour` music or speech in its place. */
  readonly rings: 'none' | 'ringback' | 'colour';
  readonly voice: 'never' | 'now' | 'before';
  readonly dialTone: 'heard' | 'missing' | 'unknown';
}

/** A call of which nothing was heard. */
export const NOTHING_HEARD: Progress = { rings: 'none', voice: 'never', dialTone: 'unknown' };

const NOTHING: Verdict = { type: 'nothing' };
/** By sound at most 0.9 (GB and BriSDK both say so); where an announcement sounds the same, at most 0.5. */
const SOUND = 0.9;
const UNSURE = 0.5;

/**
 * Judges one thing that was heard after dialling. Pure. A call that may be a talk is never ended: where a voice is all there is, it is `connected` with at
 * most 0.5.
 */
export function judge(progress: Progress, heard: Heard): { readonly progress: Progress; readonly verdict: Verdict } {
  const stay = (verdict: Verdict): { progress: Progress; verdict: Verdict } => ({ progress, verdict });
  switch (heard.type) {
    case 'tone':
      return judgeTone(progress, heard);
    case 'toneSure':
      return stay(ofSureTone(progress, heard.tone));
    case 'answer':
      return stay(connected(heard.by, capped(progress, heard)));
    case 'crbt':
      if (progress.rings !== 'none') return stay(NOTHING);
      return {
        progress: { ...progress, rings: 'colour' },
        verdict: { type: 'alerting', evidence: { by: 'colour-ringback', confidence: UNSURE } },
      };
    case 'answerTone':
      // A machine has answered: nobody but a fax or modem sends this. Its calling tone says nothing of an answer.
      return stay(
        heard.tone === 'cng'
          ? NOTHING
          : { type: 'connected', evidence: { by: 'tone', confidence: SOUND, tone: heard.tone } },
      );
    case 'voice':
      return { progress: { ...progress, voice: heard.state === 'voice' ? 'now' : 'before' }, verdict: NOTHING };
    case 'voiceLong':
      return stay(progress.rings === 'none' ? connected('voice', UNSURE) : NOTHING);
    case 'remoteHangup':
      return stay({ type: 'cleared', cause: 'normalClearing', evidence: hangupEvidence(heard.by) });
    case 'callFailed':
      return stay({ type: 'cleared', ...MODEM_WORDS[heard.why] });
    case 'ringTimeout':
      return stay(ofTimeout(progress));
  }
}

/** What a device's word means; one that only says that nobody was reached is half believed. */
const MODEM_WORDS: {
  readonly [W in Extract<Heard, { type: 'callFailed' }>['why']]: {
    readonly cause: ReleaseCause;
    readonly evidence: Evidence;
  };
} = {
  busy: { cause: 'busy', evidence: { by: 'modem', confidence: SOUND, tone: 'busy' } },
  noAnswer: { cause: 'noAnswer', evidence: { by: 'modem', confidence: SOUND } },
  noDialTone: { cause: 'failure', evidence: { by: 'modem', confidence: SOUND, tone: 'dial' } },
  noCarrier: { cause: 'noAnswer', evidence: { by: 'modem', confidence: UNSURE } },
};

/** How the end of a call is known that the line or the device tells. */
export function hangupEvidence(by: 'polarity' | 'modem' | 'current'): Evidence {
  if (by === 'modem') return { by: 'modem', confidence: SOUND };
  return { by: by === 'polarity' ? 'polarity' : 'signalling', confidence: 1 };
}

function judgeTone(
  progress: Progress,
  heard: Extract<Heard, { type: 'tone' }>,
): { readonly progress: Progress; readonly verdict: Verdict } {
  if (heard.tone !== 'ringback' || heard.state === 'ends' || progress.rings === 'ringback')
    return { progress, verdict: NOTHING };
  // After a colour ring-back the line is known to ring; what is learnt is only that the sound is another.
  const verdict: Verdict =
    progress.rings === 'colour'
      ? NOTHING
      : { type: 'alerting', evidence: { by: 'ringback', confidence: SOUND, tone: 'ringback' } };
  return { progress: { ...progress, rings: 'ringback' }, verdict };
}

function ofSureTone(progress: Progress, tone: ToneName): Verdict {
  const cause = END_TONES[tone];
  if (cause === undefined) return NOTHING;
  // After music or speech in the place of ringback a busy tone ends an announcement as well as a refused call.
  const confidence = progress.rings === 'colour' || progress.voice !== 'never' ? UNSURE : SOUND;
  return { type: 'cleared', cause, evidence: { by: 'tone', confidence, tone } };
}

/** Tones that end a call before its answer. Howler: the exchange has given up this line. */
const END_TONES: { readonly [T in ToneName]?: ReleaseCause } = {
  busy: 'busy',
  congestion: 'congestion',
  unobtainable: 'unallocatedNumber',
  howler: 'failure',
};

function connected(by: Evidence['by'], confidence: number): Verdict {
  return { type: 'connected', evidence: { by, confidence } };
}

function capped(progress: Progress, heard: Extract<Heard, { type: 'answer' }>): number {
  if (heard.by === 'polarity') return 1;
  const most = heard.by === 'voice-after-crbt' || progress.rings === 'colour' ? UNSURE : SOUND;
  return Math.min(most, heard.confidence);
}

function ofTimeout(progress: Progress): Verdict {
  if (progress.rings === 'ringback')
    return { type: 'cleared', cause: 'noAnswer', evidence: { by: 'ringback', confidence: SOUND, tone: 'ringback' } };
  // Music or a voice may be somebody who talks: the call is left alone, and said to be unsure.
  if (progress.rings === 'colour' || progress.voice !== 'never') return connected('voice', 0.3);
  if (progress.dialTone === 'missing')
    return {
      type: 'cleared',
      cause: 'deviceUnreachable',
      evidence: { by: 'timeout', confidence: UNSURE, tone: 'dial' },
    };
  return { type: 'cleared', cause: 'noAnswer', evidence: { by: 'timeout', confidence: UNSURE } };
}
