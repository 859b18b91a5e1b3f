import type { EslSwitch } from '../switch/esl-switch.js';

/** One API command under way. */
export interface ApiCall {
  readonly sw: EslSwitch;
  /** What stands behind the command's name. */
  readonly args: string;
  /** The output; an empty one is told as `-ERR no reply` (freeswitch.md 14). */
  reply(text: string): void;
}

/** What an API command does. It answers exactly once, perhaps much later. */
export type Api = (call: ApiCall) => void;

/** API commands by name. */
export type ApiTable = Readonly<Record<string, Api>>;

/** The words of a command's arguments. */
export function wordsOf(args: string): string[] {
  return args
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/** Finds a command by its name or, as the switch does, by the beginning of it. */
export function findApi(table: ApiTable, name: string): Api | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Runs a command line as `api` and `bgapi` do, and tells of it with an API event (freeswitch.md 28: late, with the number of its begin). */
export function runApi(
  sw: EslSwitch,
  table: ApiTable,
  how: { readonly line: string; readonly reply: (text: string) => void },
): void {
  const { line, reply } = how;
  const blank = line.indexOf(' ');
  const name = (blank < 0 ? line : line.slice(0, blank)).toLowerCase();
  const args = blank < 0 ? '' : line.slice(blank + 1);
  if (name === 'bgapi') return inBackground(sw, table, { line: args, reply });
  const api = name === '' ? undefined : findApi(table, name);
  if (api === undefined) return reply(`-ERR ${name} Command not found!\n`);
  const tellApi = sw.prepare('API', {
    source: 'API',
    headers: [['API-Command', name], ...(args === '' ? [] : [['API-Command-Argument', args] as const])],
  });
  let answered: 'answered' | undefined;
  api({
    sw,
    args,
    reply: (text) => {
      if (answered) return;
      answered = 'answered';
      if (sw.order('apiEvent') === 'api.prompt') tellApi();
      else sw.after(sw.options.orders === 'plain' ? 2 : sw.random.int(1, 15), tellApi);
      reply(text === '' ? '-ERR no reply\n' : text);
    },
  });
}

/** `bgapi` as an API command: its id is the output, its result an event (freeswitch.md 25). */
function inBackground(
  sw: EslSwitch,
  table: ApiTable,
  how: { readonly line: string; readonly reply: (text: string) => void },
): void {
  const uuid = sw.identity.uuid();
  const [name = '', ...rest] = how.line.split(' ');
  how.reply(`+OK Job-UUID: ${uuid}\n`);
  const args = rest.join(' ');
  sw.after(0, () => {
    runApi(sw, table, {
      line: how.line,
      reply: (output) =>
        sw.fire('BACKGROUND_JOB', {
          source: 'BACKGROUND_JOB_OF_API',
          headers: [
            ['Job-UUID', uuid],
            ['Job-Command', name],
            ...(args === '' ? [] : [['Job-Command-Arg', args] as const]),
          ],
          body: output,
        }),
    });
  });
}
