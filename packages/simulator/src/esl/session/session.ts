import type { Socket } from 'node:net';
import type { ApiTable } from '../api/api.js';
import { runApi } from '../api/api.js';
import type { Channel } from '../switch/channel.js';
import type { EslSwitch } from '../switch/esl-switch.js';
import { CommandReader, type EslCommand } from '../wire/command-reader.js';
import { AUTH_REQUEST, apiFrame, eventFrame, noticeFrame, replyFrame } from '../wire/encode.js';
import type { EslEvent } from '../wire/event.js';
import { runCommand } from './commands.js';
import type { Control } from './control.js';
import { Output, type WriteFault } from './output.js';
import type { EslUser } from './rights.js';
import { Subscription } from './subscription.js';

/** What goes wrong with one command: its answer never comes, or late. `job` is the result of a `bgapi`. */
export type EslCommandFault = 'never' | { readonly lateMs: number };

/** Where faults come in; asked for each command. */
export interface EslFaults {
  /** The reply to a command line. */
  reply?(line: string): EslCommandFault | undefined;
  /** The result of a background job. */
  job?(line: string): EslCommandFault | undefined;
  /** How writes are cut. */
  writes?(): WriteFault | undefined;
}

/** What a session needs of the face. */
export interface SessionHost {
  readonly sw: EslSwitch;
  readonly api: ApiTable;
  readonly password: string;
  readonly users: Readonly<Record<string, EslUser>>;
  readonly faults: EslFaults;
  readonly usedSubclasses: ReadonlySet<string>;
  closed(session: EslSession): void;
}

/** A client that says nothing is closed after so long (freeswitch.md 21). */
const AUTH_BOUND_MS = 25_000;

/** One connection of a client, whoever dialled. Commands are done one after the other; while one is under way nothing else goes out. */
export class EslSession {
  readonly host: SessionHost;
  readonly subscription = new Subscription();
  readonly output: Output;
  user: EslUser | undefined;
  control: Control | undefined;
  state: 'auth' | 'connect' | 'open' | 'closed' = 'auth';
  log: number | undefined;
  /** Has it bound itself with `myevents`? */
  bound: 'bound' | undefined;
  /** Has the client said anything? */
  heard: 'heard' | undefined;
  readonly #socket: Socket;
  readonly #reader = new CommandReader();
  readonly #commands: EslCommand[] = [];
  readonly #held: EslEvent[] = [];
  #busy: 'busy' | undefined;
  #deaf: 'deaf' | undefined;
  #cancelBound: (() => void) | undefined;
  #lingered: (() => void) | undefined;

  constructor(host: SessionHost, socket: Socket) {
    this.host = host;
    this.#socket = socket;
    this.output = new Output(socket, host.sw.clock, () => host.faults.writes?.());
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('end', () => this.#peerEnded());
    socket.on('error', () => undefined);
    socket.on('close', () => this.#gone());
    host.sw.listeners.add(this.#heard);
  }

  /** Has a part of a command arrived? */
  get isPartial(): boolean {
    return this.#deaf === undefined && this.state !== 'closed' && this.#reader.isPartial;
  }

  /** A client has dialled in: it is asked for its password. */
  greet(): void {
    this.output.send(AUTH_REQUEST);
    this.#cancelBound = this.host.sw.after(AUTH_BOUND_MS, () => this.goodbye());
  }

  /** The switch has dialled it for a call. */
  attach(control: Control): void {
    this.state = 'connect';
    this.control = control;
    this.#cancelBound = this.host.sw.after(AUTH_BOUND_MS, () => this.#socket.end());
  }

  /** The client has shown that it lives. */
  calm(): void {
    this.heard = 'heard';
    this.#cancelBound?.();
    this.#cancelBound = undefined;
  }

  /** Answers a command. */
  reply(text: string, more: readonly (readonly [string, string])[] = []): void {
    this.output.send(replyFrame(text, more));
  }

  /** Runs an API command; the connection waits for its end (freeswitch.md 17). */
  runApi(line: string, done: () => void): void {
    runApi(this.host.sw, this.host.api, {
      line,
      reply: (text) => {
        this.#late(this.host.faults.reply?.(`api ${line}`), done, () => {
          this.output.send(apiFrame(text));
          done();
        });
      },
    });
  }

  /** Says that it is over, and ends the connection. */
  goodbye(text?: string): void {
    if (this.state === 'closed') return;
    this.#say(text);
    this.output.end();
    this.state = 'closed';
  }

  #say(text?: string): void {
    const { control } = this;
    this.output.send(
      noticeFrame({
        ...(control === undefined
          ? {}
          : { controlled: { uuid: control.channel.uuid, channelName: control.channel.name } }),
        ...(text === undefined ? {} : { text }),
      }),
    );
  }

