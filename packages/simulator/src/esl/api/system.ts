import { stampOfUs } from '../identity.js';
import type { Channel } from '../switch/channel.js';
import { portOf } from '../switch/dial.js';
import type { EslSwitch } from '../switch/esl-switch.js';
import { hangupCause } from '../switch/hangup-cause.js';
import { hangUp } from '../switch/lifecycle.js';
import { ORIGINATE_USAGE, originate } from '../switch/originate.js';
import { DOMAIN } from '../switch/sip-variables.js';
import { encodeValue } from '../wire/encode.js';
import { type Api, wordsOf } from './api.js';

/** What this switch says that it is: the release whose dialogues it follows. */
export const VERSION = '1.11.2-release~64bit';

function upTime(sw: EslSwitch): string {
  const ms = Math.max(0, Math.floor(sw.clock.wallMs() - sw.identity.bootedWallMs));
  const seconds = Math.floor(ms / 1_000);
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const many = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `0 years, ${many(d, 'day')}, ${many(h, 'hour')}, ${many(m, 'minute')}, ${many(s, 'second')}, ${many(ms % 1_000, 'millisecond')}, 0 microseconds`;
}

const status: Api = ({ sw, reply }) => {
  const { sessions, peakSessions } = sw.identity;
  reply(
    `UP ${upTime(sw)}\n` +
      'FreeSWITCH (Version 1.11.2-release  64bit) is ready\n' +
      `${sessions} session(s) since startup\n` +
      `${sw.channels.size} session(s) - peak ${peakSessions}, last 5min ${peakSessions} \n` +
      `0 session(s) per Sec out of max 500, peak ${peakSessions}, last 5min ${peakSessions} \n` +
      '5000 session(s) max\n' +
      'min idle cpu 0.00/98.00\n' +
      'Current Stack Size/Max 240K/240K\n',
  );
};

/** The headers of a HEARTBEAT, which tell the same. */
export function heartbeatHeaders(sw: EslSwitch): readonly (readonly [string, string])[] {
  const { sessions, peakSessions } = sw.identity;
  return [
    ['Event-Info', 'System Ready'],
    ['Up-Time', upTime(sw)],
    ['FreeSWITCH-Version', VERSION],
    ['Uptime-msec', String(Math.floor(sw.clock.wallMs() - sw.identity.bootedWallMs))],
    ['Session-Count', String(sw.channels.size)],
    ['Max-Sessions', '5000'],
    ['Session-Per-Sec', '500'],
    ['Session-Per-Sec-Last', '0'],
    ['Session-Per-Sec-Max', String(peakSessions)],
    ['Session-Per-Sec-FiveMin', String(peakSessions)],
    ['Session-Since-Startup', String(sessions)],
    ['Session-Peak-Max', String(peakSessions)],
    ['Session-Peak-FiveMin', String(peakSessions)],
    ['Idle-CPU', '98.000000'],
  ];
}

const version: Api = ({ reply }) => reply(`FreeSWITCH Version ${VERSION} ( 64bit)\n`);

const uptime: Api = ({ sw, reply }) => reply(`${Math.floor((sw.clock.wallMs() - sw.identity.bootedWallMs) / 1_000)}\n`);

const hupall: Api = ({ sw, args, reply }) => {
  const [word, variable, value] = wordsOf(args);
  const cause = hangupCause(word, 'MANAGER_REQUEST');
  reply(`+OK hangup all channels with cause ${cause}\n`);
  const all = [...sw.channels.values()].filter((one) => variable === undefined || one.get(variable) === value);
  if (sw.order('hangupAll') === 'all.bFirst') all.reverse();
  sw.after(1, () => {
    for (const channel of all) hangUp(sw, channel, cause);
  });
};

const SHOW_USAGE =
  '-USAGE: codec|endpoint|application|api|dialplan|file|timer|calls [count]|channels [count|like <match string>]|calls|detailed_calls|' +
  'bridged_calls|detailed_bridged_calls|aliases|complete|chat|management|modules|nat_map|say|interfaces|interface_types|tasks|limits|status\n';

