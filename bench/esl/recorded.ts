import { fileURLToPath } from 'node:url';
import { readTraces, streamsOf } from '@cordboard/driver-kit/testing';

/** One recorded event: its bytes on the wire. */
export interface RecordedEvent {
  readonly frame: Buffer;
}

const FOLDER = fileURLToPath(new URL('../../../shared/traces/freeswitch', import.meta.url));

/** Every event of one form in the recorded dialogues; none where they are not on this machine. */
export function recordedEvents(format: 'plain' | 'json'): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  for (const trace of readTraces(FOLDER)) {
    for (const { chunks } of streamsOf(trace, { link: 'esl', kind: 'in' })) {
      const all = Buffer.concat(chunks);
      for (let from = 0; ; ) {
        while (all[from] === 0x0a) from += 1;
        const end = all.indexOf('\n\n', from, 'latin1');
        if (end < 0) break;
        const head = all.toString('latin1', from, end);
        const next = end + 2 + Number(/^Content-Length: (\d+)$/m.exec(head)?.[1] ?? 0);
        if (next > all.length) break;
        if (head.includes(`text/event-${format}`)) events.push({ frame: Buffer.from(all.subarray(from, next)) });
        from = next;
      }
    }
  }
  return events;
}
