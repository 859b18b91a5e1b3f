export { createFax, type FaxOptions } from './fax.js';
