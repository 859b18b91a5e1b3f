/** Samples a second that every detector works at. Other rates go through the resampler first. */
export const SAMPLE_RATE = 8000;

/** Level of a full-scale sine in dBm0 (G.711: the peak of the coder stands for +3.14 dBm0). */
export const FULL_SCALE_SINE_DBM0 = 3.14;

/** State of the line's hook while the samples were taken: `on` idle or ringing, `off` in use. */
export type Hook = 'on' | 'off';

/** What the line itself does beside its sound: both wires change places, or ringing voltage begins or ends. */
export type LineSignal = 'polarity' | 'ringStart' | 'ringEnd';

/** Why a caller's number is not told: `O` out of area or unavailable, `P` withheld, `C` payphone, `I` international, `S` service conflict. */
export type AbsenceReason = 'O' | 'P' | 'C' | 'I' | 'S';

/** Times of an event, in milliseconds of the stream since the first sample. */
export interface Stamp {
  /** When the signal itself began. */
  readonly atMs: number;
  /** When there was enough of it to be sure; never before `atMs`. */
  readonly detectedMs: number;
}

/** A caller's identity, told only when every rule of its format holds: an unsure decoder tells nothing. */
export interface CallerIdEvent extends Stamp {
  readonly type: 'cid';
  readonly method: 'fsk' | 'dtmf';
  /** Digits `0-9 * # A-D` as sent. Absent when it was withheld or not sent. */
  readonly number?: string;
  readonly absence?: AbsenceReason;
  /** The name as read (ASCII, UTF-8, GBK, in this order, else Latin-1). */
  readonly name?: string;
  /** The name's bytes as sent, lower-case hex. */
  readonly nameHex?: string;
  /** Why the name is not told. */
  readonly nameAbsence?: AbsenceReason;
  /** `MMDDhhmm` as sent; it has no year. */
  readonly datetime?: string;
  /** The number that was dialled, where it was sent. */
  readonly dialled?: string;
  /** The call was forwarded from here, where it was sent. */
  readonly redirecting?: string;
  /** `L`: a long-distance call. */
  readonly longDistance?: 'L';
  /** Parameters that this table has no name for, hex of the value by number of the parameter in hex. */
  readonly other?: Readonly<Record<string, string>>;
}

/** Message-waiting indicator (SDMF 0x06, MDMF 0x82 with parameter 0x0B). */
export interface MessageWaitingEvent extends Stamp {
  readonly type: 'messageWaiting';
  readonly state: 'on' | 'off';
}

/** One key, told when it is let go or has lasted long enough to be sure; `toneMs` is its length so far. */
export interface DtmfEvent extends Stamp {
  readonly type: 'dtmf';
  readonly digit: string;
  readonly toneMs: number;
}

/** Names of call-progress tones, the same in every country's set. */
export const TONE_NAMES = [
  'dial',
  'special_dial',
  'ringback',
  'busy',
  'congestion',
  'unobtainable',
  'toll',
  'call_waiting',
  'howler',
  'confirmation',
  'warning',
] as const;
/** One of {@link TONE_NAMES}. */
export type ToneName = (typeof TONE_NAMES)[number];

/** A call-progress tone is there. Told once until it ends. */
export interface ToneEvent extends Stamp {
  readonly type: 'tone';
  readonly tone: ToneName;
  /** Measured, Hz. */
  readonly hz: number;
}

/** That tone is over: its cadence broke. */
export interface ToneEndEvent extends Stamp {
  readonly type: 'toneEnd';
  readonly tone: ToneName;
}

/** What made the detector believe in an answer. */
export type AnswerEvidence = 'polarity' | 'ringback-broken' | 'voice-after-crbt';

/** The far end seems to have answered. `confidence` 0-1: 1 for polarity, at most 0.9 by sound, at most 0.5 after a colour ring-back tone. */
export interface AnswerEvent extends Stamp {
  readonly type: 'answer';
  readonly by: AnswerEvidence;
  readonly confidence: number;
}

/** A colour ring-back tone (music or speech in the place of ringback) is playing. */
export interface CrbtEvent extends Stamp {
  readonly type: 'crbt';
}

/** Fax: `cng` the calling tone (1100 Hz), `ced` the answer tone (2100 Hz), which data modems send as well. */
export interface FaxEvent extends Stamp {
  readonly type: 'fax';
  readonly tone: 'cng' | 'ced';
}

/** The line went from silence to voice or back. */
export interface VoiceEvent extends Stamp {
  readonly type: 'voice';
  readonly state: 'voice' | 'silence';
}

/** Everything that detectors tell. */
export type DspEvent =
  | CallerIdEvent
  | MessageWaitingEvent
  | DtmfEvent
  | ToneEvent
  | ToneEndEvent
  | AnswerEvent
  | CrbtEvent
  | FaxEvent
  | VoiceEvent;

/**
 * A streaming detector. It keeps no reference to what it was given, does nothing between calls, and allocates nothing for a block in
 * which nothing was found. Blocks may have any length; how a stream is cut into blocks never changes what is told.
 */
export interface Detector<E extends DspEvent = DspEvent> {
  /**
   * The next samples, 16 bit at {@link SAMPLE_RATE}, taken while the hook was so.
   * @returns what was found, in order of `detectedMs`; the array is valid until the next call
   */
  push(samples: Int16Array, hook: Hook): readonly E[];
  /** The line itself did something, now, at the end of the samples so far. Detectors that do not care return nothing. */
  signal(signal: LineSignal): readonly E[];
  /** No more samples come: tells what only the end makes sure. The detector is then as after `reset`. */
  flush(): readonly E[];
  /** Forgets everything and starts the stream's time at 0 again. */
  reset(): void;
}