  /** Breaks the connection without a word. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Hears and says nothing any more while the connection stays: a peer whose machine is gone. */
  freeze(): void {
    this.#deaf = 'deaf';
    this.output.silence();
  }

  /** The call that this client holds has ended: it is told and closed, or lingers. */
  callEnded(channel: Channel): void {
    const { control } = this;
    if (control?.channel !== channel || this.state === 'closed') return;
    const seconds = control.lingerSeconds;
    if (seconds === undefined) return this.goodbye();
    this.output.send(
      noticeFrame({ controlled: { uuid: channel.uuid, channelName: channel.name }, lingerSeconds: seconds }),
    );
    if (seconds >= 0) this.host.sw.after(seconds * 1_000 + 500, () => this.goodbye());
  }

  /** Keeps a channel from going while this client lingers on it for ever (freeswitch.md 50). */
  keep(channel: Channel): ((last: () => void) => void) | undefined {
    const { control } = this;
    if (control?.channel !== channel || control.lingerSeconds === undefined || this.state === 'closed')
      return undefined;
    if (control.lingerSeconds >= 0) return undefined;
    return (last) => {
      this.#lingered = last;
    };
  }

  readonly #heard = (event: EslEvent): void => {
    if (this.state !== 'open' || this.#deaf || !this.subscription.wants(event)) return;
    if (this.#busy || this.#reader.isPartial) this.#held.push(event);
    else this.output.sendEvent(eventFrame(event, this.subscription.format));
  };

  #take(chunk: Buffer): void {
    if (this.#deaf || this.state === 'closed') return;
    for (const item of this.#reader.push(chunk)) {
      if (item.kind === 'refused') return this.goodbye();
      this.#commands.push(item.command);
    }
    this.#next();
  }

  #next(): void {
    while (this.#busy === undefined && this.state !== 'closed') {
      const command = this.#commands.shift();
      if (command === undefined) break;
      this.#busy = 'busy';
      let now: 'now' | undefined = 'now';
      this.#run(command, () => {
        this.#busy = undefined;
        this.#flush();
        if (now === undefined) this.#next();
      });
      now = undefined;
    }
    if (this.#busy === undefined) this.#flush();
  }

  #run(command: EslCommand, done: () => void): void {
    const isApi = /^api /iu.test(command.line);
    if (isApi) return runCommand(this, command, done);
    this.#late(this.host.faults.reply?.(command.line), done, () => runCommand(this, command, done));
  }

  /** Applies a fault to something that is to be answered. A command whose answer never comes holds nothing up. */
  #late(fault: EslCommandFault | undefined, skip: () => void, run: () => void): void {
    if (fault === undefined) run();
    else if (fault === 'never') skip();
    else this.host.sw.after(fault.lateMs, run);
  }

  #flush(): void {
    if (this.#reader.isPartial || this.#busy) return;
    for (const event of this.#held.splice(0)) this.output.sendEvent(eventFrame(event, this.subscription.format));
  }

  #peerEnded(): void {
    if (this.#deaf) return;
    if (this.state === 'open') this.goodbye();
    else this.#socket.end();
  }

  #gone(): void {
    this.state = 'closed';
    this.#cancelBound?.();
    this.output.close();
    this.host.sw.listeners.delete(this.#heard);
    const last = this.#lingered;
    this.#lingered = undefined;
    last?.();
    this.host.closed(this);
  }
}
