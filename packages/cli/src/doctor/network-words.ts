/** What kept a connection from being made, by the code of the system or of the web client. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  UND_ERR_SOCKET: 'the connection was broken off',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  TimeoutError: 'no answer in time',
  'driver.timeout': 'no answer in time',
  'link.closed': 'the connection was closed',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up now',
  EHOSTUNREACH: 'no way leads to that address',
  ENETUNREACH: 'no way leads to that address',
  EACCES: 'this machine forbids it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of nobody whom this machine trusts',
};

/** Why a connection failed, as a person at a terminal should read it. A web client's error hides the reason in its cause, and several in a list. */
export function networkWords(failure: unknown): string {
  let code: string | undefined;
  for (let at = failure, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const one = at as { readonly code?: unknown; readonly name?: unknown; readonly cause?: unknown };
    // Ports such as 9 or 6000 are closed to every web client by the Fetch standard, "port blocking".
    if (at instanceof Error && at.message === 'bad port') return 'web clients may not use this port';
    if (typeof one.code === 'string') code = one.code;
    else if (one.name === 'TimeoutError') code ??= 'TimeoutError';
    at = at instanceof AggregateError && at.errors[0] !== undefined ? at.errors[0] : one.cause;
  }
  if (code === undefined) return 'the connection failed';
  const words = WORDS[code] ?? 'the connection failed';
  return /^[A-Z_]+$/u.test(code) ? `${words}, ${code}` : words;
}
