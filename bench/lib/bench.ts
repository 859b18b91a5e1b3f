/** What was measured beside our own figure, in the same run. */
export interface Reference {
  readonly name: string;
  readonly value: number;
}

/** One figure; printed as one line of JSON. */
export interface Figure {
  /** Dotted and stable, for example `ami.cordboard.cpuPerEvent`; gates.json names it. */
  readonly name: string;
  readonly value: number;
  /** `us`, `ms`, `s`, `bytes`, `1/s`, `ratio`, `count`. */
  readonly unit: string;
  readonly reference?: Reference;
  /** Smallest and largest of the repetitions, where there were any. */
  readonly range?: readonly [number, number];
}

/** What a bench gets. */
export interface BenchContext {
  /** Prints one figure. */
  report(figure: Figure): void;
  /** Words for people, on stderr. */
  say(words: string): void;
  /** A short run that shows only that the bench works; its figures mean nothing and are never held to a gate. */
  readonly smoke: boolean;
}

/** One file `NAME.bench.ts` has this as its default export. */
export interface Bench {
  /** What is measured, against what, and how. */
  readonly about: string;
  run(context: BenchContext): Promise<void>;
}

/** Types a bench where it is written. */
export const defineBench = (bench: Bench): Bench => bench;
