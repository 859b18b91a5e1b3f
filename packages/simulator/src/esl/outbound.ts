import { connect, type Socket } from 'node:net';
import type { App, AppRun } from './apps/app.js';
import type { EslSession } from './session/session.js';
import type { Channel } from './switch/channel.js';
import { hangUp } from './switch/lifecycle.js';

interface Held {
  readonly run: AppRun;
  readonly session: EslSession;
}

/** The `socket` application: dials a client for a call and lets it control the call. */
export class OutboundDialler {
  readonly #open: (socket: Socket) => EslSession;
  readonly #held = new Map<Channel, Held>();
  readonly #dialling = new Set<Socket>();

  constructor(open: (socket: Socket) => EslSession) {
    this.#open = open;
  }

  /** `socket HOST:PORT [async] [full]`. Nobody listening: the dialplan goes on (freeswitch.md 49). */
  readonly app: App = (run) => {
    const [address = '', ...flags] = run.data.trim().split(/\s+/u);
    const colon = address.lastIndexOf(':');
    const host = colon < 0 ? address : address.slice(0, colon);
    const port = colon < 0 ? 8084 : Number(address.slice(colon + 1));
    if (host === '' || !(port > 0 && port < 65_536)) return run.done();
    const { channel, sw } = run;
    channel.set('socket_host', host);
    const socket = connect({ host, port });
    this.#dialling.add(socket);
    let state: 'dialling' | 'held' | 'left' = 'dialling';
    socket.once('error', () => {
      this.#dialling.delete(socket);
      if (state === 'dialling') run.done();
    });
    socket.once('connect', () => {
      this.#dialling.delete(socket);
      if (state === 'left' || !channel.isUp) return void socket.destroy();
      state = 'held';
      const session = this.#open(socket);
      session.attach({
        channel,
        kind: 'outbound',
        full: flags.includes('full') ? 'full' : undefined,
        mode: flags.includes('async') ? 'async' : 'sync',
        lingerSeconds: undefined,
      });
      this.#held.set(channel, { run, session });
      if (flags.includes('async')) sw.tell(channel, 'CHANNEL_PARK');
    });
    run.onLeave((_why, then) => {
      const parked = state === 'held' && flags.includes('async');
      state = 'left';
      this.#held.delete(channel);
      if (parked) sw.tell(channel, 'CHANNEL_UNPARK');
      then();
    });
  };

  /** A client has gone. One that never said a word leaves its caller parked with nobody in control; else the call ends, or its dialplan goes on. */
  clientLeft(channel: Channel): void {
    const held = this.#held.get(channel);
    if (held === undefined || !channel.isUp) return;
    const { run, session } = held;
    if (session.heard === undefined) return;
    this.#held.delete(channel);
    if (channel.isTrue('socket_resume')) run.done();
    else run.sw.after(run.sw.noticeMs(), () => hangUp(run.sw, channel, 'NORMAL_CLEARING'));
  }

  /** Gives up what is being dialled. */
  close(): void {
    for (const socket of this.#dialling) socket.destroy();
    this.#dialling.clear();
    this.#held.clear();
  }
}
