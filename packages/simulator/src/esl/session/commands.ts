import type { Channel } from '../switch/channel.js';
import { variableOf } from '../switch/dialplan.js';
import { sendMessage } from '../switch/private-command.js';
import type { EslCommand } from '../wire/command-reader.js';
import { connectReply } from './connect.js';
import { startJob } from './jobs.js';
import { mayHear, mayRun, rightsHeaders } from './rights.js';
import { sendEvent } from './send-event.js';
import type { EslSession } from './session.js';

const NOT_FOUND = '-ERR command not found';
const DENIED = '-ERR permission denied';

interface Given {
  readonly session: EslSession;
  readonly command: EslCommand;
  /** The line behind the command word. */
  readonly rest: string;
  readonly words: readonly string[];
  /** The command is over: the next one may begin. */
  readonly done: () => void;
}

type Handler = (given: Given) => void;

/** Answers with one line, at once. */
const says =
  (text: (given: Given) => string): Handler =>
  (given) => {
    given.session.reply(text(given));
    given.done();
  };

const exit: Handler = ({ session, done }) => {
  session.reply('+OK bye');
  session.goodbye();
  done();
};

const auth: Handler = ({ session, rest, done }) => {
  if (rest !== session.host.password) {
    session.reply('-ERR invalid');
    session.goodbye();
    return done();
  }
  session.reply('+OK accepted');
  session.state = 'open';
  done();
};

const userauth: Handler = ({ session, rest, done }) => {
  const colon = rest.indexOf(':');
  const user = session.host.users[rest.slice(0, colon)];
  if (colon < 0 || user === undefined || user.password !== rest.slice(colon + 1)) {
    session.reply('-ERR invalid');
    session.goodbye();
    return done();
  }
  session.user = user;
  session.reply('+OK accepted', rightsHeaders(user));
  session.state = 'open';
  done();
};

const event: Handler = (given) => {
  const { session, words, done } = given;
  const answer = (): string => {
    if (!mayHear(session.user, words)) return DENIED;
    const added = session.subscription.add(words);
    return added === 'none' ? '-ERR no keywords supplied' : `+OK event listener enabled ${session.subscription.format}`;
  };
  session.reply(answer());
  done();
};

const nixevent = says(({ session, words }) =>
  session.subscription.remove(words, session.host.usedSubclasses) === 'none'
    ? '-ERR no keywords supplied'
    : '+OK events nixed',
);

const noevents = says(({ session }) => {
  if (!session.subscription.isOn) return '-ERR not listening for events';
  session.subscription.clear();
  return '+OK no longer listening for events';
});

const filter = says(({ session, rest }) => {
  const [first = '', ...more] = rest.split(' ');
  const { subscription } = session;
  if (first.toLowerCase() === 'delete') {
    const [header, ...value] = more;
    if (header === undefined || header === '') return '-ERR invalid syntax';
    const text = value.join(' ');
    subscription.removeFilter(header, text === '' ? undefined : text);
    return `+OK filter deleted. [${header}][${text}]`;
  }
  const words = first.toLowerCase() === 'add' ? more : [first, ...more];
  const [header = '', ...value] = words;
  const text = value.join(' ');
  if (header === '' || text === '') return '-ERR invalid syntax';
  subscription.addFilter(header, text);
  return `+OK filter added. [${header}]=[${text}]`;
});

const linger = says(({ session, rest }) => {
  const { control } = session;
  if (control === undefined) return '-ERR not controlling a session';
  const seconds = /^\s*(\d+)/u.exec(rest)?.[1];
  control.lingerSeconds = seconds === undefined ? -1 : Number(seconds);
  return seconds === undefined ? '+OK will linger' : `+OK will linger ${seconds} seconds`;
});

const nolinger = says(({ session }) => {
  if (session.control === undefined) return '-ERR not controlling a session';
  session.control.lingerSeconds = undefined;
  return '+OK will not linger';
});

const divert = says(({ session, rest }) => {
  if (session.control === undefined) return '-ERR not controlling a session.';
  return rest.trim().toLowerCase() === 'off' ? '+OK events not diverted' : '+OK events diverted';
});

const myevents = says(({ session, words }) => {
  const { sw } = session.host;
  if (session.control !== undefined) {
    if (session.subscription.only !== undefined) return '-ERR aready enabled.';
    session.subscription.bind(session.control.channel.uuid);
    return '+OK Events Enabled';
  }
  const [uuid] = words;
  if (uuid === undefined) return NOT_FOUND;
  if (session.subscription.isOn && session.bound) return '-ERR aready enabled.';
  const channel = sw.channels.get(uuid);
  session.bound = 'bound';
  // One that is dead, or never was, gives every channel's events (freeswitch.md 54).
  session.subscription.bind(channel === undefined ? undefined : uuid);
  if (channel !== undefined) {
    session.control = { channel, kind: 'myevents', full: 'full', mode: 'async', lingerSeconds: undefined };
  }
  return '+OK Events Enabled';
});

