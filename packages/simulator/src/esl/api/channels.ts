import type { Channel } from '../switch/channel.js';
import { variableOf } from '../switch/dialplan.js';
import { parseDigits, takeDigit } from '../switch/digits.js';
import type { EslSwitch } from '../switch/esl-switch.js';
import { enterPark } from '../switch/executor.js';
import { unwind } from '../switch/frames.js';
import { hangupCause } from '../switch/hangup-cause.js';
import { hold, unhold } from '../switch/hold.js';
import { hangUp, preAnswer } from '../switch/lifecycle.js';
import { dropWaiting, privateExecute } from '../switch/private-command.js';
import { SOURCES } from '../switch/sources.js';
import { transfer } from '../switch/transfer.js';
import { uuidBridge } from '../switch/uuid-bridge.js';
import { jsonEvent, plainEvent, xmlEvent } from '../wire/encode.js';
import { textOf } from '../wire/text.js';
import { type Api, wordsOf } from './api.js';

const GONE = '-ERR No such channel!\n';
const NO_SESSION = '-ERR Cannot locate session!\n';

/** A command on one channel, named by its id as the first word. `missing` answers for one that is not there. */
function onChannel(
  usage: string,
  missing: string,
  run: (found: {
    readonly sw: EslSwitch;
    readonly channel: Channel;
    readonly rest: string;
    readonly reply: (text: string) => void;
  }) => void,
): Api {
  return ({ sw, args, reply }) => {
    const text = args.trim();
    const blank = text.search(/\s/u);
    const uuid = blank < 0 ? text : text.slice(0, blank);
    if (uuid === '') return reply(`-USAGE: ${usage}\n`);
    const channel = sw.channels.get(uuid);
    if (channel === undefined || !channel.isUp) return reply(missing);
    run({ sw, channel, rest: blank < 0 ? '' : text.slice(blank + 1), reply });
  };
}

const kill = onChannel('<uuid> [cause]', GONE, ({ sw, channel, rest, reply }) => {
  hangUp(sw, channel, hangupCause(rest));
  reply('+OK\n');
});

const answer = onChannel('<uuid>', GONE, ({ sw, channel, reply }) => {
  if (channel.direction === 'inbound' || channel.leg.state === 'alerting') sw.pbx.connect(channel.leg);
  reply('+OK\n');
});

const early = onChannel('<uuid>', GONE, ({ sw, channel, reply }) => {
  preAnswer(sw, channel);
  reply('+OK\n');
});

const ringReady = onChannel('<uuid> [queued]', GONE, ({ sw, channel, reply }) => {
  reply('+OK\n');
  if (channel.direction === 'inbound' && channel.answer === 'ringing') {
    sw.after(1, () =>
      channel.answer === 'ringing' && channel.isUp ? sw.tell(channel, 'CHANNEL_PROGRESS') : undefined,
    );
  }
});

const park = onChannel('<uuid>', GONE, ({ sw, channel, reply }) => {
  reply('+OK\n');
  channel.epoch++;
  channel.steps = [];
  sw.links.get(channel)?.partyLeft(channel, 'transfer');
  sw.onThread(channel, sw.noticeMs(), () => {
    unwind(sw, channel, { why: 'transfer', next: () => (channel.isUp ? enterPark(sw, channel) : undefined) });
  });
});

const setVariable = onChannel('<uuid> <var> [value]', GONE, ({ channel, rest, reply }) => {
  const [, name = '', value = ''] = /^(\S+)\s?([\s\S]*)$/u.exec(rest) ?? [];
  if (name === '') return reply('-USAGE: <uuid> <var> [value]\n');
  channel.set(name, value);
  reply('+OK\n');
});

const setVariables = onChannel('<uuid> <var>=<value>;<var>=<value>...', GONE, ({ channel, rest, reply }) => {
  for (const pair of rest.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0) channel.set(pair.slice(0, at).trim(), pair.slice(at + 1));
  }
  reply('+OK\n');
});

const getVariable = onChannel('<uuid> <var>', GONE, ({ channel, rest, reply }) => {
  reply(variableOf(channel, rest.trim()) ?? '_undef_');
});

const exists: Api = ({ sw, args, reply }) => reply(String(sw.channels.get(args.trim())?.isUp === true));

const dump = onChannel('<uuid> [format]', GONE, ({ sw, channel, rest, reply }) => {
  const headers = [...sw.identity.stamp('CHANNEL_DATA', SOURCES.CHANNEL_DATA), ...channel.headers('full')];
  const event = { name: 'CHANNEL_DATA', headers };
  const encode = rest.trim() === 'json' ? jsonEvent : rest.trim() === 'xml' ? xmlEvent : plainEvent;
  reply(textOf(encode(event)));
});

const bridge: Api = ({ sw, args, reply }) => {
  const [first = '', second = ''] = wordsOf(args);
  if (first === '' || second === '') return reply('-USAGE: <uuid> <other_uuid>\n');
  const [a, b] = [sw.channels.get(first), sw.channels.get(second)];
  if (!a?.isUp || !b?.isUp) return reply('-ERR Invalid uuid\n');
  reply(`+OK ${second}\n`);
  uuidBridge(sw, a, b);
};

