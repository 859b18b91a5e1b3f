import type { Duration } from '../duration.js';
import type { HostFunction } from '../host-function.js';
import { edgesOf, given, msIf, sayIf } from '../lower.js';
import type { SayInput } from '../say.js';
import { type NodeSpec, type Scope, spec, type Target } from '../spec.js';
import type { Reads, ReadsBesideSecrets, ReadsIn, Says, Sets } from '../uses.js';

/** What all nodes that ask the world outside have in common. */
export interface OutsideOptions<T extends string, P extends string, U extends string> {
  /** Said meanwhile; the node is left when both are over. */
  readonly say?: SayInput<P, U>;
  /** Bound of one try, `100ms` to `60s`; default `5s`. */
  readonly timeout?: Duration;
  /** Tries in all, 1-5; default 1. Every try bears the same key. */
  readonly tries?: number;
  /** No answer in time, an answer that is none, or nobody there to ask. */
  readonly failed: Target<T, U>;
}

const outside = (scope: Scope, options: OutsideOptions<string, string, string>) => ({
  ...given({
    say: sayIf(options.say),
    timeoutMs: msIf(scope, 'timeout', options.timeout),
    tries: options.tries,
  }),
  failed: scope.edge('failed', options.failed),
});

const kept = (options: { readonly keep?: object; readonly masked?: readonly string[] }) =>
  given({
    keep: options.keep === undefined ? undefined : ({ ...options.keep } as Readonly<Record<string, string>>),
    masked: options.masked === undefined ? undefined : [...options.masked],
  });

/** Options of {@link compute} and {@link query}. */
export interface HostOptions<
  W extends string,
  F extends string,
  A extends string,
  K extends string,
  X extends string,
  T extends string,
  P extends string,
  U extends string,
> extends OutsideOptions<T, P, U> {
  /** A text with `{variables}` for each name that the function is given. */
  readonly pass: { readonly [N in A]: X } & ([A] extends [never] ? { readonly [name: string]: never } : unknown);
  /** Variable -> value of the answer. */
  readonly keep?: { readonly [N in K]: NoInfer<F> };
  /** Those of the variables of `keep` that never become data of the call. */
  readonly masked?: readonly NoInfer<K>[];
  /** An edge for each way of the function. */
  readonly ways: { readonly [N in W]: Target<T, U> };
}

/** Runs a function of the host that has no effect outside, and may be run again. */
export function compute<
  const W extends string,
  const F extends string,
  const A extends string,
  const K extends string = never,
  const X extends string = never,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(
  fn: HostFunction<W, F, A>,
  options: HostOptions<W, F, A, K, X, T, P, U>,
): NodeSpec<T, U | Says<P> | Sets<K> | ReadsIn<X>> {
  return hostNode('compute', fn, options);
}

/** Runs a function of the host that works outside, such as a database query; it gets the key of the visit, that it may do its work once. */
export function query<
  const W extends string,
  const F extends string,
  const A extends string,
  const K extends string = never,
  const X extends string = never,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(
  fn: HostFunction<W, F, A>,
  options: HostOptions<W, F, A, K, X, T, P, U>,
): NodeSpec<T, U | Says<P> | Sets<K> | ReadsIn<X>> {
  return hostNode('query', fn, options);
}

type AnyHostOptions = HostOptions<string, string, string, string, string, string, string, string>;

function hostNode<T extends string, U extends string>(
  type: 'compute' | 'query',
  fn: HostFunction,
  options: unknown,
): NodeSpec<T, U> {
  const given = options as AnyHostOptions;
  return spec((scope) => ({
    type,
    function: fn.name,
    pass: { ...given.pass },
    ...kept(given),
    ways: edgesOf(scope, 'ways.', given.ways),
    ...outside(scope, given),
  }));
}

type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

/** Options of {@link http}. */
export interface HttpOptions<
  K extends string,
  X extends string,
  S extends string,
  T extends string,
  P extends string,
  U extends string,
> extends OutsideOptions<T, P, U> {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Of a host that the configuration allows; `{variables}` are percent-encoded. */
  readonly url: X;
  /** `{variables}`, and `{secret.NAME}`, which the server alone puts in. */
  readonly headers?: { readonly [name: string]: S };
  /** Becomes a JSON object of texts. */
  readonly body?: { readonly [name: string]: X };
  /** Variable -> JSON pointer into the answer, such as `/customer/name`. */
  readonly keep?: { readonly [N in K]: string };
  /** Those of the variables of `keep` that never become data of the call. */
  readonly masked?: readonly NoInfer<K>[];
  /** An edge for a status (`200`) or a class of them (`2xx`); the status goes before its class. */
  readonly ways: { readonly [W in StatusClass | number]?: Target<T, U> };
  /** Any other status. */
  readonly otherwise: Target<T, U>;
}
/** Asks an HTTP service. The key of the visit goes along as `Idempotency-Key`. */
export function http<
  const K extends string = never,
  const X extends string = never,
  const S extends string = never,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(options: HttpOptions<K, X, S, T, P, U>): NodeSpec<T, U | Says<P> | Sets<K> | ReadsIn<X> | ReadsBesideSecrets<S>> {
  const { headers, body } = options;
  return spec((scope) => ({
    type: 'http',
    method: options.method ?? 'GET',
    url: options.url,
    ...given({
      headers: headers === undefined ? undefined : { ...headers },
      body: body === undefined ? undefined : { ...body },
    }),
    ...kept(options),
    ways: edgesOf(scope, 'ways.', options.ways),
    otherwise: scope.edge('otherwise', options.otherwise),
    ...outside(scope, options),
  }));
}

/** Options of {@link fax}. */
export interface FaxOptions<V extends string, T extends string, P extends string, U extends string>
  extends OutsideOptions<T, P, U> {
  /** Holds the number to send to; default: the caller's own. */
  readonly variable?: V;
  readonly next: Target<T, U>;
}
/** Has the host's fax service send a document. */
export function fax<
  const V extends string = never,
  const T extends string = never,
  const P extends string = never,
  const U extends string = never,
>(document: string, options: FaxOptions<V, T, P, U>): NodeSpec<T, U | Says<P> | Reads<V>> {
  return spec((scope) => ({
    type: 'fax',
    document,
    ...given({ variable: options.variable }),
    next: scope.edge('next', options.next),
    ...outside(scope, options),
  }));
}
