/** How one language announces keys, as parts of regular expressions. Matched without regard to case. */
interface Reader {
  /** Names of keys beside the digits themselves. */
  readonly names: Readonly<Record<string, string>>;
  /** What must not follow a number that is written out, lest it counts something else: "one of these", 一下. */
  readonly unless: string;
  /** What stands before a key: "press", with the words that may come between. */
  readonly before: string;
  /** What stands behind a key, where the verb does: "die 1 drücken". */
  readonly behind?: string;
  /** What stands behind a key in a list that began with a verb: "2 for support". */
  readonly purpose?: string;
  /** Between two keys that are both meant, and between the ends of a range. */
  readonly or: string;
  readonly to: string;
}

const zh: Reader = {
  names: {
    零: '0',
    〇: '0',
    一: '1',
    二: '2',
    三: '3',
    四: '4',
    五: '5',
    六: '6',
    七: '7',
    八: '8',
    九: '9',
    井号: '#',
    井字: '#',
    井: '#',
    星号: '*',
    米字: '*',
    星: '*',
  },
  unless: '(?![下个项种次位遍会般些样起直定])',
  before: '(?:按下|请按|拨打|选择|按|拨|选)\\s*(?:数字|号码)?',
  or: '(?:或者|或|和|、|,|,)\\s*(?:按)?',
  to: '(?:到|至|-|~|—)',
};
const en: Reader = {
  names: {
    zero: '0',
    one: '1',
    two: '2',
    three: '3',
    four: '4',
    five: '5',
    six: '6',
    seven: '7',
    eight: '8',
    nine: '9',
    star: '*',
    asterisk: '*',
    pound: '#',
    hash: '#',
  },
  unless: '(?!\\s+(?:of|more|moment|time)\\b)',
  before: '\\b(?:press|push|dial|hit|select|choose)(?:ing)?\\s+(?:the\\s+)?(?:key\\s+|number\\s+|digit\\s+)?',
  purpose: '(?:for|to|if)\\b',
  or: '(?:,?\\s*or\\s+|,?\\s*and\\s+|,)',
  to: '(?:to|through|-)',
};
const de: Reader = {
  names: {
    null: '0',
    eins: '1',
    zwei: '2',
    zwo: '2',
    drei: '3',
    vier: '4',
    fünf: '5',
    sechs: '6',
    sieben: '7',
    acht: '8',
    neun: '9',
    sterntaste: '*',
    stern: '*',
    rautetaste: '#',
    raute: '#',
  },
  unless: '(?!\\s+mal\\b)',
  before:
    '\\b(?:drücken|drücke|drück|wählen|wähle|tippen|betätigen)\\s+(?:sie\\s+)?(?:bitte\\s+)?(?:auf\\s+)?(?:(?:die|den|das)\\s+)?(?:(?:taste|ziffer|nummer)\\s+)?',
  behind: '(?:\\s*-?\\s*taste)?\\s+(?:drücken|wählen)\\b',
  purpose: '(?:für|um)\\b',
  or: '(?:,?\\s*oder\\s+(?:die\\s+)?|,?\\s*und\\s+(?:die\\s+)?|,\\s*(?:die\\s+)?)',
  to: '(?:bis|-)',
};
const fr: Reader = {
  names: {
    zéro: '0',
    un: '1',
    deux: '2',
    trois: '3',
    quatre: '4',
    cinq: '5',
    six: '6',
    sept: '7',
    huit: '8',
    neuf: '9',
    étoile: '*',
    astérisque: '*',
    dièse: '#',
  },
  unless: '(?!\\s+(?!pour|si|ou|et|à)[a-zà-ÿ])',
  before:
    "(?:appuyez|tapez|faites|composez|pressez|appuyer|taper)(?:\\s+sur)?\\s+(?:(?:la|le|l['’])\\s*)?(?:(?:touche|chiffre|numéro)\\s+)?",
  purpose: '(?:pour|si)(?![a-zà-ÿ])',
  or: '(?:,?\\s*ou\\s+(?:sur\\s+)?(?:le\\s+|la\\s+)?|,?\\s*et\\s+(?:sur\\s+)?(?:le\\s+|la\\s+)?|,\\s*(?:le\\s+|la\\s+)?)',
  to: '(?:à|-)',
};
const es: Reader = {
  names: {
    cero: '0',
    uno: '1',
    dos: '2',
    tres: '3',
    cuatro: '4',
    cinco: '5',
    seis: '6',
    siete: '7',
    ocho: '8',
    nueve: '9',
    asterisco: '*',
    estrella: '*',
    almohadilla: '#',
    numeral: '#',
    gato: '#',
  },
  unless: '(?!\\s+(?:de|vez|veces)\\b)',
  before:
    '(?:pulse|presione|marque|oprima|teclee|digite|apriete)\\s+(?:(?:el|la)\\s+)?(?:(?:tecla|número)\\s+)?(?:(?:de\\s+)?(?:el|la)\\s+)?',
  purpose: '(?:para|si)(?![a-zà-ÿ])',
  or: '(?:,?\\s*o\\s+(?:el\\s+|la\\s+)?|,?\\s*y\\s+(?:el\\s+|la\\s+)?|,\\s*(?:el\\s+|la\\s+)?)',
  to: '(?:al|a|hasta|-)',
};
const READERS: Readonly<Record<string, Reader>> = { zh, en, de, fr, es };

