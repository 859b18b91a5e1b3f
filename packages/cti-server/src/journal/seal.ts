import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CtiError, type EngineInput } from '@cordboard/cti-core';

/**
 * Keeps what callers key in out of the journal's clear text: each key becomes a handle that only the holder of the
 * journal's key file can turn back. What services answered flows, and the engine's text in snapshots, which may hold collected digits, is sealed.
 */
export interface Seal {
  /** The input as it is written. */
  hide(input: EngineInput): EngineInput;
  /** The input as it was. @throws {CtiError} `journal.corrupt` for a handle of another key */
  reveal(input: EngineInput): EngineInput;
  sealText(text: string): string;
  /** @throws {CtiError} `journal.corrupt` when the text is not of this key */
  openText(sealed: string): string;
}

const HANDLE = 'h:';
const SEALED = 's:';
const MARK = 'cordboard.k';

/** A seal with a key of at least 32 bytes. */
export function createSeal(key: Uint8Array): Seal {
  const blockKey = derive(key, 'digits').subarray(0, 16);
  const textKey = derive(key, 'snapshot');

  const hideDigits = (digits: string): string => HANDLE + [...digits].map(hideOne).join('.');
  // One AES block per key: random bytes, the key, and a mark that proves the block is ours when it is opened.
  const hideOne = (digit: string): string => {
    const cipher = createCipheriv('aes-128-ecb', blockKey, null).setAutoPadding(false);
    const block = Buffer.concat([randomBytes(4), Buffer.from(digit.slice(0, 1)), Buffer.from(MARK)]);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  };
  const revealDigits = (handle: string): string =>
    handle.slice(HANDLE.length).split('.').filter(Boolean).map(revealOne).join('');
  const revealOne = (text: string): string => {
    const decipher = createDecipheriv('aes-128-ecb', blockKey, null).setAutoPadding(false);
    const bytes = Buffer.from(text, 'base64url');
    const block = bytes.length === 16 ? Buffer.concat([decipher.update(bytes), decipher.final()]) : Buffer.alloc(0);
    if (block.subarray(5).toString('latin1') !== MARK) throw foreignKey();
    return block.toString('latin1', 4, 5);
  };

  const sealText = (text: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', textKey, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  };
  const openText = (sealed: string): string => {
    const bytes = Buffer.from(sealed, 'base64');
    try {
      const decipher = createDecipheriv('aes-256-gcm', textKey, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw foreignKey(cause);
    }
  };
  return {
    hide: (input) =>
      input.kind === 'lookup'
        ? mapAnswer(input, (value) => (value === '' ? value : SEALED + sealText(value)))
        : mapDigits(input, (digits) => (digits === '' ? digits : hideDigits(digits))),
    reveal: (input) =>
      input.kind === 'lookup'
        ? mapAnswer(input, (value) => (value.startsWith(SEALED) ? openText(value.slice(SEALED.length)) : value))
        : mapDigits(input, (digits) => (digits.startsWith(HANDLE) ? revealDigits(digits) : digits)),
    sealText,
    openText,
  };
}

/** Changes the texts that an answer gives to a flow. */
export function mapAnswer(
  input: Extract<EngineInput, { kind: 'lookup' }>,
  change: (value: string) => string,
): EngineInput {
  const { result } = input;
  if (result.outcome !== 'answered') return input;
  const values = Object.entries(result.values).map(([name, value]) => [name, change(value)] as const);
  return { ...input, result: { ...result, values: Object.fromEntries(values) } };
}

/** The two inputs that carry telephone keys. */
function mapDigits(input: EngineInput, change: (digits: string) => string): EngineInput {
  if (input.kind === 'driver' && input.event.type === 'digit') {
    return { ...input, event: { ...input.event, digit: change(input.event.digit) } };
  }
  if (input.kind === 'client' && input.command.type === 'call.sendDigits') {
    return { ...input, command: { ...input.command, digits: change(input.command.digits) } };
  }
  return input;
}

function derive(key: Uint8Array, purpose: string): Buffer {
  return createHash('sha256').update(purpose).update(key).digest();
}

function foreignKey(cause?: unknown): CtiError<'journal.corrupt'> {
  return new CtiError('journal.corrupt', 'the journal was sealed with another key: put its journal.key beside it', {
    cause,
  });
}
