import {
  type DialPlan,
  isInternal,
  isOwnNumber,
  maskDigits,
  numberKey,
  type PhoneNumber,
  parseDeviceId,
  type TenantConfig,
} from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import type { References } from './references.js';

/** Digits of a number that count when it is looked for in free text: its last eight, since prefixes come and go. */
const SIGNIFICANT = 8;
/** So many numbers are remembered as they were shown: those of the calls that are told of now. */
const REMEMBERED = 512;
const EXTERNAL = ':external:';
/**
 * A run of digits as people and programs write numbers: with all that is dropped when a number is dialled, in full width, in the query of an
 * address. First what is percent-encoded right before it, whose digits are no part of it. None begins within such a one: half of it would be taken
 * away with the number, and a text of nothing else would be walked once for each.
 */
const DIGIT_RUN =
  /((?:%[\dA-Fa-f]{2}){0,4})[+＋]?(?<!%(?=[\dA-Fa-f]{2})|%[\dA-Fa-f](?=[\dA-Fa-f]))[\d０-９](?:[\d０-９\s()[\]./+·_\p{Pd}\p{Cf}（）．／]|%2[0BbDdEeFf89]){3,}[\d０-９]/gu;

/** Hides numbers for one mask class: whole numbers, device ids that hold one, and numbers in texts. */
export class MaskRules {
  readonly maskClass: Exclude<MaskClass, 'clear'>;
  readonly #references: References;
  readonly #plan: DialPlan;
  readonly #open: ReadonlySet<string>;
  /** How each number is shown, itself where everybody may see it. By identity: a call's numbers are the same objects from event to event. */
  #shown = new Map<PhoneNumber, PhoneNumber>();

  constructor(maskClass: Exclude<MaskClass, 'clear'>, config: TenantConfig, references: References) {
    this.maskClass = maskClass;
    this.#references = references;
    this.#plan = config.dialPlan;
    this.#open = new Set(config.routes.filter(({ number }) => !number.endsWith('*')).map(({ number }) => number));
  }

  /** May everybody see it? Extensions, the site's own numbers and the numbers of its routes; and where there is none. */
  isOpen(number: PhoneNumber): boolean {
    return this.number(number) === number;
  }

  /** The number as this class sees it: itself where everybody may see it. */
  number(number: PhoneNumber): PhoneNumber {
    const known = this.#shown.get(number);
    if (known !== undefined) return known;
    const shown = this.#shows(number) === 'open' ? number : this.#hide(number);
    if (this.#shown.size >= REMEMBERED) this.#shown = new Map();
    this.#shown.set(number, shown);
    return shown;
  }

  /** What stands for a number in a text. */
  reference(number: PhoneNumber): string {
    return this.#stand(numberKey(number) ?? number.raw);
  }

  /** A device id without the outside number that it may name. */
  device<T extends string>(id: T): T {
    if (!id.includes(EXTERNAL)) return id;
    const device = parseDeviceId(id);
    if (device === undefined || device.kind !== 'external') return id;
    return `${device.switchId}:external:${this.#stand(device.address)}` as T;
  }

  /** A dialled text (`to` of a transfer) without an outside number. */
  dialled(text: string): string {
    return /^\+?[\d*#(][\d*#(). -]{5,}$/u.test(text) && !isInternal(text, this.#plan) && !this.#open.has(text)
      ? this.#stand(text.replace(/[\s().-]/gu, ''))
      : text;
  }

  /** Takes the given numbers out of a text, however they are written in it. */
  text(text: string, numbers: readonly PhoneNumber[]): string {
    if (numbers.length === 0 || !/[\d０-９]/u.test(text)) return text;
    return text.replace(DIGIT_RUN, (run, encoded: string) => {
      const written = run.slice(encoded.length).normalize('NFKC');
      const digits = written.replace(/%[\dA-Fa-f]{2}|\D/gu, '');
      const found = numbers.find((number) => endsLike(digits, number));
      if (found !== undefined) return `${encoded.replace(/%2[Bb]$/u, '')}${this.reference(found)}`;
      const all = run.replace(/\D/gu, '');
      const other = numbers.find((number) => endsLike(all, number));
      return other === undefined ? run : this.reference(other);
    });
  }

  #shows(number: PhoneNumber): 'open' | 'hidden' {
    const open =
      number.raw === '' ||
      isInternal(number.raw, this.#plan) ||
      this.#open.has(number.raw) ||
      isOwnNumber(number, this.#plan) ||
      !/\d/u.test(number.raw);
    return open ? 'open' : 'hidden';
  }

  #hide(number: PhoneNumber): PhoneNumber {
    const { display, presentation } = number;
    if (this.maskClass === 'hidden') return { raw: '', display: '', presentation };
    const shown = display.replace(/\D/gu, '').length >= 7 ? maskDigits(display) : '***';
    return { raw: this.reference(number), display: shown, presentation };
  }

  #stand(number: string): string {
    return this.maskClass === 'hidden' ? '***' : this.#references.of(number);
  }
}

function endsLike(digits: string, number: PhoneNumber): boolean {
  const own = (number.e164 ?? number.raw).replace(/\D/gu, '');
  if (own.length < 5) return digits === own;
  const tail = own.slice(-SIGNIFICANT);
  return digits.includes(tail);
}
