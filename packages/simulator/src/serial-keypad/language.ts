/** What a switch lets somebody at its keypad hear. */
export type KeypadAnswer = 'dial' | 'busy' | 'beep' | 'silence';

/** A switch that understands one of the documented keypad languages. */
export interface KeypadLanguageOptions {
  readonly model: 'ws824' | 'gw600' | 'gw200';
  /** Default: what the factory of `ws824` sets. */
  readonly password?: string;
  /** Keys that enter programming, before and after the password. Default of `ws824`: `#787` and nothing. */
  readonly enter?: readonly [before: string, after: string];
  /** 1-32, default 8. */
  readonly lines?: number;
  /** 1-128, default 24. */
  readonly ports?: number;
  /** Numbers of extensions of `gw200`. */
  readonly extensions?: readonly string[];
  /** Form of the restriction tables of `ws824`. Default: 20 places of two digits, codes up to 8. */
  readonly tables?: { readonly places: number; readonly placeDigits: number; readonly maxDigits: number };
  /** Told of each entry of `ws824` that is right, before it is kept; `refused` gives busy tone. */
  readonly keep?: (entry: KeypadEntry) => 'kept' | 'refused';
}

/** What one entry of an item says: `05` and `10110` of item `01`. The clock has no place. */
export interface KeypadEntry {
  readonly item: string;
  readonly place: string;
  readonly value: string;
}

type State = 'onHook' | 'outside' | 'programming' | 'item' | 'refused';

/** Item 01, fields A to E: the greatest digit of each. Source: the maker's page on programs 01 and 02. */
const LINE_SETUP = [2, 3, 1, 3, 1];
/** Item 02. */
const LINE_OPTIONS = [1, 1, 1, 2, 1];
const MOST_KEYS = 64;

/** Listens to keys as such a switch does, and keeps what it is told. Written from the public documents, apart from any program that dials. */
export class KeypadLanguage {
  /** What was saved: `01 05` gives `10110`, `14 001` gives `14`, `15 03` a code, `00` the clock; of the GW family the order's own words. */
  readonly saved = new Map<string, string>();
  /** Is the extension that dials locked, and by which four digits? */
  lockedBy: string | undefined;
  readonly #options: Required<Omit<KeypadLanguageOptions, 'enter'>> & { readonly enter: readonly [string, string] };
  #state: State = 'onHook';
  #keys = '';
  #item = '';

