/** Where a command writes. What programs read goes to `out`, everything for people who watch to `err`. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
  /** People read `out` as it comes: a terminal. */
  readonly terminal?: 'terminal';
}

/** Standard output and standard error of this process. */
export const processOutput: Output = {
  ...(process.stdout.isTTY ? { terminal: 'terminal' as const } : {}),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};
