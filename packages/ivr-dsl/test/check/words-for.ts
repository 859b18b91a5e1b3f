import type { Choices } from './random.js';

/** Languages in which announcements are written here. */
export const LANGUAGES = ['zh', 'en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#'];
const NAMES: Readonly<Record<Language, readonly string[]>> = {
  zh: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '星号', '井号'],
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'star', 'pound'],
  de: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'Stern', 'Raute'],
  fr: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'étoile', 'dièse'],
  es: ['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'asterisco', 'almohadilla'],
};
const SENTENCES: Readonly<Record<Language, readonly ((key: string) => string)[]>> = {
  zh: [
    (key) => `销售请按${key}。`,
    (key) => `请按 ${key} 键转人工。`,
    (key) => `返回按${key};`,
    (key) => `要听一遍,请按下${key}键,`,
  ],
  en: [
    (key) => `Press ${key} for sales. `,
    (key) => `To hear it again, please press ${key}. `,
    (key) => `For support, dial ${key}, `,
    (key) => `press the ${key} key to go back; `,
  ],
  de: [
    (key) => `Drücken Sie die ${key} für den Verkauf. `,
    (key) => `Für die Buchhaltung wählen Sie bitte ${key}. `,
    (key) => `Zum Wiederholen die ${key} drücken. `,
  ],
  fr: [(key) => `Pour les ventes, tapez ${key}. `, (key) => `Appuyez sur la touche ${key} pour revenir. `],
  es: [
    (key) => `Para ventas, pulse ${key}. `,
    (key) => `Presione la tecla ${key} para volver. `,
    (key) => `Marque el ${key} si necesita ayuda. `,
  ],
};
const GREETINGS: Readonly<Record<Language, string>> = {
  zh: '您好,欢迎致电。',
  en: 'Welcome. ',
  de: 'Guten Tag. ',
  fr: 'Bonjour. ',
  es: 'Bienvenido. ',
};

/** Words of a menu in one language that announce exactly these keys. */
export function announcing(choices: Choices, language: Language, keys: readonly string[]): string {
  const parts = keys.map((key) => {
    const written = key.length === 1 && choices.often(40) ? (NAMES[language][KEYS.indexOf(key)] ?? key) : key;
    return choices.pick(SENTENCES[language])(written);
  });
  return (choices.often(50) ? GREETINGS[language] : '') + parts.join('');
}
