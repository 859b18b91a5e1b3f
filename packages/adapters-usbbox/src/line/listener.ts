import type { Clock, Evidence, Release } from '@cordboard/cti-core';
import type { ToneName, ToneSet } from '@cordboard/telephony-dsp';
import type { LineTiming } from '../options.js';
import { Timers } from '../timers.js';
import { cycleMs } from './dsp.js';
import { type Heard, hangupEvidence, judge, NOTHING_HEARD, type Progress } from './progress.js';

/** What a listener is made of. */
export interface ListenerParts {
  readonly clock: Clock;
  readonly timing: LineTiming;
  readonly tones: ToneSet;
  /** Dial tone, while it is waited for. */
  readonly dialTone: () => void;
  readonly alerting: (evidence: Evidence) => void;
  readonly connected: (evidence: Evidence) => void;
  /** The call is over. */
  readonly over: (release: Release) => void;
}

/** A fax is known by its answer tone after so long. */
const FAX_WAIT_MS = 700;
/** The voice detector hears a tone begin so much earlier than the tone itself is dated. */
const TONE_ONSET_MS = 400;
/** Wires that change places again so soon belong to the same answer. */
const SAME_REVERSAL_MS = 1_000;

/** Makes of tones, voices and signals what became of a call. It listens in one of four ways, as its line is used. */
export class CallListener {
  readonly #parts: ListenerParts;
  readonly #timers: Timers<'sure' | 'voice' | 'dialToneEnds' | 'answer' | 'ringTimeout'>;
  #way: 'not' | 'seizing' | 'progress' | 'talking' = 'not';
  #progress: Progress = NOTHING_HEARD;
  #voiceMs = 0;
  #voiceSinceMs: number | undefined;
  #voiceFirstMs: number | undefined;
  #toneSounds = false;
  #answered: { readonly by: Evidence['by']; readonly atMs: number } | undefined;
  #deafUntilMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  /** The line is off-hook to dial: dial tone or a busy tone comes. */
  seizing(): void {
    this.#renew('seizing');
    this.#progress = NOTHING_HEARD;
  }

  /** No dial tone came in its time. */
  noDialTone(): void {
    this.#progress = { ...this.#progress, dialTone: 'missing' };
  }

  /** The digits go out: nothing that is heard counts. */
  dialling(): void {
    this.#renew('not');
  }

  /** The digits are out. */
  dialled(ringTimeoutMs: number): void {
    this.#renew('progress');
    this.#progress = { ...NOTHING_HEARD, dialTone: this.#progress.dialTone };
    this.#timers.set('ringTimeout', ringTimeoutMs, () => this.heard({ type: 'ringTimeout' }));
  }

  /** Somebody talks, known by this. */
  talking(by: Evidence['by']): void {
    this.#renew('talking');
    this.#answered = { by, atMs: this.#parts.clock.nowMs() };
  }

  /** Tones are no news for so long: the PBX gives its own after a flash. */
  ignoreTones(forMs: number): void {
    this.#deafUntilMs = this.#parts.clock.nowMs() + forMs;
    this.#timers.cancel('sure');
    this.#timers.cancel('dialToneEnds');
  }

