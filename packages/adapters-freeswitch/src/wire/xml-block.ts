/** What an event of type XML says, as bytes held as Latin-1; header values still percent-encoded. */
export interface XmlBlock {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads the fixed form that FreeSWITCH writes: `<event>` with `<headers>`, one element a line, then `Content-Length` and `body`. It is no
 * XML parser: what has another form gives no headers.
 */
export function readXml(text: string): XmlBlock {
  const headersEnd = text.indexOf('</headers>');
  const headersFrom = text.indexOf('<headers>');
  const headers: [string, string][] = [];
  if (headersFrom >= 0 && headersEnd > headersFrom) {
    for (const line of text.slice(headersFrom + '<headers>'.length, headersEnd).split('\n')) {
      const header = headerOf(line);
      if (header !== undefined) headers.push(header);
    }
  }
  return { headers, body: bodyOf(text, Math.max(0, headersEnd)) };
}

function headerOf(line: string): [string, string] | undefined {
  const open = line.indexOf('<');
  const close = line.indexOf('>', open);
  if (open < 0 || close < 0) return undefined;
  if (line.charAt(close - 1) === '/') return [line.slice(open + 1, close - 1).trim(), ''];
  const end = line.lastIndexOf('</');
  return end > close ? [line.slice(open + 1, close), unescapeXml(line.slice(close + 1, end))] : undefined;
}

/** Behind a body that ends in a line end stands indentation: only the length tells where it ends. */
function bodyOf(text: string, from: number): string | undefined {
  const start = text.indexOf('<body>', from);
  const end = text.lastIndexOf('</body>');
  if (start < 0 || end < start) return undefined;
  const body = unescapeXml(text.slice(start + '<body>'.length, end));
  const length = /<Content-Length>(\d+)<\/Content-Length>\s*$/.exec(text.slice(from, start))?.[1];
  return length === undefined ? body : body.slice(0, Number(length));
}

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      if (code > 0x10ffff) return whole;
      return code < 0x80
        ? String.fromCharCode(code)
        : Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
    },
  );
}
