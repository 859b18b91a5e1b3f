import { afterEach, expect, test, vi } from 'vitest';
import { tokenFromAddress } from './token-address.js';

afterEach(() => vi.unstubAllGlobals());

const answering = (answer: () => Promise<Response>): Promise<string> => {
  vi.stubGlobal('fetch', answer);
  return Promise.resolve(tokenFromAddress('/token')?.('connect') ?? '');
};

test('a token that the page has for the person signed in', async () => {
  expect(await answering(async () => Response.json({ token: 'abc' }))).toBe('abc');
});

test.each([
  ['401', new Response('', { status: 401 })],
  ['403', new Response('', { status: 403 })],
  ['a page to sign in at, with status 200', new Response('<!doctype html><form>', { status: 200 })],
  ['nothing', new Response('')],
  ['null', Response.json(null)],
  ['JSON without one', Response.json({ error: 'who?' })],
])('%s ends the desk: the person is not signed in', async (_what, answer) => {
  await expect(answering(async () => answer)).rejects.toMatchObject({ code: 'auth.missing', retryable: false });
});

test('a server in trouble, and an answer that breaks off, are asked again', async () => {
  const trouble = answering(async () => new Response('', { status: 502 }));
  await expect(trouble).rejects.toMatchObject({ code: 'auth.expired', retryable: true });
  const body = new ReadableStream({ pull: (end) => end.error(new TypeError('network')) });
  await expect(answering(async () => new Response(body))).rejects.toBeInstanceOf(TypeError);
});
