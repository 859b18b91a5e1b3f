import { runApi } from '../api/api.js';
import type { EslCommand } from '../wire/command-reader.js';
import { commandHeader } from '../wire/command-reader.js';
import type { EslSession } from './session.js';

/** Starts a background job: its id is told at once, its result as BACKGROUND_JOB to all who listen (freeswitch.md 24, 25). */
export function startJob(session: EslSession, line: string, command: EslCommand): void {
  const { sw, api, faults } = session.host;
  const given = commandHeader(command, 'job-uuid') ?? '';
  const uuid = given === '' ? sw.identity.uuid() : given;
  session.reply(`+OK Job-UUID: ${uuid}`, [['Job-UUID', uuid]]);
  const blank = line.indexOf(' ');
  const name = blank < 0 ? line : line.slice(0, blank);
  const args = blank < 0 ? '' : line.slice(blank + 1);
  const owner = session.control?.channel.uuid;
  const tell = (output: string): void =>
    sw.fire('BACKGROUND_JOB', {
      source: 'BACKGROUND_JOB',
      headers: [
        ['Job-UUID', uuid],
        ...(owner === undefined ? [] : [['Job-Owner-UUID', owner] as const]),
        ...(name === '' ? [] : [['Job-Command', name] as const]),
        ...(args === '' ? [] : [['Job-Command-Arg', args] as const]),
      ],
      body: output,
    });
  // A job is a thread of its own: piped ones begin in order and end in any.
  sw.after(sw.options.orders === 'plain' ? 0 : sw.random.int(0, 3), () => {
    runApi(sw, api, {
      line,
      reply: (output) => {
        const fault = faults.job?.(line);
        if (fault === 'never') return;
        if (fault === undefined) tell(output);
        else sw.after(fault.lateMs, () => tell(output));
      },
    });
  });
}
