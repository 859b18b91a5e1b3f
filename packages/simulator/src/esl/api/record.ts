import { startTape } from '../switch/tape.js';
import { type Api, wordsOf } from './api.js';

/** `uuid_record <uuid> start|stop|mask|unmask <path> [<limit>]`: success means little (freeswitch.md 15). */
export const recordApi: Api = ({ sw, args, reply }) => {
  const [uuid = '', mode = '', path = '', limit] = wordsOf(args);
  const channel = sw.channels.get(uuid);
  if (uuid === '' || mode === '' || path === '') {
    return reply('-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>]\n');
  }
  if (channel === undefined || !channel.isUp) return reply('-ERR Cannot locate session!\n');
  const running = channel.tapes.get(path);
  if (mode === 'start') {
    const limitS = Number(limit) > 0 ? Number(limit) : undefined;
    // A second start of the same file is taken and changes nothing.
    if (running === undefined) startTape(sw, channel, { path, limitS, by: 'api' });
    reply('+OK Success\n');
    return;
  }
  if (mode === 'stop') {
    const tapes = path === 'all' ? [...channel.tapes.values()] : running === undefined ? [] : [running];
    if (tapes.length === 0) return reply('-ERR Cannot stop record session!\n');
    for (const tape of tapes) tape.stop('command');
    reply('+OK Success\n');
    return;
  }
  if (mode === 'mask' || mode === 'unmask') {
    return reply(running === undefined ? '-ERR Cannot mask record session!\n' : '+OK Success\n');
  }
  reply('-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>]\n');
};
