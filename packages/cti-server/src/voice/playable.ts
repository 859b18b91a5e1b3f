import type { IvrGraph, IvrPrompt, MediaRef, TenantConfig } from '@cordboard/cti-core';
import { nameOfFile } from './names.js';

/** What the library has under a name: a file that may be played, only drafts, or nothing (a sound of the switch's own). */
export type VoiceState =
  | { readonly state: 'approved'; readonly path: string }
  | { readonly state: 'draft' | 'unknown' };

/** Where sounds come from. */
export interface PlayableSources {
  /** The state of a name in a language; its path as the switch sees it, without an ending. */
  readonly voice: (language: string | undefined, name: string) => VoiceState;
  /** The path of words as the switch sees it; `undefined`: no speech service, or it failed. */
  readonly speech:
    | {
        readonly ready: (text: string, language: string) => string | undefined;
        readonly make: (text: string, language: string) => Promise<string | undefined>;
      }
    | undefined;
  readonly config: () => TenantConfig;
  /** A prompt that only exists as a draft was asked for on a live call. */
  readonly onDraft: (file: string) => void;
}

/** A draft's stand-ins, best first. */
type StandIn =
  | { readonly kind: 'words'; readonly text: string; readonly language: string }
  | { readonly kind: 'file'; readonly file: string; readonly language: string };

/** Turns what flows want to be heard into what switches can play. */
export class Playable {
  readonly #sources: PlayableSources;
  #prompts:
    | { readonly of: TenantConfig['flows']; readonly byFile: ReadonlyMap<string, readonly StandIn[]> }
    | undefined;

  constructor(sources: PlayableSources) {
    this.#sources = sources;
  }

  /** What to play in place of each item; items that nothing can be made of are left out. A promise only where the speech service must be waited for. */
  resolve(media: readonly MediaRef[]): readonly MediaRef[] | Promise<readonly MediaRef[]> {
    const parts = media.map((item) => this.#item(item));
    if (!parts.some((part) => part instanceof Promise))
      return parts.flatMap((part) => (part as MediaRef | undefined) ?? []);
    return Promise.all(parts).then((all) => all.flatMap((part) => part ?? []));
  }

  #item(item: MediaRef): MediaRef | undefined | Promise<MediaRef | undefined> {
    if (item.kind === 'speech') return this.#words(item.text, item.language);
    if (item.kind !== 'prompt') return item;
    const { prompt: file, language } = item;
    const found = this.#sources.voice(language, nameOfFile(file));
    if (found.state === 'unknown') return item;
    if (found.state === 'approved') return { ...item, prompt: found.path };
    this.#sources.onDraft(file);
    return this.#standIn(this.#standIns(file, language ?? ''));
  }

  #words(text: string, language: string): MediaRef | undefined | Promise<MediaRef | undefined> {
    const { speech } = this.#sources;
    const ready = speech?.ready(text, language);
    if (ready !== undefined) return { kind: 'prompt', prompt: ready, language };
    return speech
      ?.make(text, language)
      .then((path): MediaRef | undefined =>
        path === undefined ? undefined : { kind: 'prompt', prompt: path, language },
      );
  }

  /** The first stand-in that makes a sound. */
  #standIn(choices: readonly StandIn[]): MediaRef | undefined | Promise<MediaRef | undefined> {
    for (const [index, choice] of choices.entries()) {
      if (choice.kind === 'words') {
        const words = this.#words(choice.text, choice.language);
        if (words === undefined) continue;
        if (!(words instanceof Promise)) return words;
        return words.then((made) => made ?? this.#standIn(choices.slice(index + 1)));
      }
      const { state, ...found } = this.#sources.voice(choice.language, nameOfFile(choice.file));
      if (state === 'draft') continue;
      const prompt = 'path' in found ? found.path : choice.file;
      return { kind: 'prompt', prompt, language: choice.language };
    }
    return undefined;
  }

  #standIns(file: string, language: string): readonly StandIn[] {
    const { flows } = this.#sources.config();
    if (this.#prompts?.of !== flows) this.#prompts = { of: flows, byFile: standInsOf(flows) };
    return this.#prompts.byFile.get(`${language}\0${file}`) ?? [];
  }
}

/** For every file of every prompt: its own words, then the prompt's other languages in the flow's order, files before words. */
function standInsOf(flows: readonly IvrGraph[]): ReadonlyMap<string, readonly StandIn[]> {
  const found = new Map<string, readonly StandIn[]>();
  for (const { prompts, languages } of flows) {
    for (const prompt of Object.values(prompts)) {
      const forms = languages.flatMap((language) =>
        Object.hasOwn(prompt, language) ? [{ language, ...partsOf(prompt[language] ?? '') }] : [],
      );
      for (const { language, file } of forms) {
        if (file === undefined || found.has(`${language}\0${file}`)) continue;
        const own = forms.filter((form) => form.language === language);
        const others = forms.filter((form) => form.language !== language);
        found.set(`${language}\0${file}`, [...own.flatMap(words), ...others.flatMap(files), ...others.flatMap(words)]);
      }
    }
  }
  return found;
}

interface Form {
  readonly language: string;
  readonly file?: string;
  readonly text?: string;
}

function partsOf(prompt: IvrPrompt): Omit<Form, 'language'> {
  return typeof prompt === 'string' ? { file: prompt } : prompt;
}

const words = ({ language, text }: Form): readonly StandIn[] =>
  text === undefined || text === '' ? [] : [{ kind: 'words', text, language }];
const files = ({ language, file }: Form): readonly StandIn[] =>
  file === undefined ? [] : [{ kind: 'file', file, language }];
