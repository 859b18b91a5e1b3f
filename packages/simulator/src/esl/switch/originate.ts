import type { Channel } from './channel.js';
import { dialOne } from './dial.js';
import { cutOutside, parseDialString } from './dial-string.js';
import type { EslSwitch } from './esl-switch.js';
import { runSteps } from './executor.js';
import { flip } from './flip.js';
import type { HangupCause } from './hangup-cause.js';
import { hangUp } from './lifecycle.js';
import { route } from './transfer.js';

export const ORIGINATE_USAGE =
  '-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] [<cid_name>] [<cid_num>] [<timeout_sec>]\n';

const DEFAULT_TIMEOUT_S = 60;

/** Calls all far ends of a dial string until one answers. */
export function dialAny(
  sw: EslSwitch,
  text: string,
  how: {
    readonly by?: Channel;
    readonly timeoutS?: number;
    readonly extra?: Readonly<Record<string, string>>;
    readonly answered: (channel: Channel) => void;
    readonly failed: (cause: HangupCause) => void;
  },
): { cancel(): void } {
  const { groups } = parseDialString(text);
  const live = new Set<Channel>();
  let state: 'dialling' | 'over' = 'dialling';
  const tryGroup = (at: number, last: HangupCause): void => {
    const group = groups[at];
    if (state === 'over') return;
    if (group === undefined) {
      state = 'over';
      return how.failed(last);
    }
    let left = group.length;
    let cause = last;
    for (const target of group) {
      const variables = { ...how.extra, ...target.variables };
      const channel = dialOne(
        sw,
        { endpoint: target.endpoint, variables },
        {
          by: how.by,
          timeoutMs: timeoutMs(sw, variables, how.timeoutS),
          events: {
            answered: (winner) => {
              if (state === 'over') return;
              state = 'over';
              live.delete(winner);
              for (const loser of live) hangUp(sw, loser, 'LOSE_RACE');
              how.answered(winner);
            },
            failed: (why, failed) => {
              if (failed !== undefined) live.delete(failed);
              cause = why;
              left--;
              if (left === 0) sw.after(0, () => tryGroup(at + 1, cause));
            },
          },
        },
      );
      if (channel?.isUp) live.add(channel);
    }
  };
  tryGroup(0, groups.length === 0 ? 'CHAN_NOT_IMPLEMENTED' : 'NORMAL_CLEARING');
  return {
    cancel: () => {
      if (state === 'over') return;
      state = 'over';
      for (const channel of live) hangUp(sw, channel, 'ORIGINATOR_CANCEL');
    },
  };
}

/** Bounds have a grain of one second and fire up to 0.7 s early (freeswitch.md 27). */
function timeoutMs(sw: EslSwitch, variables: Readonly<Record<string, string>>, given: number | undefined): number {
  const words = ['leg_timeout', 'originate_timeout', 'call_timeout'].map((name) => Number(variables[name]));
  const seconds = words.find((value) => value > 0) ?? given ?? DEFAULT_TIMEOUT_S;
  const early = sw.options.orders === 'plain' ? 0 : sw.random.int(0, 700);
  return Math.max(500, Math.ceil(seconds) * 1_000 - early);
}

/** The command `originate`: calls, and when somebody answers sends the channel to an extension or an application. */
export function originate(sw: EslSwitch, args: string, result: (text: string) => void): void {
  const words = cutOutside(args.trim(), ' ').filter((word) => word !== '');
  const [url, exten, dialplan = 'XML', context = 'default', cidName, cidNumber] = words;
  if (url === undefined || exten === undefined) return result(ORIGINATE_USAGE);
  const extra: Record<string, string> = {};
  if (cidName !== undefined) extra.origination_caller_id_name = cidName.replaceAll(/^'|'$/gu, '');
  if (cidNumber !== undefined) extra.origination_caller_id_number = cidNumber;
  dialAny(sw, url, {
    extra,
    answered: (channel) => {
      sw.after(sw.noticeMs(), () => {
        if (!channel.isUp) return result(`-ERR ${channel.hangupCause ?? 'NORMAL_CLEARING'}\n`);
        sendOff(sw, channel, { exten, dialplan, context, told: () => result(`+OK ${channel.uuid}\n`) });
      });
    },
    failed: (cause) => result(`-ERR ${cause}\n`),
  });
}

function sendOff(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly exten: string; readonly dialplan: string; readonly context: string; readonly told: () => void },
): void {
  const { exten, dialplan, context, told } = how;
  sw.tell(channel, 'CHANNEL_OUTGOING', { detail: 'basic' });
  const jobFirst = sw.order('job') === 'job.beforeExecute';
  if (!exten.startsWith('&')) {
    sw.enter(channel, 'CS_ROUTING');
    if (jobFirst) told();
    route(sw, channel, { number: exten, dialplan, context, profile: 'first' });
    if (!jobFirst) told();
    return;
  }
  flip(sw, channel);
  const open = exten.indexOf('(');
  const app = open < 0 ? exten.slice(1) : exten.slice(1, open);
  const data = open < 0 ? '' : exten.slice(open + 1).replace(/\)$/u, '');
  if (jobFirst) told();
  sw.enter(channel, 'CS_EXECUTE');
  runSteps(sw, channel, [{ app, data }]);
  if (!jobFirst) told();
}
