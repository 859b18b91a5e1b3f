import type { IvrNode, NodeRef } from '@cordboard/cti-core';
import { Author, type Known } from './author.js';
import { timesFor } from './hours-for.js';

const SYSTEM = ['call.number', 'call.dialled', 'call.language'];

/** Writes the nodes of one flow, each with what follows it, by what is known at its place. */
export class Maker extends Author {
  #left = 0;

  start(): string {
    this.#left = this.brief.size;
    const set = [...SYSTEM, ...(this.brief.needs ?? [])];
    return this.#step({ set, masked: [], numbers: ['call.number'], recordings: [], agreed: 'no', menus: [] }, 'start');
  }

  /** A node and all that follows it: its name. */
  #step(known: Known, wanted?: string): string {
    this.#left -= 1;
    if (this.#left <= 0 && wanted === undefined) return this.end(known);
    const kinds: readonly ((known: Known, name: string) => IvrNode)[] = [
      this.#menu,
      this.#menu,
      this.#menu,
      this.#plain,
      this.#collect,
      this.#branch,
      this.#branch,
      this.#question,
      this.#question,
      this.#keeps,
      this.#people,
      this.#call,
    ];
    const make = this.choices.pick(kinds);
    const name = wanted ?? this.name('n');
    // The name is taken before what follows is written.
    this.made.nodes[name] = { type: 'hangup' };
    return this.put(name, make.call(this, known, name));
  }

