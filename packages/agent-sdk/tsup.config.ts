import { existsSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { library, script } from '../../tools/tsup.base.js';

// Browsers with constructed style sheets, which the element needs, have private members of their own.
const page = { ...script('cordboard', { globalName: 'Cordboard', entry: 'src/script.ts' }), target: 'es2022' as const };
export default defineConfig(existsSync('src/script.ts') ? [library('neutral'), page] : [library('neutral')]);