  constructor(options: KeypadLanguageOptions) {
    this.#options = {
      password: '1967590',
      lines: 8,
      ports: 24,
      extensions: [],
      tables: { places: 20, placeDigits: 2, maxDigits: 8 },
      keep: () => 'kept',
      enter: ['#787', ''],
      ...options,
    };
  }

  /** The telephone is lifted or laid down. */
  hook(state: 'on' | 'off'): KeypadAnswer {
    this.#keys = '';
    this.#state = state === 'on' ? 'onHook' : 'outside';
    return state === 'on' ? 'silence' : 'dial';
  }

  /** A key was heard. */
  key(key: string): KeypadAnswer {
    if (this.#state === 'onHook') return 'silence';
    if (this.#state === 'refused') return 'busy';
    this.#keys += key;
    if (this.#keys.length > MOST_KEYS) return this.#refuse();
    if (this.#state === 'outside') return this.#outside();
    if (this.#options.model !== 'ws824') return key === '#' ? this.#order(this.#keys.slice(0, -1)) : 'silence';
    if (this.#state === 'programming') return this.#openItem();
    return key === '#' ? this.#save(this.#keys.slice(0, -1)) : 'silence';
  }

  #refuse(): KeypadAnswer {
    this.#state = 'refused';
    return 'busy';
  }

  #accept(state: State, answer: KeypadAnswer): KeypadAnswer {
    this.#keys = '';
    this.#state = state;
    return answer;
  }

  #outside(): KeypadAnswer {
    const { enter, password, model } = this.#options;
    const [before, after] = enter;
    const keys = this.#keys;
    const length = before.length + password.length + after.length;
    if (keys.startsWith(before) && keys.length === length) {
      return keys === `${before}${password}${after}` ? this.#accept('programming', 'dial') : this.#refuse();
    }
    if (model === 'ws824' && /^#72[23]\d{4}#$/u.test(keys))
      return this.#lock(keys[3] === '2' ? 'lock' : 'unlock', keys.slice(4, 8));
    return 'silence';
  }

  #lock(what: 'lock' | 'unlock', pin: string): KeypadAnswer {
    if (what === 'lock') this.lockedBy = pin;
    else if (this.lockedBy === pin) this.lockedBy = undefined;
    else return this.#refuse();
    return this.#accept('outside', 'beep');
  }

  #openItem(): KeypadAnswer {
    if (this.#keys.length < 2) return 'silence';
    if (!/^(00|01|02|14|15|16|17|18)$/u.test(this.#keys)) return this.#refuse();
    this.#item = this.#keys;
    return this.#accept('item', 'beep');
  }

  /** `#` ends an item. Where an entry has a wrong form nothing of it is kept. */
  #save(keys: string): KeypadAnswer {
    const entries = this.#entriesOf(keys);
    if (entries === undefined) return this.#refuse();
    for (const [place, value] of entries) {
      if (this.#options.keep({ item: this.#item, place, value }) === 'refused') return this.#refuse();
      this.saved.set(`${this.#item} ${place}`.trim(), value);
    }
    return this.#accept('programming', 'dial');
  }

  #entriesOf(keys: string): readonly (readonly [place: string, value: string])[] | undefined {
    const { lines, ports, tables } = this.#options;
    switch (this.#item) {
      case '00':
        return isClock(keys) ? [['', keys]] : undefined;
      case '01':
        return pairs(keys, (place, value) => isPlace(place, 2, Math.min(16, lines)) && fits(value, LINE_SETUP));
      case '02':
        return pairs(keys, (place, value) => isPlace(place, 2, lines) && fits(value, LINE_OPTIONS));
      case '14': {
        const all = /^\*\*\*\*([1-6]{2})$/u.exec(keys)?.[1];
        if (all !== undefined) return numbers(ports).map((port) => [String(port).padStart(3, '0'), all]);
        return pairs(keys, (place, value) => isPlace(place, 3, ports) && /^[1-6]{2}$/u.test(value));
      }
      default: {
        const { places, placeDigits, maxDigits } = tables;
        return pairs(
          keys,
          (place, value) => isPlace(place, placeDigits, places) && /^\d+$/u.test(value) && value.length <= maxDigits,
        );
      }
    }
  }

  /** The GW family: one order ended by `#`, answered by a beep. */
  #order(keys: string): KeypadAnswer {
    const done = this.#options.model === 'gw600' ? this.#gw600(keys) : this.#gw200(keys);
    return done ? this.#accept('programming', 'beep') : this.#refuse();
  }

  #gw600(keys: string): boolean {
    const delay = /^502(\d\d)$/u.exec(keys)?.[1];
    const charging = /^52([01])((?:\d\d)*)$/u.exec(keys);
    if (keys === '4000') this.saved.clear();
    else if (keys === '5000') this.saved.set('charges', 'cleared');
    else if (keys === '5100' || keys === '5101') this.saved.set('incoming', keys === '5100' ? 'charged' : 'free');
    else if (delay !== undefined) {
      if (delay === '00') return false;
      this.saved.set('delay', delay);
    } else if (charging !== null) {
      const [, by = '', list = ''] = charging;
      const lines = list === '' ? numbers(this.#options.lines) : (list.match(/\d\d/gu) ?? []).map(Number);
      if (lines.some((line) => line < 1 || line > this.#options.lines)) return false;
      for (const line of lines) this.saved.set(`by ${line}`, by === '0' ? 'reversal' : 'delay');
    } else return false;
    return true;
  }

  #gw200(keys: string): boolean {
    const { extensions } = this.#options;
    const code = /^\*67([1-9])(\d{1,8})$/u.exec(keys);
    if (code !== null) {
      const [, level = '', prefix = ''] = code;
      this.saved.set(`restrict ${level}`, [this.saved.get(`restrict ${level}`), prefix].filter(Boolean).join(' '));
      return true;
    }
    const rest = keys.slice(3);
    if (keys.startsWith('*63')) {
      if (rest !== '' && !extensions.includes(rest)) return false;
      for (const one of rest === '' ? extensions : [rest]) this.saved.delete(`class ${one}`);
      return true;
    }
    const extension = keys.startsWith('*61') ? extensions.find((one) => rest.startsWith(one)) : undefined;
    if (extension === undefined || !/^(\d|91|92)$/u.test(rest.slice(extension.length))) return false;
    this.saved.set(`class ${extension}`, rest.slice(extension.length));
    return true;
  }
}

/** `05*10110*06*10110`: a place and its value in turn. */
function pairs(
  keys: string,
  good: (place: string, value: string) => boolean,
): readonly (readonly [string, string])[] | undefined {
  const parts = keys.split('*');
  const found: [string, string][] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const place = parts[at] ?? '';
    const value = parts[at + 1];
    if (value === undefined || !good(place, value)) return undefined;
    found.push([place, value]);
  }
  return found;
}

function isPlace(keys: string, digits: number, last: number): boolean {
  return keys.length === digits && /^\d+$/u.test(keys) && Number(keys) >= 1 && Number(keys) <= last;
}

function fits(value: string, greatest: readonly number[]): boolean {
  return (
    value.length === greatest.length &&
    greatest.every((most, at) => /^\d$/u.test(value[at] ?? '') && Number(value[at]) <= most)
  );
}

function isClock(keys: string): boolean {
  const parts = keys.split('*');
  const [, month = 0, day = 0, hour = 99, minute = 99] = parts.map(Number);
  if (parts.length !== 5 || !parts.every((part) => /^\d\d$/u.test(part))) return false;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60;
}

function numbers(last: number): readonly number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}
