import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** One exchange of a dialogue: when the client's command begins so, these frames are the answer, given the client's job id. */
export interface Exchange {
  readonly asked: string;
  readonly says: (jobId: string) => readonly string[];
}

/** Plays FreeSWITCH's part of one dialogue, to whoever dials. */
export async function playPeer(
  dialogue: readonly Exchange[],
): Promise<{ port: number; asked: string[]; stop(): void }> {
  const asked: string[] = [];
  const left = [...dialogue];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('Content-Type: auth/request\n\n');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const command = text.slice(0, end);
        text = text.slice(end + 2);
        asked.push(command);
        const next = left.findIndex((each) => command.startsWith(each.asked));
        const [exchange] = next < 0 ? [] : left.splice(next, 1);
        const job = /^Job-UUID: (.*)$/m.exec(command)?.[1] ?? '';
        const says = exchange?.says(job) ?? [reply('-ERR command not found')];
        for (const frame of says) socket.write(frame);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked, stop: () => server.close() };
}

/** A reply to a command. */
export const reply = (text: string): string => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;

/** An event in the form that FreeSWITCH gives it. */
export function event(headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value.replace(/[^\w$./-]/g, encoded)}\n`);
  const inner = `${lines.join('')}${body === '' ? '' : `Content-Length: ${body.length}\n`}\n${body}`;
  return `Content-Length: ${inner.length}\nContent-Type: text/event-plain\n\n${inner}`;
}

const encoded = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
