import type { IvrAnswer } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import type { AllowedService } from '../../src/questions/allow-list.js';
import { askHttp, type HttpAsk, type HttpOptions } from '../../src/questions/http.js';
import { Secrets } from '../../src/questions/secrets.js';
import type { Service } from './service.js';

/** A secret that must be sent to its service alone. */
export const SECRET = 's3cret-of-the-erp';

/** What questions are asked with, and every line of the log. */
export function setUp(allow: readonly AllowedService[], more: Partial<HttpOptions> = {}) {
  const lines: string[] = [];
  const write = (message: string, fields?: object): void => {
    lines.push(JSON.stringify([message, fields]));
  };
  const options: HttpOptions = {
    allow,
    secrets: new Secrets({ ERP: { env: 'ERP' } }, { ERP: SECRET }),
    clock: systemClock,
    random: () => 0,
    log: { debug: write, info: write, warn: write, error: write },
    ...more,
  };
  return { options, lines };
}

/** A question. */
export const question = (url: string, more: Partial<HttpAsk['question']> = {}): HttpAsk['question'] => ({
  type: 'http',
  method: 'GET',
  url,
  headers: {},
  keep: {},
  ...more,
});

/** Asks it. */
export const ask = (options: HttpOptions, what: HttpAsk['question'], more: Partial<HttpAsk> = {}): Promise<IvrAnswer> =>
  askHttp(
    {
      question: what,
      key: 'e-c1:front/book:3',
      timeoutMs: 20_000,
      tries: 1,
      signal: new AbortController().signal,
      ...more,
    },
    options,
  );
/** A list with one service. */
export const open = (service: Service): readonly AllowedService[] => [{ origin: service.origin, network: 'public' }];
