import type { Writable } from 'node:stream';

/** Where a command writes. What programs read goes to `out`, everything for people who watch to `err`. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
  /** People read `out` as it comes: a terminal. */
  readonly terminal?: 'terminal';
}

const closed = new WeakSet<Writable>();

/**
 * Calls back when whoever read a stream has closed it, once. Without this the next line that is written there ends the process with a stack trace. Any other failure
 * of the stream is thrown as before.
 */
export function whenClosed(stream: Writable, told: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Windows says EOF of a pipe without a reader.
    if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
    if (closed.has(stream)) return;
    closed.add(stream);
    told();
  });
}

/** Standard output and standard error of this process. Where nobody reads standard output any more, there is nobody to tell of what follows from that. */
export const processOutput: Output = {
  ...(process.stdout.isTTY ? { terminal: 'terminal' as const } : {}),
  out: (line) => {
    if (!closed.has(process.stdout)) process.stdout.write(`${line}\n`);
  },
  err: (line) => {
    if (!closed.has(process.stdout) && !closed.has(process.stderr)) process.stderr.write(`${line}\n`);
  },
};