const transferApi = onChannel('<uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]', GONE, (found) => {
  const { sw, channel, reply } = found;
  const flag = /^-(bleg|both)\s+/u.exec(found.rest)?.[1];
  const rest = found.rest.replace(/^-(bleg|both)\s+/u, '');
  const quoted = /^'([^']*)'\s*(.*)$/u.exec(rest);
  const [number = '', ...more] = quoted === null ? wordsOf(rest) : [quoted[1] ?? '', ...wordsOf(quoted[2] ?? '')];
  const [dialplan = 'XML', context = channel.profile.context] = more;
  if (number === '') return reply('-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n');
  const to = { number, dialplan, context };
  const { partner } = channel;
  reply('+OK\n');
  if (flag === 'bleg') {
    if (partner !== undefined) transfer(sw, partner, to);
    return;
  }
  if (flag === 'both' && partner !== undefined) {
    const link = sw.links.get(channel);
    if (link !== undefined) {
      link.bothMove = 'bothMove';
      const [carrier, other] = link.a === channel ? [channel, partner] : [partner, channel];
      transfer(sw, carrier, to);
      return transfer(sw, other, to);
    }
  }
  transfer(sw, channel, to);
});

const holdApi: Api = ({ sw, args, reply }) => {
  const [first = '', second = ''] = wordsOf(args);
  if (first === '') return reply('-USAGE: <uuid> [<display>] | off <uuid> | toggle <uuid> [<display>]\n');
  const mode = first === 'off' || first === 'toggle' ? first : 'on';
  const channel = sw.channels.get(mode === 'on' ? first : second);
  // A channel that is gone is held with success (freeswitch.md 15).
  if (channel === undefined || !channel.isUp) return reply('+OK Success\n');
  const goesOff = mode === 'off' || (mode === 'toggle' && channel.held !== undefined);
  if (goesOff === (channel.held === undefined)) return reply('-ERR Operation failed\n');
  if (goesOff) unhold(sw, channel, 'command');
  else hold(sw, channel, 'command');
  reply('+OK Success\n');
};

const broadcast = onChannel('<uuid> <path> [aleg|bleg|holdb|both]', GONE, ({ sw, channel, rest, reply }) => {
  const found = /^(.*?)(?:\s+(aleg|bleg|both|holdb))?$/u.exec(rest.trim());
  const text = found?.[1] ?? '';
  if (text === '') return reply('-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n');
  const where = found?.[2] ?? 'aleg';
  const cut = text.indexOf('::');
  const [app, data] = cut < 0 ? ['playback', text] : [text.slice(0, cut).replace(/!.*$/u, ''), text.slice(cut + 2)];
  reply('+OK\n');
  const { partner } = channel;
  const targets = where === 'bleg' ? [partner] : where === 'both' ? [channel, partner] : [channel];
  for (const target of targets) if (target !== undefined) privateExecute(sw, target, { app, data, lock: 'lock' });
});

const breakApi = onChannel('<uuid> [all]', GONE, ({ channel, rest, reply }) => {
  if (rest.trim() === 'all') dropWaiting(channel);
  for (const sound of [...channel.sounds]) sound.stop('break');
  reply('+OK\n');
});

const sendDtmf = onChannel('<uuid> <dtmf digits>[@<tone_duration>]', NO_SESSION, ({ channel, rest, reply }) => {
  const parsed = parseDigits(rest.trim());
  if (parsed === undefined) return reply('-ERR Operation failed\n');
  channel.leg.party.heard += parsed.digits.replaceAll(/[wW+]/gu, '');
  reply(`+OK ${channel.uuid} sent DTMF ${rest.trim()}.\n`);
});

const receiveDtmf = onChannel('<uuid> <dtmf digits>[@<tone_duration>]', NO_SESSION, ({ sw, channel, rest, reply }) => {
  const parsed = parseDigits(rest.trim());
  if (parsed === undefined) return reply('-ERR Operation failed\n');
  reply(`+OK ${channel.uuid} received DTMF ${rest.trim()}.\n`);
  const { durationMs } = parsed;
  [...parsed.digits].forEach((digit, n) => {
    sw.after(20 + n * durationMs, () => takeDigit(sw, channel, { digit, source: 'APP', durationMs }));
  });
});

const flushDtmf = onChannel('<uuid>', GONE, ({ channel, reply }) => {
  channel.digits = '';
  reply('+OK\n');
});

/** `uuid_audio <uuid> start read|write mute [<level>]`, `stop`: no event tells of it. */
const audio = onChannel('<uuid> [start [read|write] [[mute|level] <level>]|stop]', GONE, ({ channel, rest, reply }) => {
  const [mode, direction, what, level = '-1'] = wordsOf(rest);
  if (mode === 'stop') {
    channel.muted.read = false;
    channel.muted.write = false;
    return reply('+OK\n');
  }
  if (mode !== 'start' || (direction !== 'read' && direction !== 'write')) return reply('-ERR Operation failed\n');
  if (what === 'mute') channel.muted[direction] = Number(level) !== 0;
  reply('+OK\n');
});

const taken = onChannel('<uuid>', GONE, ({ reply }) => reply('+OK Success\n'));

/** Commands on channels. */
export const CHANNEL_API = {
  uuid_kill: kill,
  uuid_answer: answer,
  uuid_pre_answer: early,
  uuid_ring_ready: ringReady,
  uuid_park: park,
  uuid_setvar: setVariable,
  uuid_setvar_multi: setVariables,
  uuid_getvar: getVariable,
  uuid_exists: exists,
  uuid_dump: dump,
  uuid_bridge: bridge,
  uuid_transfer: transferApi,
  uuid_hold: holdApi,
  uuid_broadcast: broadcast,
  uuid_break: breakApi,
  uuid_send_dtmf: sendDtmf,
  uuid_recv_dtmf: receiveDtmf,
  uuid_flush_dtmf: flushDtmf,
  uuid_audio: audio,
  uuid_display: taken,
  uuid_media: taken,
  uuid_phone_event: taken,
  uuid_send_info: taken,
  uuid_simplify: taken,
} as const;
