import { asId, type IvrGraph, type MediaRef, type Say, type SayItem } from '../contract/index.js';
import { dateMedia, timeMedia } from './date.js';
import { moneyMedia } from './money.js';
import { fillIn, variable } from './variables.js';
import type { IvrWorld } from './world.js';

/** Longest pause of a `silence` item. */
export const MAX_SILENCE_MS = 60_000;
/** Most items of one announcement. */
export const MAX_SAY_ITEMS = 64;

/** In whose words something is said. */
export interface Speaker {
  readonly graph: IvrGraph;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What the caller's language and variables make of an announcement. Items that have no sound (a missing prompt, an empty variable) are left out. */
export function mediaOf(say: Say | undefined, speaker: Speaker, world: IvrWorld): readonly MediaRef[] {
  if (say === undefined) return NO_MEDIA;
  const { graph, language } = speaker;
  const known = fixed.get(say);
  if (known !== undefined && known.graph === graph && known.language === language) return known.media;
  const media: MediaRef[] = [];
  const of = { speaker, world };
  let said = 0;
  for (const item of say) {
    said += 1;
    if (said > MAX_SAY_ITEMS) break;
    addMedia(media, item, of);
  }
  if (media.length === say.length && isAllPrompts(say) && isAllPrompts(media))
    fixed.set(say, { graph, language, media });
  return media;
}

const NO_MEDIA: readonly MediaRef[] = [];

function isAllPrompts(items: readonly { readonly kind: string }[]): boolean {
  return items.every(({ kind }) => kind === 'prompt');
}

/**
 * Announcements of files alone, as they were last said: flows do not change, so that they are the same for every caller of a language. Those with
 * words are not among them: what becomes of words is the world's to say.
 */
const fixed = new WeakMap<
  Say,
  { readonly graph: IvrGraph; readonly language: string; readonly media: readonly MediaRef[] }
>();

/** A part of an announcement that is played as one: keys cut all of it short, or nothing of it. */
export interface Stretch {
  readonly keys: 'cut' | 'wait';
  readonly media: readonly MediaRef[];
}

/** Has an announcement pieces that keys do not cut short? */
export function hasFixedPieces(say: Say): boolean {
  return say.some((item) => 'bargeIn' in item && item.bargeIn === 'none');
}

/** An announcement in its stretches, those without sound included: their places do not depend on variables. */
export function stretchesOf(say: Say, speaker: Speaker, world: IvrWorld): readonly Stretch[] {
  const stretches: { keys: Stretch['keys']; media: MediaRef[] }[] = [];
  for (const item of say.slice(0, MAX_SAY_ITEMS)) {
    const keys = 'bargeIn' in item && item.bargeIn === 'none' ? 'wait' : 'cut';
    let last = stretches.at(-1);
    if (last?.keys !== keys) {
      last = { keys, media: [] };
      stretches.push(last);
    }
    addMedia(last.media, item, { speaker, world });
  }
  return stretches;
}

function addMedia(
  media: MediaRef[],
  item: SayItem,
  { speaker, world }: { readonly speaker: Speaker; readonly world: IvrWorld },
): void {
  const made = itemMedia(item, speaker, world);
  if (made === undefined) return;
  if ('kind' in made) media.push(made);
  else media.push(...made);
}

function itemMedia(item: SayItem, speaker: Speaker, world: IvrWorld): MediaRef | readonly MediaRef[] | undefined {
  const { language, variables } = speaker;
  switch (item.kind) {
    case 'prompt':
      return promptMedia(item.prompt, speaker, world);
    case 'text': {
      const text = fillIn(item.text, variables);
      return text === '' ? undefined : spoken(text, language, world);
    }
    case 'say':
      return sayMedia(item, speaker, world);
    case 'recording': {
      const recordingId = variable(variables, item.variable);
      return recordingId === '' ? undefined : { kind: 'recording', recordingId: asId(recordingId) };
    }
    case 'silence':
      return item.forMs > 0 ? { kind: 'silence', forMs: Math.min(Math.round(item.forMs), MAX_SILENCE_MS) } : undefined;
  }
}

/** A variable read aloud. What is not of the form that is asked for is read key by key. */
function sayMedia(
  item: Extract<SayItem, { kind: 'say' }>,
  speaker: Speaker,
  world: IvrWorld,
): MediaRef | readonly MediaRef[] | undefined {
  const { language } = speaker;
  const value = variable(speaker.variables, item.variable);
  const word = (prompt: string): MediaRef | undefined => promptMedia(prompt, speaker, world);
  if (item.as === 'number' && /^\d{1,15}$/.test(value)) return { kind: 'number', value: Number(value), language };
  const said =
    item.as === 'money'
      ? moneyMedia(value, { currency: item.currency, language }, word)
      : item.as === 'date'
        ? dateMedia(value, { language, word })
        : item.as === 'time'
          ? timeMedia(value, { language, word })
          : undefined;
  if (said !== undefined) return said;
  const digits = value.replace(/[^\d*#]/g, '').slice(0, 64);
  return digits === '' ? undefined : { kind: 'digits', text: digits, language };
}

function promptMedia(prompt: string, { graph, language }: Speaker, world: IvrWorld): MediaRef | undefined {
  if (!Object.hasOwn(graph.prompts, prompt)) return undefined;
  const forms = graph.prompts[prompt] ?? {};
  // A prompt that a language lacks is said in the first language that has it: better understood by some than by nobody.
  const tongue = Object.hasOwn(forms, language)
    ? language
    : graph.languages.find((candidate) => Object.hasOwn(forms, candidate));
  if (tongue === undefined) return undefined;
  const form = forms[tongue];
  if (typeof form === 'string') return { kind: 'prompt', prompt: form, language: tongue };
  if (form?.file !== undefined) return { kind: 'prompt', prompt: form.file, language: tongue };
  return form?.text === undefined ? undefined : spoken(form.text, tongue, world);
}

function spoken(text: string, language: string, { speech }: IvrWorld): MediaRef | undefined {
  if (speech === 'none') return undefined;
  return speech === undefined ? { kind: 'speech', text, language } : speech(text, language);
}