  /** Where a key may lead: on, back to a menu around, or out. */
  #onward(known: Known, by: 'key' | 'other'): NodeRef {
    const { choices } = this;
    const back = known.menus.filter(({ agreed }) => agreed === 'no' || known.agreed === 'yes');
    if (by === 'key' && back.length > 0 && choices.often(25)) {
      const top = known.menus.at(-1);
      if (top !== undefined && back.includes(top) && choices.often(50)) return 'BACK';
      return choices.pick(back).name;
    }
    return choices.often(70) ? this.#step(known) : this.end(known);
  }

  #away(known: Known): string {
    return this.end(known);
  }

  #menu(known: Known, name: string): IvrNode {
    const { choices } = this;
    const { keys, interDigitMs } = this.keys(1 + choices.below(4));
    // At the menu itself BACK leads to the one before it; behind its keys it leads here.
    const inside: Known = { ...known, menus: [...known.menus, { name, agreed: known.agreed }] };
    const say = this.question(keys);
    const join = choices.often(30) ? this.#step(inside) : undefined;
    const to = (): NodeRef => {
      if (join !== undefined && choices.often(60)) return choices.often(50) ? join : this.#aside(join);
      if (choices.often(15))
        return this.put(this.name('info'), { type: 'play', say: this.say(known), bargeIn: true, next: 'BACK' });
      return this.#onward(inside, 'key');
    };
    return {
      type: 'menu',
      say,
      keys: Object.fromEntries(keys.map((key) => [key, to()])),
      ...(interDigitMs === undefined ? {} : { interDigitMs }),
      ...(choices.often(30) ? { tries: 1 + choices.below(3), timeoutMs: 4000 } : {}),
      ...(choices.often(20) ? { typeAhead: 'discard' as const } : {}),
      ...(choices.often(30) ? { noInputSay: [this.say(known), this.say(known)] } : {}),
      noInput: this.#away(known),
      noMatch: choices.often(30) ? name : this.#away(known),
    };
  }

  /** Something on the way to a place that both ways share. */
  #aside(next: string): string {
    const { choices, brief } = this;
    const node: IvrNode = choices.often(50)
      ? { type: 'language', language: choices.pick(brief.languages), next }
      : { type: 'set', assign: { [`aside${choices.below(3)}`]: 'x{call.dialled}' }, next };
    return this.put(this.name('aside'), node);
  }

  #plain(known: Known): IvrNode {
    const { choices, brief } = this;
    switch (choices.below(4)) {
      case 0:
        return {
          type: 'play',
          say: this.say(known),
          ...(choices.often(40) ? { loop: 2 } : {}),
          next: this.#step(known),
        };
      case 1:
        return { type: 'language', language: choices.pick(brief.languages), next: this.#step(known) };
      case 2: {
        if (brief.consent === 'not' || (brief.needs !== undefined && known.agreed === 'yes')) break;
        const agreed = known.agreed === 'yes' && choices.often(20) ? 'no' : 'yes';
        return { type: 'set', assign: { 'recording.consent': agreed }, next: this.#step({ ...known, agreed }) };
      }
    }
    const variable = this.name(`${this.brief.id}.v`);
    const from = choices.pick(known.set);
    const number = known.numbers.includes(from) ? [variable] : [];
    const masked = known.masked.includes(from) ? [variable] : [];
    const after = {
      ...known,
      set: [...known.set, variable, `${variable}b`],
      numbers: [...known.numbers, ...number],
      masked: [...known.masked, ...masked],
    };
    // The second is made of what the first was just given, and of nothing secret.
    return {
      type: 'set',
      assign: { [`${variable}b`]: 'gold', [variable]: `<{${from}}>{${variable}b}` },
      next: this.#step(after),
    };
  }

  #collect(known: Known): IvrNode {
    const { choices } = this;
    const variable = this.name(`${this.brief.id}.v`);
    const masked = choices.often(40);
    const after = {
      ...known,
      set: [...known.set, variable],
      masked: masked ? [...known.masked, variable] : known.masked,
    };
    const next = masked && choices.often(30) ? this.#scrub(after, variable) : this.#step(after);
    return {
      type: 'collect',
      say: this.say(known),
      variable,
      min: 2,
      max: 6,
      ...(choices.often(50) ? { pattern: choices.pick(['\\d{2,4}', '[1-9]\\d{3}', '00?\\d{4}']) } : {}),
      ...(masked ? { masked } : {}),
      ...(choices.often(20) ? { terminator: null, interDigitMs: 1500 } : {}),
      ...(choices.often(20) ? { noMatchSay: [this.say(known)] } : {}),
      next,
      noInput: this.#away(known),
      noMatch: this.#onward(known, 'key'),
    };
  }

  /** What was masked is written over, and may be said from then on. */
  #scrub(known: Known, variable: string): string {
    const clear = { ...known, masked: known.masked.filter((name) => name !== variable) };
    const told = this.put(this.name('tell'), {
      type: 'play',
      say: [{ kind: 'say', variable, as: 'digits' }],
      next: this.#step(clear),
    });
    return this.put(this.name('scrub'), { type: 'set', assign: { [variable]: '0000' }, next: told });
  }

  #branch(known: Known): IvrNode {
    const { choices } = this;
    const join = choices.often(40) ? this.#step(known) : undefined;
    const to = (): string => (join !== undefined && choices.often(50) ? this.#aside(join) : this.#step(known));
    switch (choices.below(4)) {
      case 0: {
        return { type: 'hours', ...timesFor(choices, to), otherwise: join ?? this.end(known) };
      }
      case 1:
        return {
          type: 'mode',
          mode: 'night',
          ways: { night: to(), ...(choices.often(50) ? { holiday: to() } : {}) },
          otherwise: to(),
        };
      case 2: {
        const rules = choices.pick([
          [{ prefixes: ['+8610', '+8621'] }, { prefixes: ['+86'] }],
          [{ prefixes: ['+86'], province: 'Hubei' }, { prefixes: ['+86', '+852'] }],
          [{ province: 'Hubei', city: 'Wuhan' }, { province: 'Hubei' }, { carrier: 'Mobile' }],
          [{ prefixes: ['+49'] }, { prefixes: ['+44', '+491'], carrier: 'Mobile' }],
        ]);
        return { type: 'area', rules: rules.map((rule) => ({ ...rule, goTo: to() })), otherwise: to() };
      }
      default: {
        const lists = choices.some(['vip', 'blocked', 'press'], 1 + choices.below(3));
        return { type: 'list', rules: lists.map((list) => ({ list, goTo: to() })), otherwise: to() };
      }
    }
  }

  #question(known: Known): IvrNode {
    const { choices, brief } = this;
    const variable = this.name(`${this.brief.id}.v`);
    const masked = choices.often(20);
    const answered: Known = {
      ...known,
      set: [...known.set, variable],
      masked: masked ? [...known.masked, variable] : known.masked,
    };
    const open = known.set.filter((name) => !known.masked.includes(name) && !known.numbers.includes(name));
    const asking = {
      ...(choices.often(50) ? { say: this.say(known) } : {}),
      timeoutMs: 2000 + choices.below(3000),
      ...(choices.often(40) ? { tries: 2 } : {}),
      keep: { [variable]: '/name' },
      ...(masked ? { masked: [variable] } : {}),
      failed: this.#onward(known, 'key'),
    };
    switch (choices.below(4)) {
      case 0:
        return {
          type: 'http',
          method: 'POST',
          url: `${choices.pick(['https://api.example.com', 'http://127.0.0.1:9000', 'https://api.example.com:443'])}/v1/{${choices.pick(open)}}?at={call.dialled}`,
          headers: { authorization: 'Bearer {secret.CRM}' },
          body: { what: `{${choices.pick(known.set)}}`, from: '{call.number}' },
          ...asking,
          ways: { '2xx': this.#step(answered), ...(choices.often(40) ? { '404': this.#step(answered) } : {}) },
          otherwise: this.end(answered),
        };
      case 1:
        return {
          type: choices.pick(['compute', 'query'] as const),
          function: choices.pick(['price@1', 'book@2']),
          pass: { of: `{${choices.pick(known.set)}}` },
          ...asking,
          ways: { good: this.#step(answered), bad: this.#onward(answered, 'key') },
        };
      case 2:
        return {
          type: 'fax',
          document: 'map',
          ...asking,
          ...(choices.often(50) ? { variable: choices.pick(known.set) } : {}),
          next: this.#step(answered),
        };
      default: {
        if (known.agreed === 'no' && brief.consent === 'needed') break;
        return {
          type: 'listen',
          say: this.say(known),
          variable,
          ...(choices.often(50) ? { phrases: ['yes', 'no'] } : {}),
          next: this.#step({ ...known, set: [...known.set, variable] }),
          noInput: this.#away(known),
          noMatch: this.#onward(known, 'key'),
          failed: this.#away(known),
        };
      }
    }
    return { type: 'play', say: [], next: this.#step(known) };
  }

  #keeps(known: Known): IvrNode {
    const { choices, brief } = this;
    const clear = known.set.filter((name) => !known.masked.includes(name));
    switch (choices.below(4)) {
      case 0: {
        if (known.agreed === 'no' && brief.consent === 'needed') break;
        const variable = this.name(`${this.brief.id}.v`);
        const after = { ...known, set: [...known.set, variable], recordings: [...known.recordings, variable] };
        return {
          type: 'record',
          say: this.say(known),
          variable,
          ...(choices.often(60) ? { box: choices.pick(['office', 'sales']) } : {}),
          ...(choices.often(50) ? { maxMs: 30_000, minMs: 2000, keys: ['#'] as const } : {}),
          next: this.#step(after),
          empty: this.#away(known),
          failed: this.#away(known),
        };
      }
      case 1: {
        const variable = known.recordings.at(-1);
        if (variable === undefined) break;
        const next = this.#step(known);
        return choices.often(50)
          ? { type: 'message', variable, does: 'discard', next }
          : { type: 'message', variable, does: 'contact', contact: choices.pick(known.set), next };
      }
      case 2:
        return { type: 'score', survey: 'visit', variable: choices.pick(clear), next: this.#step(known) };
    }
    return {
      type: 'callback',
      queue: choices.pick(['sales', 'help']),
      ...(choices.often(50) ? { variable: choices.pick(known.set) } : {}),
      next: this.#step(known),
      refused: this.#onward(known, 'key'),
    };
  }

  #people(known: Known): IvrNode {
    const { choices, brief } = this;
    const taped = known.agreed === 'yes' || brief.consent === 'not';
    switch (choices.below(3)) {
      case 0:
        return {
          type: 'queue',
          queue: taped ? choices.pick(['taped', 'sales']) : choices.pick(['help', 'sales']),
          ...(choices.often(50) ? { say: this.say(known), priority: 2 } : {}),
          overflow: this.#step(known),
          full: this.end(known),
          ...(choices.often(50) ? { returned: this.#onward(known, 'key') } : {}),
        };
      case 1:
        return {
          type: 'transfer',
          to: choices.pick([
            { kind: 'extension', number: '8001' },
            { kind: 'group', group: 'front' },
            { kind: 'agent', agent: 'bob' },
          ] as const),
          ringTimeoutMs: 20_000,
          busy: this.#step(known),
          noAnswer: this.#onward(known, 'key'),
          failed: this.end(known),
        };
      default:
        return {
          type: 'orderDesk',
          group: 'kitchen',
          maxMs: 60_000,
          timeout: this.#step(known),
          failed: this.end(known),
        };
    }
  }

  #call(known: Known): IvrNode {
    const { choices } = this;
    const called = this.callable();
    if (called === undefined) return this.#plain(known);
    const name = this.name('call');
    const otherwise = this.#onward(known, 'key');
    const results = Object.fromEntries(
      Object.entries(called.results)
        .filter(() => choices.often(80))
        .map(([result, gives]) => [
          result,
          this.#step(gives === undefined ? known : { ...known, set: [...known.set, gives] }),
        ]),
    );
    const call: IvrNode = { type: 'subflow', flow: called.id, results, otherwise };
    if (called.needs.length === 0) return call;
    return {
      type: 'set',
      assign: Object.fromEntries(called.needs.map((need) => [need, 'given'])),
      next: this.put(name, call),
    };
  }
}