const getvar = says(({ session, words }) => {
  const value = session.control === undefined ? undefined : variableOf(session.control.channel, words[0] ?? '');
  return value === undefined || value === '' ? NOT_FOUND : value.slice(0, 511);
});

const LOG_LEVELS = ['console', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const log = says(({ session, words }) => {
  if (session.user?.log === 'denied') return DENIED;
  const [word = ''] = words;
  const level =
    word === '' ? 7 : /^\d+$/u.test(word) ? Math.min(63, Number(word)) : LOG_LEVELS.indexOf(word.toLowerCase());
  if (level < 0) return '-ERR invalid log level';
  session.log = level;
  return `+OK log level ${word} [${level}]`;
});

const nolog = says(({ session }) => {
  if (session.log === undefined) return '-ERR not loging';
  session.log = undefined;
  return '+OK no longer logging';
});

const api: Handler = ({ session, rest, done }) => {
  if (!mayRun(session.user, rest.split(' ')[0] ?? '')) {
    session.reply(DENIED);
    return done();
  }
  session.runApi(rest, done);
};

const bgapi: Handler = (given) => {
  const { session, rest, command, done } = given;
  const name = rest.split(' ')[0] ?? '';
  if (!mayRun(session.user, 'bgapi') || !mayRun(session.user, name)) session.reply(DENIED);
  else startJob(session, rest, command);
  done();
};

const sendmsg: Handler = ({ session, words, command, done }) => {
  const { sw } = session.host;
  const named = words[0] ?? command.headers.find(([name]) => name.toLowerCase() === 'session-id')?.[1];
  const controlled = session.control?.channel;
  const channel: Channel | undefined = named === undefined ? controlled : sw.channels.get(named);
  if (channel === undefined || !channel.isUp) {
    session.reply(`-ERR invalid session id [${named ?? ''}]`);
    return done();
  }
  // In sync mode the reply comes when the application has ended (freeswitch.md 52).
  const waits = session.control?.mode === 'sync' && channel === controlled;
  if (!waits) session.reply('+OK');
  sendMessage(sw, channel, {
    command,
    told: () => {
      if (!waits) return;
      session.reply('+OK');
      done();
    },
  });
  if (!waits) done();
};

const sendevent: Handler = ({ session, rest, command, done }) => {
  session.reply(`+OK ${sendEvent(session, rest.trim(), command)}`);
  done();
};

const resume = says(({ session }) => {
  if (session.control?.kind !== 'outbound') return NOT_FOUND;
  session.control.channel.set('socket_resume', 'true');
  return '+OK';
});

/** Command words in the order in which the switch tries them: each is a beginning of the line, in any case (freeswitch.md 7). */
const TABLE: readonly { readonly word: string; readonly handler: Handler; readonly needs?: 'full' }[] = [
  { word: 'exit', handler: exit },
  { word: 'getvar', handler: getvar },
  { word: 'myevents', handler: myevents },
  { word: 'divert_events', handler: divert },
  { word: 'resume', handler: resume },
  { word: 'sendmsg', handler: sendmsg },
  { word: 'filter ', handler: filter },
  { word: 'linger', handler: linger, needs: 'full' },
  { word: 'nolinger', handler: nolinger, needs: 'full' },
  { word: 'sendevent', handler: sendevent, needs: 'full' },
  { word: 'api ', handler: api, needs: 'full' },
  { word: 'bgapi ', handler: bgapi, needs: 'full' },
  { word: 'event', handler: event, needs: 'full' },
  { word: 'nixevent', handler: nixevent, needs: 'full' },
  { word: 'noevents', handler: noevents, needs: 'full' },
  { word: 'nolog', handler: nolog, needs: 'full' },
  { word: 'log', handler: log, needs: 'full' },
];

/** Does what a command says. `done` lets the next one begin. */
export function runCommand(session: EslSession, command: EslCommand, done: () => void): void {
  const line = command.line;
  const lower = line.toLowerCase();
  const given = (word: string): Given => {
    const rest = line.slice(word.length).replace(/^ /u, '');
    return {
      session,
      command,
      rest: word.endsWith(' ') ? line.slice(word.length) : rest,
      words: rest.trim().split(/\s+/u).filter(Boolean),
      done,
    };
  };
  session.calm();
  if (session.state === 'auth') {
    if (lower.startsWith('auth ')) return auth(given('auth '));
    if (lower.startsWith('userauth ')) return userauth(given('userauth '));
    if (lower.startsWith('exit')) return exit(given('exit'));
    session.reply(NOT_FOUND);
    return done();
  }
  if (session.state === 'connect') {
    // Anything else as the first command is taken without an answer (freeswitch.md 48).
    session.state = 'open';
    if (lower.startsWith('connect')) connectReply(session);
    return done();
  }
  const { control } = session;
  const isFull = control === undefined || control.full !== undefined;
  const found = TABLE.find(({ word, needs }) => lower.startsWith(word) && (isFull || needs === undefined));
  if (found === undefined || (found.word === 'getvar' && control === undefined)) {
    session.reply(NOT_FOUND);
    return done();
  }
  found.handler(given(found.word === 'event' && lower.startsWith('events') ? 'events' : found.word));
}
