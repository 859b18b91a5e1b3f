/** What a plain parser makes of a line: the fields that everybody needs. */
export interface PlainCall {
  readonly start: string;
  readonly durationMs: number;
  readonly extension: string;
  readonly line: string;
  readonly direction: string;
  readonly number: string;
  readonly accountCode: string;
  readonly raw: string;
}

type Read = (line: string) => PlainCall | undefined;

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
const lengthOf = (text: string): number =>
  (Number(text.slice(0, 2)) * 3600 + Number(text.slice(3, 5)) * 60 + Number(text.slice(6, 8))) * 1000;
const ringOf = (text: string): number =>
  text.trim() === '' ? 0 : (Number(text[0]) * 60 + Number(text.slice(2, 4))) * 1000;
const hour = (text: string, half: string | undefined): number => (Number(text) % 12) + (half === 'P' ? 12 : 0);

/** The expressions that scripts for these PBXs have, a group for each column, and the same arithmetic on times. */
function panasonic(expression: RegExp, ringing: 'ring' | 'none'): Read {
  return (line) => {
    const m = expression.exec(line);
    if (m === null) return undefined;
    const [, month, day, year, hours, minutes, half, ext = '', co = '', dial = '', ...rest] = m;
    const [ring, duration = '', account = ''] =
      ringing === 'ring' ? [rest[0], rest[1], rest.at(-1)] : ['', rest[0], rest.at(-1)];
    const durationMs = lengthOf(duration);
    const end = Date.UTC(2000 + Number(year), Number(month) - 1, Number(day), hour(hours ?? '', half), Number(minutes));
    const text = dial.trim();
    const incoming = text.startsWith('<I>');
    return {
      start: iso(end - durationMs - ringOf(ring ?? '')),
      durationMs,
      extension: ext.trim(),
      line: co.trim(),
      direction: incoming ? 'in' : 'out',
      number: incoming ? text.slice(3) : text,
      accountCode: account.trim(),
      raw: line,
    };
  };
}

