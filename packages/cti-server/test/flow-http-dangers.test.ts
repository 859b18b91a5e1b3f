import { afterEach, describe, expect, test } from 'vitest';
import { askHttp } from '../src/questions/http.js';
import { Secrets } from '../src/questions/secrets.js';
import { ask, open, question, SECRET, setUp } from './support/ask-http.js';
import { json, type Service, startService } from './support/service.js';

const opened: Service[] = [];
afterEach(async () => {
  for (const service of opened.splice(0)) await service.close();
});
const serve = async (...args: Parameters<typeof startService>): Promise<Service> => {
  const service = await startService(...args);
  opened.push(service);
  return service;
};

const FAILED = { outcome: 'failed' };

/** What must never happen, as a check that any way of asking can be put to. */
async function violations(asking: typeof askHttp): Promise<readonly string[]> {
  const found: string[] = [];
  const elsewhere = await serve((_asked, response) => json(response, {}));
  const service: Service = await serve((asked, response) => {
    if (asked.path === '/away') response.writeHead(302, { location: `${elsewhere.origin}/taken` }).end();
    else if (asked.path === '/echo') json(response, { you: asked.headers.authorization ?? '' });
    else response.writeHead(503).end();
  });
  const { options, lines } = setUp(open(service));
  const base = { key: 'k:f/n:1', timeoutMs: 20_000, tries: 1, signal: new AbortController().signal };
  const headers = { authorization: 'Bearer {secret.ERP}' };
  const away = await asking({ ...base, question: question(`${service.origin}/away`, { headers }) }, options);
  if (elsewhere.asked.length > 0) found.push('redirect followed off the list');
  if (away.outcome !== 'answered' || away.way !== '302') found.push('redirect not told');
  const echo = await asking(
    { ...base, question: question(`${service.origin}/echo`, { headers, keep: { you: 'you' } }) },
    options,
  );
  if (JSON.stringify(echo).includes(SECRET)) found.push('secret in an answer');
  const before = service.asked.length;
  await asking({ ...base, tries: 3, question: question(`${service.origin}/busy`, { headers }) }, options);
  const keys = new Set(service.asked.slice(before).map((one) => one.headers['idempotency-key']));
  if (keys.size !== 1 || !keys.has('k:f/n:1')) found.push('key changed on a retry');
  const gone = await startService(() => undefined);
  await gone.close();
  await asking({ ...base, question: question(`${gone.origin}/x`, { headers }) }, { ...options, allow: open(gone) });
  if (lines.join('\n').includes(SECRET)) found.push('secret in the log');
  return found;
}

describe('secrets, redirects and keys', () => {
  test('nothing that must not happen does', async () => expect(await violations(askHttp)).toEqual([]));

  test('a secret is not sent to a service that it is not for, nor where it is not known', async () => {
    const service = await serve((_asked, response) => json(response, {}));
    const secrets = new Secrets({ ERP: { env: 'ERP', for: ['https://erp.example.com'] } }, { ERP: SECRET });
    const { options } = setUp(open(service), { secrets });
    for (const name of ['ERP', 'OTHER']) {
      const headers = { authorization: `{secret.${name}}` };
      expect(await ask(options, question(service.origin, { headers }))).toEqual(FAILED);
    }
    expect(service.asked).toEqual([]);
    expect(JSON.stringify(secrets) + String(secrets)).not.toContain(SECRET);
  });

  test('a secret without a value is told by its name at the start', () => {
    expect(() => new Secrets({ ERP: { env: 'ERP' } }, {})).toThrow(/ivr\.secrets\.ERP/u);
    expect(() => new Secrets({ ERP: { env: 'ERP' } }, { ERP: 'two\nlines-of-it' })).toThrow(/^(?!.*lines-of-it)/u);
  });

  const planted: readonly (readonly [string, typeof askHttp])[] = [
    [
      'redirect followed off the list',
      async (one, options) => {
        const response = await fetch(one.question.url, { redirect: 'follow' }).catch(() => undefined);
        await response?.body?.cancel();
        return askHttp(one, options);
      },
    ],
    [
      'secret in an answer',
      async (one, options) => {
        const answer = await askHttp({ ...one, question: { ...one.question, keep: {} } }, options);
        return answer.outcome === 'failed'
          ? answer
          : { ...answer, values: { you: options.secrets.fill('{secret.ERP}', '')?.text ?? '' } };
      },
    ],
    [
      'key changed on a retry',
      async (one, options) => {
        for (let n = 1; n < one.tries; n++) await askHttp({ ...one, tries: 1, key: `${one.key}#${n}` }, options);
        return askHttp({ ...one, tries: 1 }, options);
      },
    ],
    [
      'secret in the log',
      (one, options) => {
        options.log.debug('asks', { headers: options.secrets.fill('{secret.ERP}', '')?.text });
        return askHttp(one, options);
      },
    ],
  ];
  test.each(planted)('the check finds a planted "%s"', async (what, broken) => {
    expect(await violations(broken)).toContain(what);
  });
});
