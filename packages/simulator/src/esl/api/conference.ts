import type { Conference, Member } from '../switch/conference.js';
import type { EslSwitch } from '../switch/esl-switch.js';
import { runSteps } from '../switch/executor.js';
import { flip } from '../switch/flip.js';
import { dialAny } from '../switch/originate.js';
import { lengthOf } from '../switch/sound.js';
import { type Api, wordsOf } from './api.js';

/** `conference NAME COMMAND ...` and `conference list`. */
export const conferenceApi: Api = ({ sw, args, reply }) => {
  const words = wordsOf(args);
  const [name, command = ''] = words;
  if (name === undefined) return reply('-USAGE: conference <confname> <command>\n');
  if (name === 'list' || name === 'xml_list' || name === 'json_list') return reply(listAll(sw, name));
  if (command === 'bgdial' || command === 'dial') return dial(sw, name, { words: words.slice(2), reply });
  const room = sw.conferences.get(name);
  if (room === undefined) return reply(`-ERR Conference ${name} not found\n`);
  const handler = COMMANDS[command];
  if (handler === undefined) return reply(`-ERR Conference command '${command}' not found.\n`);
  handler({ sw, room, words: words.slice(2), reply });
};

interface RoomCall {
  readonly sw: EslSwitch;
  readonly room: Conference;
  readonly words: readonly string[];
  readonly reply: (text: string) => void;
}

/** A command on one member, or on `all`; answered for each. */
function onMembers(action: (call: RoomCall, member: Member) => string): (call: RoomCall) => void {
  return (call) => {
    const { room, words, reply } = call;
    const [who = ''] = words;
    const chosen =
      who === 'all' || who === 'non_moderator'
        ? [...room.members.values()].reverse()
        : who === 'last'
          ? [...room.members.values()].slice(-1)
          : [...room.members.values()].filter(({ id }) => String(id) === who);
    if (chosen.length === 0) return reply(who === 'all' ? '+OK\n' : `-ERR Non-Existant ID ${who}\n`);
    reply(chosen.map((member) => action(call, member)).join(''));
  };
}

/** Sets one thing of a member and tells of it. */
function setting(word: string, event: string, set: (member: Member) => void): (call: RoomCall) => void {
  return onMembers(({ room }, member) => {
    set(member);
    room.tellMember(member, `${event}-member`);
    return `+OK ${word} ${member.id}\n`;
  });
}

const mute = setting('mute', 'mute', (member) => {
  member.canSpeak = false;
});
const unmute = setting('unmute', 'unmute', (member) => {
  member.canSpeak = true;
});

const removal = (word: string, event: string): ((call: RoomCall) => void) =>
  onMembers(({ sw, room }, member) => {
    sw.after(1, () => {
      if (!room.members.has(member.id)) return;
      room.tellMember(member, event);
      member.leave();
    });
    return `+OK ${word} ${member.id}\n`;
  });

const COMMANDS: Readonly<Record<string, (call: RoomCall) => void>> = {
  list: ({ room, reply }) =>
    reply(
      [...room.members.values()]
        .reverse()
        .map((member) => line(room, member))
        .join(''),
    ),
  json_list: ({ sw, room, reply }) => reply(`${JSON.stringify([asJson(sw, room)], undefined, '\t')}\n`),
  xml_list: ({ sw, room, reply }) => reply(xml(sw, [room])),
  mute,
  unmute,
  tmute: (call) => {
    const member = call.room.members.get(Number(call.words[0]));
    if (member?.canSpeak === false) unmute(call);
    else mute(call);
  },
  deaf: setting('deaf', 'deaf', (member) => {
    member.canHear = false;
  }),
  undeaf: setting('undeaf', 'undeaf', (member) => {
    member.canHear = true;
  }),
  hold: setting('hold', 'hold', (member) => {
    member.held = true;
  }),
  unhold: setting('unhold', 'unhold', (member) => {
    member.held = false;
  }),
  kick: removal('kicked', 'kick-member'),
  hup: removal('hup', 'hup-member'),
  lock: ({ room, reply }) => {
    room.locked = true;
    reply(`+OK ${room.name} locked\n`);
    room.tell('lock');
  },
  unlock: ({ room, reply }) => {
    room.locked = false;
    reply(`+OK ${room.name} unlocked\n`);
    room.tell('unlock');
  },
  pin: ({ room, words, reply }) => reply(`+OK Pin for conference ${room.name} set: ${words[0] ?? ''}\n`),
  nopin: ({ room, reply }) => reply(`+OK Pin for conference ${room.name} deleted\n`),
  relate: ({ reply }) => reply('+OK\n'),
  get: ({ room, words, reply }) =>
    reply(words[0] === 'count' ? String(room.members.size) : words[0] === 'uuid' ? room.uuid : ''),
  set: ({ reply }) => reply('0'),
  play: ({ sw, room, words, reply }) => {
    const [path = '', to] = words;
    const ms = lengthOf(sw, path);
    const member = room.members.get(Number(to));
    if (ms === undefined) return reply(`-ERR (play) File: ${path} not found.\n`);
    reply(`+OK (play) Playing file ${path}${member === undefined ? '' : ` to member ${member.id}`}\n`);
    const file = [['File', path]] as const;
    const forMs = Number.isFinite(ms) ? ms : 0;
    const length = [
      ['seconds', String(Math.floor(forMs / 1_000))],
      ['milliseconds', String(forMs)],
      ['samples', String(forMs * 8)],
    ] as const;
    sw.after(1, () => {
      if (member === undefined) room.tell('play-file', [...file, ['Async', 'false']]);
      else if (room.members.has(member.id)) room.tellMember(member, 'play-file-member', file);
    });
    if (forMs === 0) return;
    sw.after(1 + forMs, () => {
      if (member === undefined) room.tell('play-file-done', [...file, ['Async', 'false']], length);
      else if (room.members.has(member.id)) {
        room.tellTwice(member, [...length, ['Action', 'play-file-member-done']], file);
      }
    });
  },
  floor: ({ room, words, reply }) => {
    if (room.floor !== undefined) return reply(`-ERR floor is held by ${room.floor}\n`);
    reply(`+OK floor ${words[0] ?? ''}\n`);
  },
  stop: ({ reply }) => reply('+OK Stopped 0 files.\n'),
  record: ({ room, words, reply }) => {
    const [path = ''] = words;
    reply(`+OK Record file ${path}\n`);
    room.startTape(path);
  },
  norecord: ({ room, words, reply }) => {
    const [path = ''] = words;
    const paths = path === 'all' ? [...room.tapes.keys()] : [path];
    reply(`${paths.map((one) => `Stopped recording file ${one}\n`).join('')}+OK Stopped recording 0 files\n`);
    for (const one of paths) room.stopTape(one);
  },
  volume_in: onMembers(({ sw, room, words }, member) => {
    sw.after(1, () => room.tellMember(member, 'volume-in-member', [['Volume-Level', words[1] ?? '0']]));
    return `+OK Volume IN ${member.id} = ${words[1] ?? '0'}\n`;
  }),
};

