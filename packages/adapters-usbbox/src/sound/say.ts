/** Names of sounds in a language's `digits` folder that say one key after the other. */
export function digitNames(text: string): readonly string[] | undefined {
  if (!/^[0-9*#A-Da-d]{1,64}$/.test(text)) return undefined;
  return [...text].map((key) => (key === '*' ? 'star' : key === '#' ? 'pound' : key.toLowerCase()));
}

/**
 * Names of sounds in a language's `digits` folder that say a number: `0` to `20`, tens, `hundred`, `thousand`, `million`, `billion`, `minus` for most;
 * for Chinese `0` to `10`, `2-liang` where it is there, `hundred`, `thousand`, `wan`, `yi`, `minus`.
 *
 * @returns `undefined` for what is no whole number of at most 15 digits
 */
export function numberNames(value: number, language: string): readonly string[] | undefined {
  if (!Number.isSafeInteger(value) || Math.abs(value) >= 1e15) return undefined;
  const names = /^zh\b/i.test(language) ? chinese(Math.abs(value)) : english(Math.abs(value));
  return value < 0 ? ['minus', ...names] : names;
}

function english(value: number): string[] {
  if (value <= 20) return [String(value)];
  if (value < 100) return [String(value - (value % 10)), ...(value % 10 === 0 ? [] : [String(value % 10)])];
  const units: readonly (readonly [number, string])[] = [
    [1e12, 'trillion'],
    [1e9, 'billion'],
    [1e6, 'million'],
    [1e3, 'thousand'],
    [100, 'hundred'],
  ];
  for (const [size, word] of units) {
    if (value < size) continue;
    const rest = value % size;
    return [...english(Math.floor(value / size)), word, ...(rest === 0 ? [] : english(rest))];
  }
  return [String(value)];
}

/** 一万零二百三十: a place that is empty between two that are not is said as one zero. */
function chinese(value: number): string[] {
  if (value < 10) return [String(value)];
  if (value < 20) return ['10', ...(value === 10 ? [] : [String(value - 10)])];
  const units: readonly (readonly [number, string])[] = [
    [1e12, 'wan-yi'],
    [1e8, 'yi'],
    [1e4, 'wan'],
    [1e3, 'thousand'],
    [100, 'hundred'],
    [10, '10'],
  ];
  for (const [size, word] of units) {
    if (value < size) continue;
    const rest = value % size;
    const head = [...chinese(Math.floor(value / size)), ...(word === 'wan-yi' ? ['wan', 'yi'] : [word])];
    if (rest === 0) return head;
    const gap = rest < size / 10 ? ['0'] : [];
    return [...head, ...gap, ...(rest < 20 && rest >= 10 ? ['1', ...chinese(rest)] : chinese(rest))];
  }
  return [String(value)];
}