const HEAD = String.raw`^(\d\d)\/(\d\d)\/(\d\d) (\d\d):(\d\d)([AP])M (.{5}) `;
const A = new RegExp(`${HEAD}(.{2}) (.{25}) (.{4}) (.{8})(?: (.{1,10}))?`);
const B = new RegExp(`${HEAD}(.{2}) (.{20}) (.{8})(?: (.{10})(?: (.{1,10}))?)?`);
const C = new RegExp(`${HEAD}(.{4}) (.{50}) (.{4}) (.{8})(?: (.{11})(?: (.{1,10}))?)?`);
const KX_TA = /^(\d\d)\/(\d\d)\/(\d\d) [ *]([ \d]\d):(\d\d)([AP])M (\d+) (\d\d) (.*?) +(\d\d:\d\d'\d\d)"? ([.\d]+)$/;
const DBS =
  /^([SsIOTND]) (\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) (\d\d[:.]\d\d[:.]\d\d) (.{3}) (.{28}) (.{10}) (.{5}) (\d+)/;
const SHENOU = /^T(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d) (\d\d)(\d\d)(\d\d) (.{16})(.{8})(.{24})(\d\d) ?(.*)$/;
const IPO = new RegExp(`^(\\d{4})/(\\d\\d)/(\\d\\d) (\\d\\d:\\d\\d:\\d\\d)${',([^,]*)'.repeat(29)}$`);
const DEFINITY =
  /^(\d\d)(\d\d) (\d)(\d\d)(\d) (.) (.{3}) (.{3}) (.{15}) (.{5})(?: (.{1,15}))?(?: (.{1,7}))?(?:.{8}(.{1,3}))?(?: (.{1,3}))?/;
const CSV = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d)${',([^,]*)'.repeat(6)}$`);

/** The expression of each format. */
export const PLAIN: Readonly<Record<string, Read>> = {
  'panasonic-a': panasonic(A, 'ring'),
  'panasonic-b': panasonic(B, 'none'),
  'panasonic-c': panasonic(C, 'ring'),
  'kx-td': panasonic(A, 'ring'),
  'kx-ta': (line) => {
    const m = KX_TA.exec(line);
    if (m === null) return undefined;
    const [, month, day, year, hours, minutes, half, extension = '', co = '', dial = '', duration = '', code = ''] = m;
    const incoming = dial.startsWith('< incoming >');
    return {
      start: iso(
        Date.UTC(2000 + Number(year), Number(month) - 1, Number(day), hour(hours ?? '', half), Number(minutes)),
      ),
      durationMs: lengthOf(duration),
      extension,
      line: co,
      direction: incoming ? 'in' : 'out',
      number: incoming ? dial.slice(12) : dial,
      accountCode: code.replace(/^\.+/, ''),
      raw: line,
    };
  },
  dbs: (line) => {
    const m = DBS.exec(line);
    if (m === null) return undefined;
    const [
      ,
      type,
      month,
      day,
      hours,
      minutes,
      seconds,
      duration = '',
      extension = '',
      digits = '',
      account = '',
      ,
      trunk = '',
    ] = m;
    return {
      start: `2026-${month}-${day}T${hours}:${minutes}:${seconds}`,
      durationMs: lengthOf(duration),
      extension: extension.trim(),
      line: trunk,
      direction: type === 'I' ? 'in' : 'out',
      number: digits.trim().replace(/>/g, '*').replace(/</g, '#'),
      accountCode: account.trim(),
      raw: line,
    };
  },
  shenou: (line) => {
    const m = SHENOU.exec(line);
    if (m === null) return undefined;
    const [, year, month, day, hours, minutes, seconds, h, mi, s, caller = '', internal = '', called = '', type] = m;
    return {
      start: `${year}-${month}-${day}T${hours}:${minutes}:${seconds}`,
      durationMs: (Number(h) * 3600 + Number(mi) * 60 + Number(s)) * 1000,
      extension: internal.trim(),
      line: '',
      direction: type === '12' ? 'in' : type === '09' ? 'internal' : 'out',
      number: (type === '12' ? caller : called).trim(),
      accountCode: '',
      raw: line,
    };
  },
  'ipoffice-csv': (line) => {
    const m = IPO.exec(line);
    if (m === null) return undefined;
    const incoming = m[8] === 'I';
    return {
      start: `${m[1]}-${m[2]}-${m[3]}T${m[4]}`,
      durationMs: lengthOf(m[5] ?? ''),
      extension: m[15]?.slice(1) ?? '',
      line: m[17]?.slice(1) ?? '',
      direction: incoming ? 'in' : 'out',
      number: (incoming ? m[7] : m[10]) ?? '',
      accountCode: m[11] ?? '',
      raw: line,
    };
  },
  'definity-80': (line) => {
    const m = DEFINITY.exec(line);
    if (m === null) return undefined;
    const [
      ,
      hours,
      minutes,
      h,
      mi,
      tenths,
      code,
      ,
      ,
      dialled = '',
      calling = '',
      account = '',
      ,
      incoming = '',
      outgoing = '',
    ] = m;
    const durationMs = (Number(h) * 3600 + Number(mi) * 60 + Number(tenths) * 6) * 1000;
    return {
      start: iso(Date.UTC(2026, 10, 22, Number(hours), Number(minutes)) - durationMs),
      durationMs,
      extension: (code === '9' ? dialled : calling).trim(),
      line: (code === '9' ? incoming : outgoing).trim(),
      direction: code === '9' ? 'in' : 'out',
      number: (code === '9' ? calling : dialled).trim(),
      accountCode: account.trim(),
      raw: line,
    };
  },
  'generic-csv': (line) => {
    const m = CSV.exec(line);
    if (m === null) return undefined;
    return {
      start: `${m[1]}T${m[2]}`,
      durationMs: Number(m[3]) * 1000,
      extension: m[4] ?? '',
      line: m[5] ?? '',
      direction: m[6] === 'I' ? 'in' : 'out',
      number: m[7] ?? '',
      accountCode: m[8] ?? '',
      raw: line,
    };
  },
};

/** Reads blocks the plain way: text, lines, one expression. */
export function readPlain(blocks: readonly Uint8Array[], read: Read): PlainCall[] {
  const calls: PlainCall[] = [];
  let rest = '';
  for (const block of blocks) {
    const lines = (rest + Buffer.from(block.buffer, block.byteOffset, block.byteLength).toString('latin1')).split(
      /\r?\n/,
    );
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const call = read(line);
      if (call !== undefined) calls.push(call);
    }
  }
  return calls;
}
