/**
 * A reader of the event socket that shares nothing with the decoder: the bytes of a whole direction at once, byte by byte, in the
 * plainest way that the rules of the protocol allow. Values are told as bytes in Latin-1.
 */
export interface OracleFrame {
  /** `Content-Type`. */
  readonly kind: string;
  /** Outer headers. */
  readonly outer: readonly (readonly [string, string])[];
  /** Headers of the event inside, decoded to bytes; none where there is no event. */
  readonly inner: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  /** Where it stands in the stream. */
  readonly from: number;
  readonly to: number;
}

type Pair = readonly [string, string];

/** All whole frames of one direction. */
export function readAll(bytes: Buffer): OracleFrame[] {
  const text = bytes.toString('latin1');
  const frames: OracleFrame[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === '\n') at += 1;
    const end = text.indexOf('\n\n', at);
    if (end < 0) return frames;
    const outer = linesOf(text.slice(at, end));
    const said = outer.find(([name]) => name === 'Content-Length')?.[1] ?? '';
    // What is no number, in a damaged stream, announces no body.
    const size = /^\d+$/.test(said) ? Number(said) : 0;
    if (end + 2 + size > text.length) return frames;
    const kind = outer.find(([name]) => name === 'Content-Type')?.[1] ?? '';
    const content = text.slice(end + 2, end + 2 + size);
    frames.push({ kind, outer, ...contentOf(kind, content), from: at, to: end + 2 + size });
    at = end + 2 + size;
  }
}

function contentOf(kind: string, content: string): { inner: Pair[]; body: string | undefined } {
  if (kind === 'text/event-plain') return plainContent(content);
  if (kind === 'text/event-json') return jsonContent(content);
  if (kind === 'text/event-xml') return xmlContent(content);
  return { inner: [], body: content === '' ? undefined : content };
}

function linesOf(block: string): Pair[] {
  return block.split('\n').map((line) => {
    const [name = '', ...rest] = line.split(':');
    return [name, rest.join(':').replace(/^ /, '')];
  });
}

function percent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function plainContent(content: string): { inner: Pair[]; body: string | undefined } {
  const parts = content.split('\n\n');
  const inner = linesOf(parts[0] ?? '').map(([name, value]): Pair => [name, percent(value)]);
  const rest = parts.slice(1).join('\n\n');
  return { inner, body: rest === '' ? undefined : rest };
}

/** One object of strings and lists of strings, taken apart character by character. */
function jsonContent(content: string): { inner: Pair[]; body: string | undefined } {
  const inner: Pair[] = [];
  let body: string | undefined;
  let at = 1;
  const string = (): string => {
    let bytes = '';
    at += 1;
    while (content[at] !== '"') {
      if (content[at] !== '\\') {
        bytes += content[at];
        at += 1;
        continue;
      }
      const letter = content[at + 1] ?? '';
      at += 2;
      if (letter === 'u') {
        bytes += Buffer.from(String.fromCharCode(Number.parseInt(content.slice(at, at + 4), 16))).toString('latin1');
        at += 4;
      } else {
        bytes += { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[letter] ?? letter;
      }
    }
    at += 1;
    return bytes;
  };
  while (content[at] === '"') {
    const name = string();
    at += 1;
    let value: string;
    if (content[at] === '[') {
      const items: string[] = [];
      do {
        at += 1;
        items.push(string());
      } while (content[at] === ',');
      at += 1;
      value = `ARRAY::${items.join('|:')}`;
    } else {
      value = string();
    }
    if (name === '_body') body = value;
    else inner.push([name, value]);
    at += 1;
  }
  return { inner, body };
}

function xmlContent(content: string): { inner: Pair[]; body: string | undefined } {
  const entities = (text: string): string =>
    text.replace(/&(#x[0-9A-Fa-f]+|#\d+|\w+);/g, (_, name: string) => {
      if (name.startsWith('#x')) return utf8(Number.parseInt(name.slice(2), 16));
      if (name.startsWith('#')) return utf8(Number(name.slice(1)));
      return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name] ?? '';
    });
  const utf8 = (code: number): string => Buffer.from(String.fromCodePoint(code)).toString('latin1');
  const [, block = '', rest = ''] =
    /^<event>\n {2}<headers>\n([\s\S]*?) {2}<\/headers>\n([\s\S]*)$/.exec(content) ?? [];
  const inner = [...block.matchAll(/^ {4}<([^<>]+)>(.*)<\/\1>$|^ {4}<([^<>]+)\/>$/gm)].map(
    ([, name, value, empty]): Pair => [name ?? empty ?? '', percent(entities(value ?? ''))],
  );
  const body = /<body>([\s\S]*)<\/body>/.exec(rest)?.[1];
  const size = /<Content-Length>(\d+)<\/Content-Length>/.exec(rest)?.[1];
  return { inner, body: body === undefined ? undefined : entities(body).slice(0, Number(size)) };
}
