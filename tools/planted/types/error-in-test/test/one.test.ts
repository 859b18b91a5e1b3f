import { two } from '../src/index.js';
void two;
