import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../lib/workspace.mjs';
import { checks } from './all.js';
import { plantedFor } from './planted.js';

for (const [name, check] of Object.entries(checks)) {
  describe(`check ${name}`, () => {
    const planted = plantedFor(join(root, 'tools', 'planted', name));

    it.each(planted)('$title', ({ rule, tree }) => {
      const rules = check.run(tree).map((finding) => finding.rule);
      expect(rules).toEqual(rule === 'clean' ? [] : [rule]);
    });

    it('has a planted defect for each of its rules and no other', () => {
      const shown = new Set(planted.map((item) => item.rule).filter((rule) => rule !== 'clean'));
      expect([...shown].sort()).toEqual([...check.rules].sort());
    });
  });
}