  /** The line is not used. */
  stop(): void {
    this.#renew('not');
    this.#answered = undefined;
    this.#deafUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** A tone begins (after it has sounded for so long) or ends. */
  tone(tone: ToneName, how: { readonly state: 'begins' | 'ends'; readonly forMs: number }): void {
    if (this.#way === 'not') return;
    if (tone === 'dial' || tone === 'special_dial') return this.#dialTone(how.state);
    if (how.state === 'ends') this.#timers.cancel('sure');
    else if (tone !== 'ringback') this.#makeSure(tone, how.forMs);
    this.heard({ type: 'tone', tone, ...how });
  }

  /** Both wires changed places. */
  polarity(): void {
    if (this.#way === 'progress') return this.heard({ type: 'answer', by: 'polarity', confidence: 1 });
    const nowMs = this.#parts.clock.nowMs();
    if (this.#way !== 'talking' || this.#answered?.by !== 'polarity') return;
    if (nowMs - this.#answered.atMs >= SAME_REVERSAL_MS) this.#hungUp({ by: 'polarity', confidence: 1 });
  }

  /** Anything else. */
  heard(heard: Heard): void {
    if (this.#way === 'talking') return this.#inTalk(heard);
    if (this.#way === 'seizing' && heard.type === 'toneSure')
      return this.#parts.over({ cause: 'congestion', evidence: { by: 'tone', confidence: 0.9, tone: heard.tone } });
    if (this.#way !== 'progress') return;
    if (heard.type === 'voice' && !this.#countVoice(heard.state)) return;
    if (heard.type === 'tone') this.#toneIs(heard.state, heard.forMs);
    const { progress, verdict } = judge(this.#progress, heard);
    this.#progress = progress;
    if (verdict.type === 'alerting') this.#parts.alerting(verdict.evidence);
    else if (verdict.type === 'connected') this.#maybeAnswered(verdict.evidence);
    else if (verdict.type === 'cleared') this.#parts.over({ cause: verdict.cause, evidence: verdict.evidence });
  }

  #inTalk(heard: Heard): void {
    if (heard.type === 'remoteHangup') return this.#hungUp(hangupEvidence(heard.by));
    if (heard.type !== 'toneSure' || this.#parts.clock.nowMs() < this.#deafUntilMs) return;
    this.#hungUp({ by: 'tone', confidence: 0.9, tone: heard.tone });
  }

  /** A tone that would end the call must last for as many cycles as the line's options say. */
  #makeSure(tone: ToneName, forMs: number): void {
    const { timing, tones } = this.#parts;
    const ms = timing.busyCycles * cycleMs(tones, tone) - forMs;
    this.#timers.set('sure', ms, () => this.heard({ type: 'toneSure', tone }));
  }

  #dialTone(state: 'begins' | 'ends'): void {
    if (state === 'ends') return this.#timers.cancel('dialToneEnds');
    if (this.#way === 'seizing') {
      this.#progress = { ...this.#progress, dialTone: 'heard' };
      this.#parts.dialTone();
    } else if (this.#way === 'talking' && this.#parts.clock.nowMs() >= this.#deafUntilMs) {
      this.#timers.set('dialToneEnds', this.#parts.timing.dialToneEndsMs, () =>
        this.#hungUp({ by: 'tone', confidence: 0.9, tone: 'dial' }),
      );
    }
  }

  /** Adds up voice. @returns whether it may be one: a tone is loud as well */
  #countVoice(state: 'voice' | 'silence'): boolean {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#toneSounds) return false;
    if (state === 'voice' && this.#voiceSinceMs === undefined) {
      this.#voiceSinceMs = nowMs;
      this.#voiceFirstMs ??= nowMs;
      const ms = this.#parts.timing.voiceAnswerMs - this.#voiceMs;
      this.#timers.set('voice', ms, () => this.heard({ type: 'voiceLong' }));
    } else if (state === 'silence' && this.#voiceSinceMs !== undefined) {
      this.#voiceMs += nowMs - this.#voiceSinceMs;
      this.#voiceSinceMs = undefined;
      this.#timers.cancel('voice');
    }
    return true;
  }

  /** What sounded like a voice was the beginning of a tone, where none was heard before it. */
  #toneIs(state: 'begins' | 'ends', forMs: number): void {
    this.#toneSounds = state === 'begins';
    if (state === 'ends') return;
    this.#timers.cancel('voice');
    this.#voiceSinceMs = undefined;
    const sinceMs = this.#parts.clock.nowMs() - forMs - TONE_ONSET_MS;
    if (this.#voiceFirstMs === undefined || this.#voiceFirstMs < sinceMs) return;
    this.#voiceFirstMs = undefined;
    this.#voiceMs = 0;
    this.#progress = { ...this.#progress, voice: 'never' };
  }

  /** An answer by sound waits for a moment: the answer tone of a fax breaks the ringback as well. */
  #maybeAnswered(evidence: Evidence): void {
    if (evidence.by !== 'ringback-broken') return this.#parts.connected(evidence);
    if (!this.#timers.has('answer')) this.#timers.set('answer', FAX_WAIT_MS, () => this.#parts.connected(evidence));
  }

  #hungUp(evidence: Evidence): void {
    this.#parts.over({ cause: 'normalClearing', evidence });
  }

  #renew(way: 'not' | 'seizing' | 'progress' | 'talking'): void {
    this.#way = way;
    this.#timers.cancelAll();
    this.#voiceMs = 0;
    this.#voiceSinceMs = undefined;
    this.#voiceFirstMs = undefined;
    this.#toneSounds = false;
  }
}
