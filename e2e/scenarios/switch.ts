import { dialogues, Stage } from '../dialogues.js';
import type { Scenario } from '../scenario.js';

/** The switch alone, without the product: when one of these fails, it is the laboratory or Asterisk that changed. */
export const scenarios: readonly Scenario[] = dialogues.map((dialogue) => ({
  name: `switch: ${dialogue.name}`,
  needs: ['asterisk', 'sipp', 'baresip'],
  async run(lab) {
    const stage = new Stage(await lab.asterisk());
    lab.onFailure('ari.txt', () => stage.ari.lines.map((line) => JSON.stringify(line)).join('\n'));
    lab.keep({ close: () => stage.clear() });
    await stage.ari.connect();
    await stage.ami.connect();
    await dialogue.run(stage);
  },
}));
