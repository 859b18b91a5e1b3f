import { profileHeaders } from '../switch/profile.js';
import { SOURCES } from '../switch/sources.js';
import { plainHeaders } from '../wire/encode.js';
import { bytesOf } from '../wire/text.js';
import type { EslSession } from './session.js';

/** The reply to `connect`: the whole channel as headers of one frame, percent-encoded, with the frame's own among the last (freeswitch.md 48). */
export function connectReply(session: EslSession): void {
  const { control, host } = session;
  if (control === undefined) return;
  const { channel } = control;
  const { sw } = host;
  const headers = [
    ...sw.identity.stamp('CHANNEL_DATA', SOURCES.CHANNEL_DATA_CONNECT),
    ...profileHeaders('Channel', channel.profile),
    ...channel.headers('full'),
    ['Content-Type', 'command/reply'] as const,
    ['Reply-Text', '+OK\n'] as const,
    ['Socket-Mode', control.mode] as const,
    ['Control', control.full === undefined ? 'single-channel' : 'full'] as const,
  ];
  session.output.send(bytesOf(`${plainHeaders(headers)}\n`));
}