const show: Api = ({ sw, args, reply }) => {
  const words = wordsOf(args.toLowerCase());
  const isJson = / as json$/u.test(args.trim().toLowerCase());
  const rows = rowsFor(sw, words);
  if (rows === undefined) return reply(SHOW_USAGE);
  if (words[1] === 'count') return reply(isJson ? `{"row_count":${rows.length}}\n` : `\n${rows.length} total.\n`);
  if (isJson) return reply(rows.length === 0 ? '{"row_count": 0}\n' : JSON.stringify({ row_count: rows.length, rows }));
  const [first] = rows;
  if (first === undefined) return reply('\n0 total.\n');
  const lines = [Object.keys(first), ...rows.map((row) => Object.values(row))].map((cells) => cells.join(','));
  reply(`${lines.join('\n')}\n\n${rows.length} total.\n`);
};

type Row = Readonly<Record<string, string>>;

function rowsFor(sw: EslSwitch, words: readonly string[]): readonly Row[] | undefined {
  switch (words[0]) {
    case 'channels':
      return [...sw.channels.values()].map((channel) => channelRow(sw, channel));
    case 'calls':
    case 'bridged_calls':
    case 'detailed_calls':
    case 'detailed_bridged_calls':
      return callRows(sw, words[0].includes('bridged') ? 'bridged' : 'all');
    case 'registrations':
      return registrationRows(sw);
    case 'modules':
      return [{ type: 'endpoint', name: 'sofia', ikey: 'mod_sofia', filename: 'mod_sofia.so' }];
    default:
      return undefined;
  }
}

function channelRow(sw: EslSwitch, channel: Channel): Row {
  const { profile, initial } = channel;
  const codec =
    channel.codec === 'ready' ? { name: 'PCMU', rate: '8000', bits: '64000' } : { name: '', rate: '', bits: '' };
  return {
    uuid: channel.uuid,
    direction: channel.direction,
    created: stampOfUs(channel.createdUs),
    created_epoch: String(Math.floor(channel.createdUs / 1_000_000)),
    name: channel.name,
    state: channel.running,
    cid_name: profile.callerIdName,
    cid_num: profile.callerIdNumber,
    ip_addr: profile.networkAddress,
    dest: profile.destination,
    application: channel.lastApp.name,
    application_data: channel.lastApp.data,
    dialplan: profile.dialplan ?? '',
    context: profile.context,
    read_codec: codec.name,
    read_rate: codec.rate,
    read_bit_rate: codec.bits,
    write_codec: codec.name,
    write_rate: codec.rate,
    write_bit_rate: codec.bits,
    secure: '',
    hostname: sw.identity.hostname,
    presence_id: channel.presenceId ?? '',
    presence_data: '',
    accountcode: channel.get('accountcode') ?? '',
    callstate: channel.callState,
    callee_name: profile.calleeName,
    callee_num: profile.calleeNumber,
    callee_direction: channel.partner === undefined ? '' : 'SEND',
    call_uuid: channel.callUuid,
    sent_callee_name: channel.get('last_sent_callee_id_name') ?? '',
    sent_callee_num: channel.get('last_sent_callee_id_number') ?? '',
    initial_cid_name: profile.origName,
    initial_cid_num: profile.origNumber,
    initial_ip_addr: channel.direction === 'inbound' ? profile.networkAddress : '',
    initial_dest: initial.dest,
    initial_dialplan: initial.dialplan,
    initial_context: initial.context,
  };
}

