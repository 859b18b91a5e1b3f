import {
  type ClockFacet,
  CtiError,
  type CtiErrorCode,
  type CtiErrorDetails,
  ERROR_CODES,
  type ParameterAt,
  type ParameterDefinition,
  type ParameterOutcome,
  type ParameterValue,
  type ProgrammingFacet,
} from '@cordboard/cti-core';
import type { ConnectedPbx } from './connect.js';

/** A running server that has the PBX. */
export interface ServerWay {
  /** `http://127.0.0.1:8090`. */
  readonly url: string;
  /** Of an administrator. */
  readonly token: string;
}

/** Parameters of one request; a server takes twice as many. */
const BATCH = 1_000;
/** A server on this machine that runs answers at once. */
const ALIVE_MS = 1_500;

/** Does a cordboard server answer there? */
export async function isServing(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ALIVE_MS) });
    const health: unknown = await answer.json();
    return typeof health === 'object' && health !== null && 'status' in health;
  } catch {
    // Nobody listens there, or somebody else.
    return false;
  }
}

/**
 * Opens the way to a PBX through the server that is connected to it, whose session goes on. Secret values stay at the server.
 *
 * @param options.switch - which switch; needed where the server has several that can be programmed
 * @throws {CtiError} `argument.invalid` which switch is not clear; `link.closed` no server answers; what the server says
 */
export async function connectServer(
  way: ServerWay,
  options: { readonly switch?: string; readonly signal: AbortSignal },
): Promise<ConnectedPbx> {
  const ask = asker(way, options.signal);
  const { items } = await ask<{
    readonly items: readonly { readonly id: string; readonly facets: readonly string[] }[];
  }>('GET', '/v1/switches');
  const fitting = items.filter(
    ({ id, facets }) => (options.switch === undefined || id === options.switch) && facets.includes('programming'),
  );
  const [one] = fitting;
  if (one === undefined || fitting.length > 1) {
    throw new CtiError(
      'argument.invalid',
      `the server has ${fitting.length} switches that can be programmed: give --switch`,
      {
        details: { path: 'switch', expected: items.map(({ id }) => id).join(', ') },
      },
    );
  }
  const place = `/v1/switches/${encodeURIComponent(one.id)}`;
  const { items: catalogue } = await ask<{ readonly items: readonly ParameterDefinition[] }>(
    'GET',
    `${place}/parameters`,
  );
  return {
    facet: programmingOf(catalogue, (path, body) => ask('POST', `${place}${path}`, body)),
    ...(one.facets.includes('clock') ? { clock: clockOf((method) => ask(method, `${place}/clock`)) } : {}),
    through: 'server',
    close: () => Promise.resolve(),
  };
}

type Outcomes = { readonly items: readonly ParameterOutcome[] };

function programmingOf(
  catalogue: readonly ParameterDefinition[],
  post: (path: string, body: object) => Promise<Outcomes>,
): ProgrammingFacet {
  const inBatches = async <T>(all: readonly T[], one: (some: readonly T[]) => Promise<Outcomes>) => {
    const outcomes: ParameterOutcome[] = [];
    for (let at = 0; at < all.length; at += BATCH) outcomes.push(...(await one(all.slice(at, at + BATCH))).items);
    return outcomes;
  };
  return {
    catalogue,
    get: (what, { password }) =>
      inBatches(what.map(placeOf), (items) =>
        post('/parameters/read', { items, ...(password === undefined ? {} : { password }) }),
      ),
    set: (what, { password }) =>
      inBatches(
        what.map((one): ParameterAt & { value: ParameterValue } => ({ ...placeOf(one), value: one.value })),
        (items) => post('/parameters/write', { items, password }),
      ),
  };
}

const placeOf = ({ id, index }: ParameterAt): ParameterAt => ({ id, index });

/** The server reckons in the zone that it has of the switch. */
function clockOf(
  ask: (method: 'GET' | 'PUT') => Promise<{ readonly at: string; readonly aheadMs: number }>,
): ClockFacet {
  return {
    get: () => ask('GET'),
    set: async () => {
      await ask('PUT');
    },
  };
}

/** Asks the server, and tells its refusals as they are. */
function asker({ url, token }: ServerWay, signal: AbortSignal) {
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${url.replace(/\/+$/u, '')}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      if (signal.aborted) throw new CtiError('wait.aborted', 'interrupted', { cause });
      throw new CtiError('link.closed', `no server answers at ${url}`, { cause });
    });
    const told: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return told as T;
    throw refusalOf(told, answer.status);
  };
}

function refusalOf(told: unknown, status: number): CtiError {
  const { code, message, details } = (typeof told === 'object' && told !== null ? told : {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly details?: CtiErrorDetails;
  };
  if (typeof code !== 'string' || !Object.hasOwn(ERROR_CODES, code)) {
    return new CtiError('link.closed', `what answers there is no cordboard server (HTTP ${status})`);
  }
  // Its own text ends with the code, which is added again here.
  const text = String(message).replace(` [${code}]`, '');
  return new CtiError(code as CtiErrorCode, text, details === undefined ? {} : { details });
}
