// Started by bench/run.mjs: loads one bench file and prints its figures as lines of JSON on stdout.
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Bench } from './bench.js';

const [file = '', mode] = process.argv.slice(2);
const loaded: { readonly default: Bench } = await import(pathToFileURL(file).href);
await loaded.default.run({
  report: (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`),
  say: (words) => process.stderr.write(`${words}\n`),
  smoke: mode === 'smoke',
});