function callRows(sw: EslSwitch, which: 'all' | 'bridged'): readonly Row[] {
  const rows: Row[] = [];
  for (const channel of sw.channels.values()) {
    const { partner } = channel;
    const link = sw.links.get(channel);
    if (link !== undefined && link.b === channel) continue;
    if (partner === undefined && which === 'bridged') continue;
    const { profile } = channel;
    const other = partner?.profile;
    rows.push({
      uuid: channel.uuid,
      direction: channel.direction,
      created: stampOfUs(channel.createdUs),
      created_epoch: String(Math.floor(channel.createdUs / 1_000_000)),
      name: channel.name,
      state: channel.running,
      cid_name: profile.callerIdName,
      cid_num: profile.callerIdNumber,
      dest: profile.destination,
      callstate: channel.callState,
      b_uuid: partner?.uuid ?? '',
      b_direction: partner?.direction ?? '',
      b_created: partner === undefined ? '' : stampOfUs(partner.createdUs),
      b_name: partner?.name ?? '',
      b_state: partner?.running ?? '',
      b_cid_name: other?.callerIdName ?? '',
      b_cid_num: other?.callerIdNumber ?? '',
      b_dest: other?.destination ?? '',
      b_callstate: partner?.callState ?? '',
      hostname: sw.identity.hostname,
      call_uuid: channel.callUuid,
    });
  }
  return rows;
}

function registrationRows(sw: EslSwitch): readonly Row[] {
  return sw.pbx.extensions
    .filter((party) => party.registered === 'registered')
    .map((party) => ({
      reg_user: party.address,
      realm: DOMAIN,
      token: `${party.address}@${DOMAIN}`,
      url: `sofia/internal/sip:${party.address}@${DOMAIN}:${portOf(sw, party)}`,
      expires: String(Math.floor(sw.clock.wallMs() / 1_000) + 3_600),
      network_ip: DOMAIN,
      network_port: String(portOf(sw, party)),
      network_proto: 'udp',
      hostname: sw.identity.hostname,
      metadata: '',
    }));
}

const sofia: Api = ({ sw, args, reply }) => {
  const words = wordsOf(args);
  if (words[0] !== 'status') return reply(`-ERR Unknown command ${words[0] ?? ''}\n`);
  const isRegistrations = words[1] === 'profile' && words[3] === 'reg';
  const line = '='.repeat(97);
  if (isRegistrations) {
    const rows = registrationRows(sw).map(
      (row) =>
        `Call-ID:    \t${row.token}\nUser:       \t${row.reg_user}@${DOMAIN}\nContact:    \t"" <${row.url?.slice('sofia/internal/'.length)}>\nAgent:      \tcordboard-simulator\nStatus:     \tRegistered(UDP)(unknown)\nPing-Status:\tReachable\nHost:       \t${sw.identity.hostname}\nIP:         \t${DOMAIN}\nPort:       \t${row.network_port}\nAuth-User:  \t${row.reg_user}\nAuth-Realm: \t${DOMAIN}\nMWI-Account:\t${row.reg_user}@${DOMAIN}\n`,
    );
    return reply(`\nRegistrations:\n${line}\n${rows.join('\n')}\nTotal items returned: ${rows.length}\n${line}\n`);
  }
  const gateways = sw.options.gateways.map(
    (name) => `${name.padStart(25)}\t${'gateway'.padStart(7)}\t${`sip:${name}@${DOMAIN}`.padStart(49)}\tNOREG\n`,
  );
  const profiles = ['internal', 'external'].map(
    (name) =>
      `${name.padStart(25)}\t${'profile'.padStart(7)}\t${`sip:mod_sofia@${DOMAIN}:${name === 'internal' ? 5060 : 5080}`.padStart(49)}\tRUNNING (0)\n`,
  );
  reply(
    `${'Name'.padStart(25)}\t${'Type'.padStart(7)}\t${'Data'.padStart(49)}\tState\n${line}\n${profiles.join('')}${gateways.join('')}${line}\n2 profiles 0 aliases\n`,
  );
};

