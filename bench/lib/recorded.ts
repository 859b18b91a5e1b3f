import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../packages/adapters-asterisk/test/fixtures/', import.meta.url);

/** The messages of one kind of link in the recorded dialogues of Asterisk, in order, without the manager's banner. */
export function recordedMessages(link: 'ami' | 'ari'): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return files.flatMap((name) =>
    readFileSync(new URL(name, folder), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const record: { link?: string; kind?: string; data?: unknown } = JSON.parse(line);
        const wanted = link === 'ami' ? record.kind === 'message' : record.kind === 'event';
        if (record.link !== link || !wanted) return [];
        return [typeof record.data === 'string' ? record.data : JSON.stringify(record.data)];
      })
      .filter((text) => link === 'ari' || text.startsWith('Event:')),
  );
}