/** A reader made ready. */
interface Ready {
  readonly reader: Reader;
  readonly key: RegExp;
  readonly announced: readonly RegExp[];
  readonly listed: RegExp | undefined;
  readonly mentioned: RegExp;
  readonly between: RegExp;
}

const ready = new Map<string, Ready>();

function readerOf(tag: string): Ready | undefined {
  const language = tag.split('-')[0]?.toLowerCase() ?? '';
  const known = ready.get(language);
  if (known !== undefined || !Object.hasOwn(READERS, language)) return known;
  const reader = READERS[language];
  if (reader === undefined) return undefined;
  // The longest name first: "raute" begins "rautetaste".
  const names = Object.keys(reader.names).sort((one, other) => other.length - one.length);
  const end = language === 'zh' ? '' : '(?![\\p{L}\\d])';
  const digits = names.filter((name) => /\d/u.test(reader.names[name] ?? '')).join('|');
  const signs = names.filter((name) => /[*#]/u.test(reader.names[name] ?? '')).join('|');
  const key = `(?:\\d{1,9}|[*#]|(?:${signs})${end}|(?:${digits})${end}${reader.unless})`;
  const keys = `${key}(?:\\s*${reader.to}\\s*${key}|${reader.or}${key}(?!\\d))*`;
  const make = (source: string): RegExp => new RegExp(source, 'giu');
  const made: Ready = {
    reader,
    key: make(key),
    announced: [
      make(`${reader.before}(${keys})`),
      ...(reader.behind === undefined ? [] : [make(`(${keys})${reader.behind}`)]),
    ],
    listed: reader.purpose === undefined ? undefined : make(`(?<![\\p{L}\\d])(${keys})\\s+${reader.purpose}`),
    mentioned: make(language === 'zh' ? key : `(?<![\\p{L}\\d])${key}`),
    between: make(`^\\s*${reader.to}\\s*$`),
  };
  ready.set(language, made);
  return made;
}

/** What words announce: keys and choices of two keys; `unknown` where keys are spoken of in a way, or a language, that nobody here reads. */
export type Announced = ReadonlySet<string> | 'unknown';

/**
 * Reads which keys words announce: "press 1", "press one or two", "1 to 5", "按1", "请按 1 键", "按井号", "die 1 drücken". Languages: zh, en, de, fr,
 * es. Numbers of more than two digits are no keys. At most 4,000 characters are read.
 */
export function keysIn(words: string, language: string): Announced {
  const one = readerOf(language);
  if (one === undefined) return 'unknown';
  const text = words
    .slice(0, 4000)
    .normalize('NFKC')
    .replaceAll(/\{[^}]*\}/gu, ' ')
    .replaceAll('。', '. ');
  const found = new Set<string>();
  for (const pattern of one.announced) for (const match of text.matchAll(pattern)) collect(one, match[1] ?? '', found);
  if (found.size === 0) return text.search(one.mentioned) >= 0 ? 'unknown' : found;
  if (one.listed !== undefined) for (const match of text.matchAll(one.listed)) collect(one, match[1] ?? '', found);
  return found;
}

function collect({ reader, key, between }: Ready, list: string, found: Set<string>): void {
  let last: { readonly name: string; readonly end: number } | undefined;
  for (const match of list.matchAll(key)) {
    const name = reader.names[match[0].toLowerCase()] ?? match[0];
    if (name.length > 2) continue;
    found.add(name);
    const isRange = last !== undefined && new RegExp(between.source, 'iu').test(list.slice(last.end, match.index));
    if (isRange && last !== undefined && /^\d$/u.test(last.name) && /^\d$/u.test(name)) {
      for (let digit = Number(last.name); digit < Number(name); digit += 1) found.add(String(digit));
    }
    last = { name, end: match.index + match[0].length };
  }
}