function line(room: Conference, member: Member): string {
  const { channel } = member;
  const { callerIdName, callerIdNumber } = channel.profile;
  const flags = [
    ...(member.canHear ? ['hear'] : []),
    ...(member.canSpeak ? ['speak'] : []),
    ...(room.floor === member.id ? ['floor'] : []),
  ];
  return `${member.id};${channel.name};${channel.uuid};${callerIdName};${callerIdNumber};${flags.join('|')};0;0;100\n`;
}

function asJson(sw: EslSwitch, room: Conference): object {
  return {
    conference_name: room.name,
    member_count: room.members.size,
    ghost_count: 0,
    rate: 8_000,
    run_time: Math.floor((sw.clock.nowMs() - room.startedMs) / 1_000),
    conference_uuid: room.uuid,
    locked: room.locked,
    running: true,
    answered: true,
    recording: room.tapes.size > 0,
    variables: {},
    members: [...room.members.values()].reverse().map((member) => ({
      type: 'caller',
      id: member.id,
      flags: {
        can_hear: member.canHear,
        can_see: true,
        can_speak: member.canSpeak,
        hold: member.held,
        talking: false,
        has_floor: room.floor === member.id,
        is_moderator: false,
        end_conference: false,
      },
      uuid: member.channel.uuid,
      caller_id_name: member.channel.profile.callerIdName,
      caller_id_number: member.channel.profile.callerIdNumber,
      join_time: Math.floor((sw.clock.nowMs() - member.joinedMs) / 1_000),
      last_talking: 0,
      energy: 100,
      volume_in: 0,
      volume_out: 0,
    })),
  };
}

function xml(sw: EslSwitch, rooms: readonly Conference[]): string {
  const room = (one: Conference): string =>
    `  <conference name="${one.name}" member-count="${one.members.size}" ghost-count="0" rate="8000" uuid="${one.uuid}" running="true" run_time="${Math.floor((sw.clock.nowMs() - one.startedMs) / 1_000)}">\n    <members>\n${[
      ...one.members.values(),
    ]
      .reverse()
      .map(
        (member) =>
          `      <member type="caller">\n        <id>${member.id}</id>\n        <uuid>${member.channel.uuid}</uuid>\n      </member>\n`,
      )
      .join('')}    </members>\n  </conference>\n`;
  return `<?xml version="1.0"?>\n<conferences>\n${rooms.map(room).join('')}</conferences>\n`;
}

function listAll(sw: EslSwitch, how: 'list' | 'xml_list' | 'json_list'): string {
  const rooms = [...sw.conferences.values()];
  if (how === 'xml_list') return xml(sw, rooms);
  if (how === 'json_list')
    return `${JSON.stringify(
      rooms.map((room) => asJson(sw, room)),
      undefined,
      '\t',
    )}\n`;
  if (rooms.length === 0) return '+OK No active conferences.\n';
  return rooms
    .map(
      (room) =>
        `+OK Conference ${room.name} (${room.members.size} member${room.members.size === 1 ? '' : 's'} rate: 8000 flags: running|answered|enforce_min|dynamic|exit_sound|enter_sound)\n${[
          ...room.members.values(),
        ]
          .reverse()
          .map((member) => line(room, member))
          .join('')}`,
    )
    .join('');
}

/** Calls somebody into a room. */
function dial(
  sw: EslSwitch,
  name: string,
  how: { readonly words: readonly string[]; readonly reply: (text: string) => void },
): void {
  const { words, reply } = how;
  const [url = '', number = '', ...callerName] = words;
  const job = sw.identity.uuid();
  reply(`+OK Job-UUID: ${job}\n`);
  dialAny(sw, url, {
    extra: { origination_caller_id_number: number, origination_caller_id_name: callerName.join(' ') },
    answered: (channel) => {
      sw.after(sw.noticeMs(), () => {
        if (!channel.isUp) return;
        flip(sw, channel);
        sw.enter(channel, 'CS_EXECUTE');
        runSteps(sw, channel, [{ app: 'conference', data: name }]);
        sw.conferences.get(name)?.tell('bgdial-result', [
          ['Result', 'SUCCESS'],
          ['Job-UUID', job],
          ['Peer-UUID', channel.uuid],
        ]);
      });
    },
    failed: (cause) =>
      sw.conferences.get(name)?.tell('bgdial-result', [
        ['Result', cause],
        ['Job-UUID', job],
      ]),
  });
}
