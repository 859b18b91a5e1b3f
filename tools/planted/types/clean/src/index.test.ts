import { equal } from 'node:assert';
import { one } from './index.js';
equal(one, 1);
