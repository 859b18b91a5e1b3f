import { asId, type IvrGraph, type MediaRef, type Say, type SayItem } from '../contract/index.js';
import { moneyMedia } from './money.js';
import { fillIn, variable } from './variables.js';
import type { IvrWorld } from './world.js';

/** Longest pause of a `silence` item. */
export const MAX_SILENCE_MS = 60_000;
/** Most items of one announcement. */
export const MAX_SAY_ITEMS = 64;

/** What the caller's language and variables make of an announcement. Items that have no sound (a missing file, an empty variable, a text without a speech service) are left out. */
export function mediaOf(
  say: Say | undefined,
  speaker: {
    readonly graph: IvrGraph;
    readonly language: string;
    readonly variables: Readonly<Record<string, string>>;
  },
  world: IvrWorld,
): readonly MediaRef[] {
  return (say ?? []).slice(0, MAX_SAY_ITEMS).flatMap((item) => itemMedia(item, speaker, world) ?? []);
}

function itemMedia(
  item: SayItem,
  { graph, language, variables }: Parameters<typeof mediaOf>[1],
  world: IvrWorld,
): MediaRef | readonly MediaRef[] | undefined {
  switch (item.kind) {
    case 'prompt':
      return promptMedia(item.prompt, graph, language);
    case 'text': {
      const text = fillIn(item.text, variables);
      return text === '' ? undefined : world.speech?.(text, language);
    }
    case 'say': {
      const value = variable(variables, item.variable);
      if (item.as === 'number' && /^\d{1,15}$/.test(value)) return { kind: 'number', value: Number(value), language };
      if (item.as === 'money') {
        const word = (prompt: string): MediaRef | undefined => promptMedia(prompt, graph, language);
        const said = moneyMedia(value, { currency: item.currency, language }, word);
        if (said !== undefined) return said;
      }
      const digits = value.replace(/[^\d*#]/g, '').slice(0, 64);
      return digits === '' ? undefined : { kind: 'digits', text: digits, language };
    }
    case 'recording': {
      const recordingId = variable(variables, item.variable);
      return recordingId === '' ? undefined : { kind: 'recording', recordingId: asId(recordingId) };
    }
    case 'silence':
      return item.forMs > 0 ? { kind: 'silence', forMs: Math.min(Math.round(item.forMs), MAX_SILENCE_MS) } : undefined;
  }
}

function promptMedia(prompt: string, graph: IvrGraph, language: string): MediaRef | undefined {
  const files = Object.hasOwn(graph.prompts, prompt) ? (graph.prompts[prompt] ?? {}) : {};
  // A prompt that a language lacks is said in the first language that has it: better understood by some than by nobody.
  const spoken = [language, ...graph.languages].find((candidate) => Object.hasOwn(files, candidate));
  if (spoken === undefined) return undefined;
  const form = files[spoken];
  const { file, text }: { readonly file?: string; readonly text?: string } =
    typeof form === 'object' ? form : form === undefined ? {} : { file: form };
  if (file !== undefined) return { kind: 'prompt', prompt: file, language: spoken };
  return text === undefined ? undefined : { kind: 'speech', text, language: spoken };
}
