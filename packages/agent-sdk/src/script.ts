/** The whole client for plain `<script>` pages: one file, one global name `Cordboard`, and the element is registered. */
import { defineElements } from './elements/index.js';

export * from './elements/index.js';
export * from './index.js';

defineElements();