const contact: Api = ({ sw, args, reply }) => {
  const user = args.trim().replace(/^\*\//u, '').split('@')[0] ?? '';
  const party = sw.pbx.extension(user);
  if (party === undefined || party.registered === 'unregistered') return reply('error/user_not_registered');
  reply(`sofia/internal/sip:${user}@${DOMAIN}:${portOf(sw, party)}`);
};

const userExists: Api = ({ sw, args, reply }) => {
  const [, user = ''] = wordsOf(args);
  reply(String(sw.pbx.extension(user) !== undefined));
};

/** The directory: a line of names, a line for each user, `+OK`. */
const listUsers: Api = ({ sw, reply }) => {
  const head = 'userid|context|domain|group|contact|callgroup|effective_caller_id_name|effective_caller_id_number\n';
  const lines = sw.pbx.extensions.map((party) => {
    const user = party.address;
    const at = `sofia/internal/sip:${user}@${DOMAIN}:${portOf(sw, party)}`;
    const where = party.registered === 'registered' ? at : 'error/user_not_registered';
    return `${user}|default|${DOMAIN}|default|${where}|techsupport|Extension ${user}|${user}\n`;
  });
  reply(`${head}${lines.join('')}\n+OK\n`);
};

const globalGet: Api = ({ sw, args, reply }) => {
  const name = args.trim();
  const built: Readonly<Record<string, string>> = {
    core_uuid: sw.identity.coreUuid,
    hostname: sw.identity.hostname,
    domain: DOMAIN,
    local_ip_v4: DOMAIN,
    switchname: sw.identity.hostname,
    hold_music: 'local_stream://moh',
    recordings_dir: '/var/lib/freeswitch/recordings',
    sounds_dir: '/usr/share/freeswitch/sounds',
  };
  if (name !== '') return reply(sw.globals.get(name) ?? built[name] ?? '');
  const all = { ...built, ...Object.fromEntries(sw.globals) };
  reply(
    Object.entries(all)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
};

const globalSet: Api = ({ sw, args, reply }) => {
  const at = args.indexOf('=');
  if (at <= 0) return reply('-USAGE: <var>=<value> [=<value2>]\n');
  sw.globals.set(args.slice(0, at), args.slice(at + 1));
  reply('+OK');
};

const originateApi: Api = ({ sw, args, reply }) =>
  args.trim() === '' ? reply(ORIGINATE_USAGE) : originate(sw, args, reply);

const echo: Api = ({ args, reply }) => reply(args);

const msleep: Api = ({ sw, args, reply }) =>
  void sw.after(Math.max(0, Math.trunc(Number(args)) || 0), () => reply('+OK'));

const moduleExists: Api = ({ args, reply }) => {
  const here = [
    'mod_sofia',
    'mod_event_socket',
    'mod_commands',
    'mod_dptools',
    'mod_conference',
    'mod_local_stream',
    'mod_tone_stream',
    'mod_sndfile',
  ];
  reply(String(here.includes(args.trim())));
};

/** Commands on the switch itself. */
export const SYSTEM_API = {
  status,
  version,
  uptime,
  hupall,
  show,
  sofia,
  sofia_contact: contact,
  list_users: listUsers,
  user_exists: userExists,
  global_getvar: globalGet,
  global_setvar: globalSet,
  originate: originateApi,
  echo,
  msleep,
  module_exists: moduleExists,
  create_uuid: ({ sw, reply }: Parameters<Api>[0]) => reply(sw.identity.uuid()),
  strftime: ({ sw, reply }: Parameters<Api>[0]) => reply(stampOfUs(sw.identity.nowUs)),
  url_encode: ({ args, reply }: Parameters<Api>[0]) => reply(args === '' ? '' : encodeValue(args)),
  reloadxml: ({ reply }: Parameters<Api>[0]) => reply('+OK [Success]\n'),
  reloadacl: ({ reply }: Parameters<Api>[0]) => reply('+OK acl reloaded\n'),
  eval: echo,
  expand: ({ args, reply }: Parameters<Api>[0]) => reply(args === '' ? '-ERR No input\n' : args),
  hostname: ({ sw, reply }: Parameters<Api>[0]) => reply(sw.identity.hostname),
} as const;
