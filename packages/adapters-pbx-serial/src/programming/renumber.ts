import { CtiError, type ParameterOutcome, type ParameterValue, type ProgrammingFacet } from '@cordboard/cti-core';

/** The new number of one port. */
export interface NewNumber {
  readonly id: string;
  readonly index: number;
  readonly value: ParameterValue;
}

/**
 * Gives ports new numbers, which a switch refuses while another port still has them. So those go first whose number is free; where ports change numbers among each
 * other, one of them waits on a number that nobody has.
 *
 * @throws {CtiError} as `ProgrammingFacet.set`
 */
export async function renumber(
  facet: ProgrammingFacet,
  numbers: readonly NewNumber[],
  options: { readonly signal: AbortSignal; readonly password: string },
): Promise<readonly ParameterOutcome[]> {
  const [{ id } = { id: '' }] = numbers;
  const places = facet.catalogue.find((one) => one.id === id)?.places ?? 0;
  const read = await facet.get(
    Array.from({ length: places }, (_, at) => ({ id, index: at + 1 })),
    options,
  );
  if (read.some(({ code }) => code === 'lost')) {
    throw new CtiError('driver.linkLost', 'the line to the switch was lost before it was told of new numbers');
  }
  const taken = new Map(read.flatMap(({ index, value }) => (value === undefined ? [] : [[index, value] as const])));
  const outcomes = new Map<number, ParameterOutcome>();
  let waiting = [...numbers];
  while (waiting.length > 0) {
    const others = (index: number): ReadonlySet<ParameterValue> =>
      new Set([...taken].flatMap(([port, value]) => (port === index ? [] : [value])));
    const free = waiting.filter(({ index, value }) => !others(index).has(value));
    const wantedStill = new Set(waiting.map(({ value }) => value));
    const stuck = waiting.find(({ index }) => wantedStill.has(taken.get(index) ?? ''));
    const aside = free.length === 0 && stuck !== undefined ? spareFor(stuck, { taken, numbers }) : undefined;
    // A number that a port keeps which is not asked about, or no number to wait on: the switch says itself what it thinks of it.
    const now = free.length > 0 ? free : aside === undefined ? waiting : [aside];
    const done = await facet.set(now, options);
    for (const outcome of done) {
      if (outcome.code === 'ok') taken.set(outcome.index, outcome.value ?? '');
      if (aside === undefined || outcome.code !== 'ok') outcomes.set(outcome.index, outcome);
    }
    waiting = waiting.filter(({ index }) => !outcomes.has(index));
    if (done.some(({ code }) => code === 'lost')) {
      for (const { index } of waiting) outcomes.set(index, { id, index, code: 'lost' });
      break;
    }
  }
  return numbers.flatMap(({ index }) => outcomes.get(index) ?? []);
}

/** A number as long as the wanted one that nobody has or wants. */
function spareFor(
  stuck: NewNumber,
  { taken, numbers }: { readonly taken: ReadonlyMap<number, ParameterValue>; readonly numbers: readonly NewNumber[] },
): NewNumber | undefined {
  const used = new Set([...taken.values(), ...numbers.map(({ value }) => value)]);
  const length = typeof stuck.value === 'string' ? stuck.value.length : 0;
  // Downwards: low numbers are where access codes of lines and services lie.
  for (let number = 10 ** length - 1; number >= 10 ** (length - 1) && length > 0; number--) {
    if (!used.has(String(number))) return { ...stuck, value: String(number) };
  }
  return undefined;
}
