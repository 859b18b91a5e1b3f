import type { FreeswitchOptions } from '@cordboard/adapters-freeswitch';
import { dialEsl, type EslSession } from '@cordboard/adapters-freeswitch/esl';
import { isCtiError, type LinkDownReason } from '@cordboard/cti-core';
import { systemClock } from '@cordboard/driver-kit';
import type { Finding } from './finding.js';
import { judgeFreeswitchDialplan } from './freeswitch-dialplan.js';
import { networkWords } from './network-words.js';

/** Modules that the driver's commands and events come from. */
const MODULES = [
  'mod_commands',
  'mod_dptools',
  'mod_dialplan_xml',
  'mod_sofia',
  'mod_conference',
  'mod_sndfile',
  'mod_tone_stream',
  'mod_local_stream',
] as const;

/** One question; `undefined` when the switch does not let this user ask it. */
type Ask = (line: string) => Promise<string | undefined>;

function asker(session: EslSession, timeoutMs: number): Ask {
  return async (line) => {
    try {
      return (await session.api(line, { timeoutMs })).text;
    } catch (cause) {
      if (isCtiError(cause, 'driver.refused')) return undefined;
      throw cause;
    }
  };
}

async function version(ask: Ask): Promise<Finding> {
  const text = (await ask('version')) ?? '';
  const [, major = '0', minor = '0'] = /Version (\d+)\.(\d+)/u.exec(text) ?? [];
  if (major === '0') {
    const fix = 'give the user of userauth the right to run api commands (esl-allowed-api), or use the password';
    return { id: 'esl.version', level: 'unknown', text: 'the switch does not tell its version', fix };
  }
  const isNew = Number(major) > 1 || Number(minor) >= 10;
  const found = `FreeSWITCH ${major}.${minor}`;
  return isNew
    ? { id: 'esl.version', level: 'ok', text: found }
    : { id: 'esl.version', level: 'failed', text: `${found} is too old`, fix: 'use 1.10 or newer' };
}

async function modules(ask: Ask, sayLanguage: string): Promise<Finding> {
  const wanted = [...MODULES, `mod_say_${sayLanguage}`];
  const missing: string[] = [];
  for (const name of wanted) {
    const answer = await ask(`module_exists ${name}`);
    if (answer === undefined || !/^(true|false)/u.test(answer)) {
      return { id: 'esl.modules', level: 'unknown', text: 'the switch does not tell its modules' };
    }
    if (!answer.startsWith('true')) missing.push(name);
  }
  if (missing.length === 0) return { id: 'esl.modules', level: 'ok', text: `all ${wanted.length} modules are there` };
  return {
    id: 'esl.modules',
    level: 'failed',
    text: `modules are missing: ${missing.join(', ')}`,
    fix: `load them in modules.conf.xml: ${missing.map((name) => `<load module="${name}"/>`).join(' ')}`,
  };
}

async function conference(ask: Ask, profile: string): Promise<Finding> {
  const xml = await ask('xml_locate configuration configuration name conference.conf');
  if (xml === undefined || !xml.includes('<profiles')) {
    return { id: 'esl.conference', level: 'unknown', text: 'the switch does not tell its conference profiles' };
  }
  if (xml.includes(`<profile name="${profile}"`)) {
    return { id: 'esl.conference', level: 'ok', text: `there is a conference profile ${profile}` };
  }
  return {
    id: 'esl.conference',
    level: 'failed',
    text: `there is no conference profile ${profile}: calls of three and more are hung up`,
    fix: 'add the profile of docs/freeswitch.md to conference.conf.xml',
  };
}

async function dialplan(ask: Ask, options: FreeswitchOptions): Promise<Finding[]> {
  const names = [...new Set(['public', 'default', options.context, options.transferContext])];
  const contexts = [];
  for (const name of names) {
    const xml = await ask(`xml_locate dialplan context name ${name}`);
    contexts.push({ name, xml: xml?.includes('<context') === true ? xml : undefined });
  }
  return judgeFreeswitchDialplan(contexts, options);
}

async function questions(ask: Ask, options: FreeswitchOptions): Promise<Finding[]> {
  const lease = (await ask('global_getvar cordboard_until')) ?? '';
  const isServed = Number(lease.trim()) * 1_000 > Date.now();
  return [
    await version(ask),
    await modules(ask, options.sayLanguage),
    await conference(ask, options.conferenceProfile),
    ...(await dialplan(ask, options)),
    { id: 'esl.server', level: 'ok', text: isServed ? 'a server is connected now' : 'no server is connected now' },
  ];
}

/** Looks at a switch over its event socket, by questions alone: nothing is subscribed, set or changed. */
export async function examineFreeswitch(options: FreeswitchOptions, boundMs: number): Promise<Finding[]> {
  const { host, port, user, password } = options.esl;
  const bound = AbortSignal.timeout(boundMs);
  let session: EslSession | undefined;
  try {
    session = await dialEsl({ host, port }, { clock: systemClock, random: Math.random, signal: bound });
    const closed = session.closed.then((reason): never => {
      throw new ClosedEarly(reason);
    });
    closed.catch(() => undefined);
    const login = { ...(user === undefined ? {} : { user }), password };
    await Promise.race([session.logIn(login, { timeoutMs: boundMs, signal: bound }), closed]);
    const findings: Finding[] = [
      { id: 'esl.reach', level: 'ok', text: 'the event socket answers' },
      { id: 'esl.login', level: 'ok', text: 'the password is right' },
    ];
    return [...findings, ...(await Promise.race([questions(asker(session, boundMs), options), closed]))];
  } catch (cause) {
    return failed(cause, `${host}:${port}`);
  } finally {
    session?.close('stopped');
    await session?.closed;
  }
}

/** The switch closed in the middle of an examination. */
class ClosedEarly {
  readonly reason: LinkDownReason;

  constructor(reason: LinkDownReason) {
    this.reason = reason;
  }
}

function failed(cause: unknown, address: string): Finding[] {
  if (cause instanceof ClosedEarly && cause.reason === 'refused') {
    const fix = 'let the address of this machine in by apply-inbound-acl of event_socket.conf.xml';
    const text = 'the event socket lets this machine not in (access list)';
    return [{ id: 'esl.reach', level: 'failed', text, fix }];
  }
  if (isCtiError(cause, 'link.auth')) {
    return [
      { id: 'esl.reach', level: 'ok', text: 'the event socket answers' },
      {
        id: 'esl.login',
        level: 'failed',
        text: 'the event socket refuses the password',
        fix: 'see password in event_socket.conf.xml, or esl-password of the user in the directory',
      },
    ];
  }
  const words = cause instanceof ClosedEarly ? 'the connection was closed' : networkWords(cause);
  return [
    {
      id: 'esl.reach',
      level: 'failed',
      text: `the event socket ${address} cannot be used (${words})`,
      fix: 'is mod_event_socket loaded and listen-ip of event_socket.conf.xml this address, does a firewall stand between?',
    },
  ];
}
