import { defineConfig } from 'tsup';
import { library } from '../../tools/tsup.base.js';

// The command itself is a committed file in front of what is built here.
export default defineConfig({ ...library('node'), entry: { index: 'src/index.ts', main: 'src/main.ts' } });
