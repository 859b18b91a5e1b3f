#!/usr/bin/env node
// Committed, not built: npm links a command only when its file is there at install time.
import { existsSync } from 'node:fs';
import process from 'node:process';

const program = new URL('../dist/main.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('cordboard: it is not built yet: run `npm run build` first\n');
  process.exitCode = 1;
}
