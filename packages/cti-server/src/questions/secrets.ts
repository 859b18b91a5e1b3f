import { readFileSync } from 'node:fs';
import { CtiError } from '@cordboard/cti-core';
import type { ResolvedConfig } from '@cordboard/cti-protocol';

type SecretChoices = NonNullable<ResolvedConfig['ivr']['secrets']>;

const HANDLE = /\{secret\.([A-Za-z0-9_-]{1,64})\}/gu;
const MAX_LENGTH = 8192;

/** What came of putting secrets into a text. `used`: their values, which nothing that comes back may hold. */
export interface Filled {
  readonly text: string;
  readonly used: readonly string[];
}

/** Values that stand in flows as `{secret.NAME}` and are put in when a request is sent. They are in no log, no journal, no dump: the object shows nothing of them. */
export class Secrets {
  readonly #values = new Map<string, { readonly value: string; readonly for: readonly string[] | undefined }>();

  /**
   * Reads every secret once.
   *
   * @throws {CtiError} `config.invalid` with the name of a secret that has no value, never the value
   */
  constructor(choices: SecretChoices, environment: NodeJS.ProcessEnv = process.env) {
    for (const [name, choice] of Object.entries(choices)) {
      const value = choice.env === undefined ? textOf(choice.file ?? '') : environment[choice.env];
      const isUsable = value !== undefined && value !== '' && value.length <= MAX_LENGTH && !/[\r\n\0]/u.test(value);
      if (!isUsable) {
        const place = choice.env === undefined ? 'the file' : `environment variable ${choice.env}`;
        throw new CtiError('config.invalid', `ivr.secrets.${name}: expected one line of text in ${place}`, {
          details: { path: `ivr.secrets.${name}`, expected: 'one line of text' },
        });
      }
      this.#values.set(name, { value, for: choice.for });
    }
  }

  /** Names that can be used. */
  get names(): ReadonlySet<string> {
    return new Set(this.#values.keys());
  }

  /** Puts secrets in. `undefined` when one is not known, or may not be sent to this origin. */
  fill(text: string, origin: string): Filled | undefined {
    const used: string[] = [];
    let isWhole = true;
    const filled = text.replace(HANDLE, (_handle, name: string) => {
      const secret = this.#values.get(name);
      if (secret === undefined || (secret.for !== undefined && !secret.for.includes(origin))) {
        isWhole = false;
        return '';
      }
      used.push(secret.value);
      return secret.value;
    });
    return isWhole ? { text: filled, used } : undefined;
  }
}

/** Names of the secrets that a text asks for. */
export function secretsIn(text: string): readonly string[] {
  return [...text.matchAll(HANDLE)].map(([, name]) => name ?? '');
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
