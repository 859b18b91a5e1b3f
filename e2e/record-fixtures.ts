/**
 * Records what a real Asterisk says in the dialogues of `dialogues.ts` into the fixtures of the Asterisk adapter:
 * `npx tsx e2e/record-fixtures.ts [NAME...]`. One file per dialogue; the first line is the header.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dialogues, Stage } from './dialogues.js';
import { AsteriskLab } from './lab/asterisk.js';

const target = fileURLToPath(new URL('../packages/adapters-asterisk/test/fixtures', import.meta.url));
const wanted = process.argv.slice(2);
mkdirSync(target, { recursive: true });
const lab = await AsteriskLab.start();
try {
  const version = (await lab.cli('core show version')).split(' ')[1]?.replace(/[+~].*/, '') ?? 'unknown';
  for (const dialogue of dialogues) {
    if (wanted.length > 0 && !wanted.includes(dialogue.name)) continue;
    const stage = new Stage(lab);
    await stage.ari.connect();
    await stage.ami.connect();
    try {
      await dialogue.run(stage);
    } catch (error) {
      process.stderr.write(`${dialogue.name}: ${String(error)}\n`);
      for (const line of stage.ari.lines.slice(-30)) process.stderr.write(`  ${JSON.stringify(line)}\n`);
      process.exitCode = 1;
      continue;
    } finally {
      await stage.clear();
    }
    const header = {
      product: 'Asterisk',
      version,
      date: new Date().toISOString().slice(0, 10),
      dialogue: dialogue.name,
      about: dialogue.about,
      omitted: ['ChannelVarset', 'AMI TestEvent'],
    };
    const lines = [
      ...stage.ari.lines.map((line) => ({ t: line.t, link: 'ari', kind: line.kind, data: line.data })),
      ...stage.ami.messages.map((message) => ({ t: message.t, link: 'ami', kind: 'message', data: message.text })),
    ]
      .filter(
        (line) =>
          !JSON.stringify(line.data).startsWith('{"variable"') &&
          !/"type":"ChannelVarset"|Event: TestEvent/.test(JSON.stringify(line.data)),
      )
      .sort((a, b) => a.t - b.t);
    writeFileSync(
      join(target, `${dialogue.name}.jsonl`),
      `${[header, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`,
    );
    process.stderr.write(`${dialogue.name}: ${lines.length} lines\n`);
  }
} finally {
  await lab.stop();
}
