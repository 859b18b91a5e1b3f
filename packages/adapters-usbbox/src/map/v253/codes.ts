/** What a shielded code of a modem means to a line. */
export type CodeMeaning =
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'digitBegins' | 'digitEnds' }
  | { readonly type: 'ring' }
  | { readonly type: 'tone'; readonly tone: 'dial' | 'ringback' | 'busy' | 'fax' | 'modem' }
  | { readonly type: 'polarity' }
  | { readonly type: 'phone'; readonly hook: 'on' | 'off' }
  | { readonly type: 'currentBroken' }
  | { readonly type: 'presumedEnd'; readonly why: 'silence' | 'silenceAfterVoice' }
  | { readonly type: 'voice' }
  /** Wants no more to play, or can take more. */
  | { readonly type: 'flow'; readonly may: 'stop' | 'go' }
  /** Played too little, or recorded more than the port could carry: sound was lost. */
  | { readonly type: 'lostSound'; readonly way: 'play' | 'hear' }
  /** Known and of no use here: special information tone, call waiting, timing marks. */
  | { readonly type: 'nothing' };

const NOTHING: CodeMeaning = { type: 'nothing' };

/** The codes of V.253 and IS-101 (`DLE` and one character), with those of modems that say the same otherwise. */
export const CODE_TABLE: Readonly<Record<string, CodeMeaning>> = {
  '/': { type: 'digitBegins' },
  '~': { type: 'digitEnds' },
  R: { type: 'ring' },
  r: { type: 'tone', tone: 'ringback' },
  b: { type: 'tone', tone: 'busy' },
  K: { type: 'tone', tone: 'busy' },
  d: { type: 'tone', tone: 'dial' },
  i: { type: 'tone', tone: 'dial' },
  // Answer tone of a fax or of a modem; only its recipient can say which.
  a: { type: 'tone', tone: 'fax' },
  f: { type: 'tone', tone: 'modem' },
  // Calling tones say nothing of an answer.
  c: NOTHING,
  m: NOTHING,
  e: NOTHING,
  L: { type: 'polarity' },
  l: { type: 'currentBroken' },
  h: { type: 'phone', hook: 'on' },
  p: { type: 'phone', hook: 'on' },
  H: { type: 'phone', hook: 'off' },
  P: { type: 'phone', hook: 'off' },
  s: { type: 'presumedEnd', why: 'silence' },
  q: { type: 'presumedEnd', why: 'silenceAfterVoice' },
  v: { type: 'voice' },
  V: { type: 'voice' },
  w: NOTHING,
  t: NOTHING,
  J: NOTHING,
  $: NOTHING,
  u: { type: 'lostSound', way: 'play' },
  o: { type: 'lostSound', way: 'hear' },
  S: { type: 'flow', may: 'stop' },
  Q: { type: 'flow', may: 'go' },
  E: NOTHING,
  Y: { type: 'lostSound', way: 'hear' },
  T: NOTHING,
};

/** What a code means; `undefined` for one that has no name. */
export function meaningOf(code: string): CodeMeaning | undefined {
  if (/^[0-9*#A-D]$/.test(code)) return { type: 'digit', digit: code };
  return Object.hasOwn(CODE_TABLE, code) ? CODE_TABLE[code] : undefined;
}
