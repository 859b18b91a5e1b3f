import { checkArrows } from './arrows.js';
import { checkDocs } from './docs.js';
import { checkPrivacy } from './privacy.js';
import { checkPurity } from './purity.js';
import { checkShape } from './shape.js';
import type { Finding, Tree } from './tree.js';

/** A check and the rules it knows; each rule has a planted defect under tools/planted. */
export interface Check {
  readonly run: (tree: Tree) => Finding[];
  readonly rules: readonly string[];
}

/** Every check by the name that `npm run checks -- NAME` takes. */
export const checks: Readonly<Record<string, Check>> = {
  arrows: {
    run: checkArrows,
    rules: [
      ...['layer', 'adapter-to-adapter', 'adapter-skeleton', 'impure-adapter-part', 'no-layer', 'circle', 'unresolved'],
      ...['outside-src', 'private-path', 'test-code', 'node-builtin', 'undeclared', 'unused-dependency'],
    ],
  },
  purity: { run: checkPurity, rules: ['node-global', 'impure-core'] },
  shape: {
    run: checkShape,
    rules: ['size', 'any', 'non-null', 'enum', 'suppression', 'parameters', 'boolean-parameter'],
  },
  privacy: {
    run: checkPrivacy,
    rules: ['log-key', 'log-value', 'log-spread', 'log-opaque', 'log-message', 'error-message'],
  },
  docs: { run: checkDocs, rules: ['no-docstring'] },
};
