import { SOURCES } from '../switch/sources.js';
import type { EslCommand } from '../wire/command-reader.js';
import { commandHeader } from '../wire/command-reader.js';
import { type EslEvent, listOf } from '../wire/event.js';
import { EVENT_NAMES } from './event-names.js';
import type { EslSession } from './session.js';

/**
 * Fires what a client sends with `sendevent`: an unknown name becomes CUSTOM, and with the id of a live channel the event carries that
 * channel's headers in the place of its own (freeswitch.md 43). @returns its id
 */
export function sendEvent(session: EslSession, word: string, command: EslCommand): string {
  const { sw } = session.host;
  const uuid = sw.identity.uuid();
  const upper = word.toUpperCase();
  const name = EVENT_NAMES.has(upper) ? upper : 'CUSTOM';
  const subclass = commandHeader(command, 'event-subclass');
  const sent = command.headers.filter(([header, value]) => value !== '' && header.toLowerCase() !== 'event-subclass');
  const own = [
    ...(subclass === undefined ? [] : [['Event-Subclass', subclass] as const]),
    ['Command', command.line] as const,
    ...sent.map(([header, value]) => [header, listOf(value)] as const),
  ];
  const channel = sw.channels.get(commandHeader(command, 'unique-id') ?? '');
  const stamp = sw.identity.stamp(name, SOURCES.CUSTOM);
  const id = ['Event-UUID', uuid] as const;
  const headers = channel?.isUp ? [...own, ...channel.headers('full'), id] : [...own, id, ...stamp];
  const event: EslEvent = {
    name,
    headers,
    ...(name === 'CUSTOM' && subclass !== undefined ? { subclass } : {}),
    ...(command.body === undefined ? {} : { body: command.body }),
  };
  sw.send(event);
  return uuid;
}
