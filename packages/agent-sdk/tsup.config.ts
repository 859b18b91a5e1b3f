import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { library, script } from '../../tools/tsup.base.js';

const page = script('cordboard', { globalName: 'Cordboard', entry: 'src/script.ts' });
export default defineConfig(existsSync('src/script.ts') ? [library('neutral'), page] : [library('neutral')]);
