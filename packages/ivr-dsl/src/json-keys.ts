/** Deepest nesting of a flow's JSON text. */
const MAX_DEPTH = 64;

/** A place in a text: line and column from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with the keys of a JSON text, and where. */
export interface KeyProblem {
  readonly path: string;
  readonly expected: string;
  readonly at: TextPlace;
  /** Where the key stood before. */
  readonly first?: TextPlace;
}

interface Level {
  /** Keys of an object with their offsets; of an array there are none. */
  readonly keys: Map<string, number> | undefined;
  /** The key or the index that is read now. */
  at: string | number;
}

/**
 * Finds what `JSON.parse` lets pass without a word: an object with the same key twice, of which it keeps the last, a key `__proto__`, and nesting without
 * bound. The text is one that `JSON.parse` takes. One pass, no recursion.
 */
export function keyProblem(json: string): KeyProblem | undefined {
  const levels: Level[] = [];
  let offset = 0;
  while (offset < json.length) {
    const level = levels.at(-1);
    switch (json[offset]) {
      case '{':
      case '[':
        if (levels.length >= MAX_DEPTH) {
          return { path: pathOf(levels), expected: `at most ${MAX_DEPTH} levels`, at: placeOf(json, offset) };
        }
        levels.push(json[offset] === '{' ? { keys: new Map(), at: '' } : { keys: undefined, at: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level !== undefined && typeof level.at === 'number') level.at += 1;
        break;
      case '"': {
        const end = endOfString(json, offset);
        if (level?.keys !== undefined && isKey(json, end)) {
          const key = JSON.parse(json.slice(offset, end)) as string;
          level.at = key;
          const before = level.keys.get(key);
          if (before !== undefined) {
            const expected = 'a key that is used once';
            return { path: pathOf(levels), expected, at: placeOf(json, offset), first: placeOf(json, before) };
          }
          if (key === '__proto__') {
            return { path: pathOf(levels), expected: 'a key other than __proto__', at: placeOf(json, offset) };
          }
          level.keys.set(key, offset);
        }
        offset = end - 1;
        break;
      }
    }
    offset += 1;
  }
  return undefined;
}

/** The offset behind the closing quote. */
function endOfString(json: string, start: number): number {
  let offset = start + 1;
  while (offset < json.length && json[offset] !== '"') offset += json[offset] === '\\' ? 2 : 1;
  return offset + 1;
}

/** Does a colon follow, that is: was the text a key? */
function isKey(json: string, end: number): boolean {
  let offset = end;
  while (offset < json.length && /[ \t\r\n]/.test(json[offset] ?? '')) offset += 1;
  return json[offset] === ':';
}

function pathOf(levels: readonly Level[]): string {
  return levels.reduce<string>(
    (path, { at }) => (typeof at === 'number' ? `${path}[${at}]` : path === '' ? at : `${path}.${at}`),
    '',
  );
}

function placeOf(json: string, offset: number): TextPlace {
  const before = json.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
