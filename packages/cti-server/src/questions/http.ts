import type { Clock, IvrAnswer, IvrQuestion, Logger } from '@cordboard/cti-core';
import { sleep } from '@cordboard/driver-kit';
import type { AddressLookup } from './addresses.js';
import { type AllowedService, type Permitted, permit } from './allow-list.js';
import { textAt } from './pointer.js';
import { type HttpAnswer, type HttpRequest, send } from './request.js';
import type { Secrets } from './secrets.js';

/** What HTTP questions work with. */
export interface HttpOptions {
  readonly allow: readonly AllowedService[];
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly lookup?: AddressLookup;
}

/** A question with its bounds. `key` is that of the visit, the same on each try and after a restart. */
export interface HttpAsk {
  readonly question: Extract<IvrQuestion, { type: 'http' }>;
  readonly key: string;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly signal: AbortSignal;
}

/** Waits between tries: the first about so long, then twice as long each time. */
const BACK_OFF_MS = 200;
/** The flow's last bound is `timeoutMs * tries` and five seconds; so much of them is left for the way back. */
const SLACK_MS = 4500;
/** RFC 9110, 15: what a later try may find otherwise. */
const AGAIN = new Set([408, 425, 429]);
const FAILED: IvrAnswer = { outcome: 'failed' };
/** Headers that belong to the connection, or that the server sets itself. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'idempotency-key',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/u;
/** Visible ASCII and the space: RFC 9110, 5.5. */
const FIELD = /^[\x20-\x7e]{0,8192}$/u;

/**
 * Asks an HTTP service. The answer's `way` is the last status; `failed`: the service is not on the list, a secret is missing, nobody answered in time,
 * or an answer of the class 2xx is not what `keep` asks for (no JSON, too long, no text at a pointer).
 */
export async function askHttp(ask: HttpAsk, options: HttpOptions): Promise<IvrAnswer> {
  const { log } = options;
  const made = requestOf(ask, options);
  if (typeof made === 'string') {
    log.warn('a question of a flow was not sent', { reason: made });
    return FAILED;
  }
  const last = await triesOf(ask, made.request, options);
  if (last === undefined) return FAILED;
  return answerOf(ask, last, made.used);
}

interface Made {
  readonly request: Omit<HttpRequest, 'signal'>;
  readonly used: readonly string[];
}

/** The request, or why there is none. */
function requestOf({ question, key }: HttpAsk, options: HttpOptions): Made | string {
  const to = permit(question.url, options.allow);
  if (to === undefined) return 'the service is not allowed';
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'cordboard' };
  const used: string[] = [];
  for (const [name, value] of Object.entries(question.headers)) {
    const filled = options.secrets.fill(value, to.url.origin);
    if (filled === undefined) return 'a secret is not known, or not for this service';
    const lower = name.toLowerCase();
    if (!TOKEN.test(name) || OWN_HEADERS.has(lower) || !FIELD.test(filled.text)) return 'a header cannot be sent';
    headers[lower] = filled.text;
    used.push(...filled.used);
  }
  if (!FIELD.test(key)) return 'the key cannot be sent';
  headers['idempotency-key'] = key;
  const body = question.body === undefined ? undefined : JSON.stringify(question.body);
  if (body !== undefined) headers['content-type'] = 'application/json';
  const wants = Object.keys(question.keep).length > 0 ? 'body' : 'status';
  const lookup = options.lookup === undefined ? {} : { lookup: options.lookup };
  return { request: { to: safe(to), method: question.method, headers, body, wants, ...lookup }, used };
}

/** Without the fragment, which is for browsers alone. */
function safe(to: Permitted): Permitted {
  const url = new URL(to.url);
  url.hash = '';
  return { ...to, url };
}

/** Tries until an answer stands, tries are used up, or the next one would come too late. Gives the last answer, if there was any. */
async function triesOf(
  { timeoutMs, tries, signal }: HttpAsk,
  request: Omit<HttpRequest, 'signal'>,
  { clock, random, log }: HttpOptions,
): Promise<HttpAnswer | undefined> {
  const endsMs = clock.nowMs() + timeoutMs * tries + SLACK_MS;
  let last: HttpAnswer | undefined;
  for (let n = 1; n <= tries && !signal.aborted; n++) {
    const tried = await tryOnce(request, { timeoutMs: Math.min(timeoutMs, endsMs - clock.nowMs()), signal, clock });
    if (typeof tried === 'object') {
      last = tried;
      if (!AGAIN.has(tried.status) && tried.status < 500) return tried;
    } else {
      last = undefined;
      log.info('a question of a flow found nobody', { code: tried, n });
    }
    if (n === tries) break;
    const pauseMs = Math.max(waitWanted(last, clock), BACK_OFF_MS * 2 ** (n - 1) * (0.5 + random()));
    // A try that could not end in its bound would be cut off in the midst of its work.
    if (clock.nowMs() + pauseMs + Math.min(timeoutMs, 1000) > endsMs) break;
    if (!(await sleep(clock, pauseMs, signal))) return undefined;
  }
  return last;
}

async function tryOnce(
  request: Omit<HttpRequest, 'signal'>,
  bound: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly clock: Clock },
): Promise<HttpAnswer | string> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  bound.signal.addEventListener('abort', abort, { once: true });
  const cancel = bound.clock.setTimer(Math.max(0, bound.timeoutMs), abort);
  try {
    return await send({ ...request, signal: stop.signal });
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    return stop.signal.aborted ? 'timeout' : typeof code === 'string' ? code : 'broken';
  } finally {
    cancel();
    bound.signal.removeEventListener('abort', abort);
  }
}

/** What `Retry-After` asks for, ms: seconds or a date (RFC 9110, 10.2.3). */
function waitWanted(answer: HttpAnswer | undefined, clock: Clock): number {
  const text = answer?.retryAfter?.trim();
  if (text === undefined) return 0;
  if (/^\d{1,9}$/u.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs - clock.wallMs());
}

function answerOf({ question }: HttpAsk, { status, mediaType, body }: HttpAnswer, used: readonly string[]): IvrAnswer {
  const way = String(status);
  const isGood = status >= 200 && status < 300;
  const values: Record<string, string> = {};
  const wanted = Object.entries(question.keep);
  if (wanted.length === 0) return { outcome: 'answered', way, values };
  const document = body === undefined ? undefined : documentOf(mediaType, body);
  // An empty answer is none of JSON; 204 and 205 cannot have another.
  const isEmpty = status === 204 || status === 205;
  if (document === undefined && isGood && !isEmpty) return FAILED;
  for (const [variable, pointer] of wanted) {
    const text = document === undefined ? '' : textAt(document.value, pointer);
    if (text === undefined && isGood) return FAILED;
    // A service that echoes what it was sent would carry a secret into the call's data.
    values[variable] = text === undefined || used.some((secret) => text.includes(secret)) ? '' : text;
  }
  return { outcome: 'answered', way, values };
}

function documentOf(mediaType: string, body: string): { readonly value: unknown } | undefined {
  if (!/^application\/([a-z0-9.!#$&^_-]+\+)?json$/u.test(mediaType)) return undefined;
  try {
    return { value: JSON.parse(body) as unknown };
  } catch {
    return undefined;
  }
}
