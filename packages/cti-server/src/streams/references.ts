import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { NUMBER_REFERENCE } from '@cordboard/cti-protocol/types';

/** What a number may hold to be turned back: digits, `*`, `#` and a leading `+`; at most 18 keys. */
const ENCODABLE = /^\+?[0-9*#]{1,18}$/u;
const KEYS = '0123456789*#';
const MARK_BYTES = 5;
const CACHED = 20_000;

/**
 * References that stand for numbers in front of people who may not see them. The same number has the same reference for
 * as long as the key lives, over restarts and without a table: it is one block of AES over the digits and a mark, so a made-up one is
 * recognised (one chance in 2^40).
 */
export class References {
  readonly #key: Buffer;
  readonly #mark: Buffer;
  readonly #cache = new Map<string, string>();

  /** @param key - at least 32 secret bytes; another tenant's references are not valid here */
  constructor(key: Uint8Array, tenant: string) {
    const hash = createHash('sha256').update('references').update(tenant).update('\0').update(key).digest();
    this.#key = hash.subarray(0, 16);
    this.#mark = hash.subarray(16, 16 + MARK_BYTES);
  }

  /** The reference of a number. What is no number (a name of a SIP user) gets one that cannot be turned back. */
  of(number: string): string {
    const known = this.#cache.get(number);
    if (known !== undefined) return known;
    const reference = `ref:${ENCODABLE.test(number) ? this.#seal(number) : this.#digest(number)}`;
    if (this.#cache.size >= CACHED) this.#cache.clear();
    this.#cache.set(number, reference);
    return reference;
  }

  /** The number of a reference; `undefined` when it is none of ours or cannot be turned back. */
  resolve(reference: string): string | undefined {
    if (!NUMBER_REFERENCE.test(reference)) return undefined;
    const bytes = Buffer.from(reference.slice(4), 'base64url');
    if (bytes.length !== 16) return undefined;
    const decipher = createDecipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(bytes), decipher.final()]);
    if (!block.subarray(16 - MARK_BYTES).equals(this.#mark)) return undefined;
    const head = block[0] ?? 0;
    const length = head & 0x1f;
    let number = (head & 0x80) === 0 ? '' : '+';
    for (let index = 0; index < length; index++) {
      const byte = block[1 + (index >> 1)] ?? 0;
      number += KEYS[index % 2 === 0 ? byte >> 4 : byte & 0x0f] ?? '';
    }
    return number;
  }

  #seal(number: string): string {
    const block = Buffer.alloc(16);
    const digits = number.startsWith('+') ? number.slice(1) : number;
    block[0] = digits.length | (number.startsWith('+') ? 0x80 : 0);
    for (let index = 0; index < digits.length; index++) {
      const key = KEYS.indexOf(digits[index] ?? '0');
      const at = 1 + (index >> 1);
      block[at] = (block[at] ?? 0) | (index % 2 === 0 ? key << 4 : key);
    }
    this.#mark.copy(block, 16 - MARK_BYTES);
    const cipher = createCipheriv('aes-128-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  #digest(text: string): string {
    return createHash('sha256').update(this.#key).update(text).digest().subarray(0, 16).toString('base64url');
  }
}
