/** As much of a SIP message (RFC 3261) as the laboratory needs to watch a dialogue. */
export interface SipMessage {
  /** First line. */
  readonly start: string;
  /** Request method, or of a response the method in CSeq. */
  readonly method: string;
  /** Status code of a response. */
  readonly status: number | undefined;
  readonly callId: string;
  readonly header: (name: string) => string | undefined;
  /** All headers of a name, in order; those that stand in one line stay together. */
  readonly all: (name: string) => readonly string[];
  readonly body: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  i: 'call-id',
  f: 'from',
  t: 'to',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  v: 'via',
  r: 'refer-to',
};

/** Reads a datagram; `undefined` for what is no SIP message, such as a keep-alive. */
export function parseSip(text: string): SipMessage | undefined {
  const split = text.indexOf('\r\n\r\n');
  const [start, ...lines] = (split < 0 ? text : text.slice(0, split)).split('\r\n');
  if (start === undefined || !start.includes('SIP/2.0')) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const key = COMPACT[name] ?? name;
    const value = line.slice(colon + 1).trim();
    const known = headers.get(key);
    if (known === undefined) headers.set(key, [value]);
    else known.push(value);
  }
  const status = start.startsWith('SIP/2.0 ') ? Number(start.slice(8, 11)) : undefined;
  const first = (name: string): string | undefined => headers.get(name)?.[0];
  const method = status === undefined ? (start.split(' ')[0] ?? '') : (first('cseq')?.split(/\s+/)[1] ?? '');
  return {
    start,
    method,
    status,
    callId: first('call-id') ?? '',
    header: (name) => first(name.toLowerCase()),
    all: (name) => headers.get(name.toLowerCase()) ?? [],
    body: split < 0 ? '' : text.slice(split + 4),
  };
}

/** Port of the audio stream in a session description; 0 means refused, `undefined` that there is none. */
export function audioPort(body: string): number | undefined {
  const match = /^m=audio (\d+) /m.exec(body);
  return match === null ? undefined : Number(match[1]);
}

/** Direction of the audio stream (RFC 4566), `sendrecv` when none is said. */
export function audioDirection(body: string): string {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(body)?.[1] ?? 'sendrecv';
}

/** The same message with another audio port, its length corrected. */
export function withAudioPort(text: string, port: number): string {
  const split = text.indexOf('\r\n\r\n');
  const body = text.slice(split + 4).replace(/^m=audio \d+ /m, `m=audio ${port} `);
  const head = text.slice(0, split).replace(/^(Content-Length|l)\s*:\s*\d+/im, `$1: ${Buffer.byteLength(body)}`);
  return `${head}\r\n\r\n${body}`;
}

/** Tag of a From or To header. */
export function tagOf(header: string | undefined): string | undefined {
  return /;tag=([^;>\s]+)/.exec(header ?? '')?.[1];
}
