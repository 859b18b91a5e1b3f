import type { EslCommand } from '../wire/command-reader.js';
import { commandHeader } from '../wire/command-reader.js';
import type { Channel } from './channel.js';
import type { EslSwitch, Extra } from './esl-switch.js';
import { execute } from './executor.js';
import { hangupCause } from './hangup-cause.js';
import { hangUp } from './lifecycle.js';
import { SOURCES } from './sources.js';

interface Private {
  readonly headers: readonly Extra[];
  readonly body?: string;
  readonly locked: boolean;
  /** Starts it; `done` when it has ended by itself, `cut` when its channel was taken out of it. */
  readonly run: (done: () => void, cut: () => void) => void;
}

interface Queue {
  readonly waiting: Private[];
  /** A locked one runs: those behind it wait for its end; without the lock they nest (freeswitch.md 45). */
  locked: 'locked' | undefined;
}

/** A channel that was taken out of what it was in is where it was sent after this: its partner's thread may need 40 ms first. */
const SETTLED_MS = 60;

const queues = new WeakMap<Channel, Queue>();

/** What the switch itself lets a channel execute: music for a held partner, `uuid_broadcast`. */
export function privateExecute(
  sw: EslSwitch,
  channel: Channel,
  what: {
    readonly app: string;
    readonly data: string;
    readonly loops?: number;
    readonly lock?: 'lock';
    readonly next?: () => void;
  },
): void {
  // It begins as an event of its own, and is told with that one's headers in front.
  const headers: Extra[] = [
    ...sw.identity.stamp('COMMAND', SOURCES.COMMAND),
    ['call-command', 'execute'],
    ['execute-app-name', what.app],
  ];
  if (what.data !== '') headers.push(['execute-app-arg', what.data]);
  if (what.lock) headers.push(['event-lock', 'true']);
  headers.push(['lead-frames', '5']);
  if (what.loops !== undefined) headers.push(['loops', String(what.loops)]);
  enqueue(sw, channel, {
    headers,
    locked: what.lock !== undefined,
    run: (done, cut) =>
      execute(sw, channel, {
        step: { app: what.app, data: what.data },
        loops: what.loops ?? 1,
        cut,
        next: () => {
          done();
          what.next?.();
        },
      }),
  });
}

/**
 * `sendmsg`: a client has a channel execute or hang up. Always taken when the channel lives, whatever it says (freeswitch.md 15, 47).
 *
 * @param how - the message; `told` when the application has ended, for a client in sync mode
 */
export function sendMessage(
  sw: EslSwitch,
  channel: Channel,
  how: { readonly command: EslCommand; readonly told?: () => void },
): void {
  const { command, told } = how;
  const value = (name: string): string | undefined => commandHeader(command, name);
  const word = (value('call-command') ?? '').toLowerCase();
  const headers: Extra[] = [['Command', command.line], ...command.headers];
  const locked = ['true', 'yes'].includes(value('event-lock') ?? '');
  const base = { headers, locked, ...(command.body === undefined ? {} : { body: command.body }) };
  if (word === 'hangup') {
    return enqueue(sw, channel, {
      ...base,
      run: (done) => {
        hangUp(sw, channel, hangupCause(value('hangup-cause')));
        done();
        told?.();
      },
    });
  }
  const app = value('execute-app-name') ?? '';
  if (word !== 'execute' || app === '') {
    return enqueue(sw, channel, {
      ...base,
      run: (done) => {
        done();
        told?.();
      },
    });
  }
  const uuid = value('event-uuid');
  const uuidName = value('event-uuid-name');
  const loops = Math.trunc(Number(value('loops') ?? 1)) || 1;
  enqueue(sw, channel, {
    ...base,
    run: (done, cut) => {
      channel.fill({ current_loop: '1', total_loops: String(loops) });
      execute(sw, channel, {
        step: {
          app,
          data: value('execute-app-arg') ?? command.body ?? '',
          ...(uuid === undefined ? {} : { uuid }),
          ...(uuidName === undefined ? {} : { uuidName }),
        },
        loops,
        cut,
        next: () => {
          done();
          told?.();
        },
      });
    },
  });
}

function enqueue(sw: EslSwitch, channel: Channel, item: Private): void {
  // A leg that rings takes messages and does nothing with them (freeswitch.md 46).
  if (channel.running !== 'CS_EXECUTE' && channel.apps.length === 0 && channel.partner === undefined) return;
  const queue = queues.get(channel) ?? { waiting: [], locked: undefined };
  queues.set(channel, queue);
  queue.waiting.push(item);
  const pump = (): void => {
    if (queue.locked) return;
    const next = queue.waiting.shift();
    if (next === undefined || !channel.isUp) return;
    if (next.locked) queue.locked = 'locked';
    const unlock = (): void => {
      if (next.locked) queue.locked = undefined;
    };
    next.run(
      () => {
        unlock();
        if (channel.isUp) {
          sw.tell(channel, 'PRIVATE_COMMAND', {
            detail: 'basic',
            first: next.headers,
            ...(next.body === undefined ? {} : { body: next.body }),
          });
        }
        pump();
      },
      () => {
        unlock();
        // What waits behind it runs where the channel is sent, not on the way there.
        if (queue.waiting.length > 0) sw.after(SETTLED_MS, pump);
      },
    );
    pump();
  };
  sw.after(sw.options.orders === 'plain' ? 1 : sw.random.int(0, 20), pump);
}

/** `uuid_break <uuid> all`: what has not begun on a channel never will. */
export function dropWaiting(channel: Channel): void {
  queues.get(channel)?.waiting.splice(0);
}
