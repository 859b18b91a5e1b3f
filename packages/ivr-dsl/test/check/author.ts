import type { DigitKey, IvrNode, IvrPrompt, MenuKey, Say, SayItem } from '@cordboard/cti-core';
import type { Choices } from './random.js';
import type { Brief, Callable } from './sound.js';
import { announcing } from './words-for.js';

/** What the author knows of a caller at a place of the flow. */
export interface Known {
  /** Set on every way to here. */
  readonly set: readonly string[];
  /** Of those: what was keyed in under a mask or made of it; numbers of callers. */
  readonly masked: readonly string[];
  readonly numbers: readonly string[];
  readonly recordings: readonly string[];
  readonly agreed: 'yes' | 'no';
  /** Menus around this place that a caller may be led back to by a key. */
  readonly menus: readonly { readonly name: string; readonly agreed: 'yes' | 'no' }[];
}

/** What a flow is made into. */
export interface Made {
  readonly nodes: Record<string, IvrNode>;
  readonly prompts: Record<string, Record<string, IvrPrompt>>;
}

/** Names, announcements and ends: what every kind of node is written with. */
export class Author {
  /** Results that the flow gives, with a variable that each surely sets. */
  readonly results: Record<string, string | undefined> = {};
  #names = 0;

  readonly choices: Choices;
  readonly brief: Brief;
  readonly made: Made;

  constructor(choices: Choices, brief: Brief, made: Made) {
    this.choices = choices;
    this.brief = brief;
    this.made = made;
  }

  name(what: string): string {
    this.#names += 1;
    // Dots as nodes have that are written on the spot.
    return this.choices.often(15) ? `${what}.${this.#names}` : `${what}${this.#names}`;
  }

  put(name: string, node: IvrNode): string {
    this.made.nodes[name] = node;
    return name;
  }

  /** Something to say: prompts with files or words, texts, silence, values that are known. */
  say(known: Known): Say {
    const { choices } = this;
    const items: SayItem[] = [this.prompt()];
    if (choices.often(20)) items.push({ kind: 'silence', forMs: 500 });
    const clear = known.set.filter((name) => !known.masked.includes(name) && !known.recordings.includes(name));
    if (choices.often(30)) {
      const as = choices.pick(['digits', 'number', 'date', 'time'] as const);
      items.push({ kind: 'say', variable: choices.pick(clear), as });
    }
    if (choices.often(10)) {
      for (const unit of ['major', 'minor'])
        this.made.prompts[`money.CNY.${unit}`] = this.forms(() => ({ file: unit }));
      items.push({ kind: 'say', variable: choices.pick(clear), as: 'money', currency: 'CNY' });
    }
    if (known.recordings.length > 0 && choices.often(20)) {
      items.push({ kind: 'recording', variable: choices.pick(known.recordings) });
    }
    if (this.brief.speech === 'available' && choices.often(20)) {
      items.push({ kind: 'text', text: `Hello {${choices.pick(clear)}}.` });
    }
    return items;
  }

  forms(form: (language: Brief['languages'][number]) => IvrPrompt): Record<string, IvrPrompt> {
    return Object.fromEntries(this.brief.languages.map((language) => [language, form(language)]));
  }

  prompt(words?: (language: Brief['languages'][number]) => string): SayItem {
    const { choices, made } = this;
    const key = this.name('prompt');
    made.prompts[key] = this.forms((language) => {
      if (words === undefined) return choices.often(50) ? `${key}-${language}` : { file: `${key}-${language}` };
      const text = words(language);
      return this.brief.speech === 'available' && choices.often(50) ? { text } : { file: `${key}-${language}`, text };
    });
    return { kind: 'prompt', prompt: key, ...(choices.often(10) ? { bargeIn: 'none' } : {}) };
  }

  /** The question of a menu: with words that announce its keys, or files whose words nobody knows, or nothing. */
  question(keys: readonly string[]): Say {
    const way = this.choices.below(10);
    if (way === 0) return [];
    if (way < 3) return [this.prompt()];
    if (way < 5 && this.brief.languages.length === 1 && this.brief.speech === 'available') {
      const [language = 'en'] = this.brief.languages;
      return [{ kind: 'text', text: announcing(this.choices, language, keys) }];
    }
    return [this.prompt((language) => announcing(this.choices, language, keys))];
  }

  /** A place where the caller's way ends, or people take over. Nothing leads back from it. */
  end(known: Known): string {
    const { choices, brief } = this;
    if (brief.needs !== undefined && choices.often(60)) return this.giveBack();
    const agreed = known.agreed === 'yes' || brief.consent === 'not';
    switch (choices.below(6)) {
      case 0:
        return 'END';
      case 1:
        return this.put(this.name('bye'), { type: 'hangup', ...(choices.often(50) ? { say: this.say(known) } : {}) });
      case 2: {
        const bye = this.put(this.name('bye'), { type: 'hangup' });
        return this.put(this.name('line'), {
          type: 'queue',
          queue: agreed ? choices.pick(['sales', 'taped']) : 'help',
          overflow: bye,
          ...(choices.often(50) ? { full: 'END', overflowAfterMs: 60_000 } : {}),
        });
      }
      case 3:
        return this.put(this.name('through'), {
          type: 'transfer',
          to: choices.pick([
            { kind: 'extension', number: '8123' },
            { kind: 'group', group: 'front' },
            { kind: 'outside', number: '01012345678' },
            { kind: 'agent', agent: 'ann' },
            { kind: 'variable', variable: choices.pick(known.set), outside: 'allowed' },
          ] as const),
          ...(choices.often(30) ? { failedSay: this.say(known) } : {}),
          busy: 'END',
          noAnswer: 'END',
          failed: 'END',
        });
      case 4:
        return this.put(this.name('desk'), { type: 'orderDesk', group: 'kitchen', timeout: 'END', failed: 'END' });
      default:
        return 'END';
    }
  }

  /** Ends a called flow: without a result, or with one, and then with what goes along. */
  giveBack(): string {
    if (this.choices.often(20)) return 'RETURN';
    const result = this.choices.pick(['ok', 'no']);
    const gives = result === 'ok' ? `${this.brief.id}.got` : undefined;
    this.results[result] = gives;
    const last = this.put(this.name('back'), { type: 'return', result });
    return gives === undefined
      ? last
      : this.put(this.name('note'), { type: 'set', assign: { [gives]: 'x' }, next: last });
  }

  /** Keys for so many choices; two of them may be of two keys, with the bound that they need. */
  keys(count: number): { readonly keys: readonly MenuKey[]; readonly interDigitMs?: number } {
    const single: readonly DigitKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];
    const keys: MenuKey[] = [...this.choices.some(single, count)];
    if (!this.choices.often(15)) return { keys };
    keys[keys.length - 1] = `1${this.choices.pick(['2', '5'] as const)}`;
    return { keys: [...new Set(keys)], interDigitMs: 2000 };
  }

  /** A flow that may be called here. */
  callable(): Callable | undefined {
    return this.brief.callables.length === 0 ? undefined : this.choices.pick(this.brief.callables);
  }
}
