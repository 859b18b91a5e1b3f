import {
  type AgentId,
  type AgentView,
  asId,
  type CallView,
  type ClientCommand,
  type ClientCommandId,
  type ClientOutcome,
  type PopView,
  type PublishedEvent,
  streamOf,
} from '@cordboard/cti-core';
import {
  type ClientFrame,
  type Cursor,
  PROTOCOL_VERSION,
  type ServerFrame,
  SUBPROTOCOL,
} from '@cordboard/cti-protocol/types';
import { WebSocket } from 'ws';
import type { Desk } from './floor.js';
import type { AgentName } from './floor-config.js';
import { pause, until } from './wait.js';

/** Where a desk finds the server; it may move at a restart. */
export interface DeskTarget {
  readonly ws: string;
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * A desk on the server's WebSocket, written by the protocol's description alone. It comes back after every loss with its cursor, and holds
 * each event against the rule that the next one has the next number.
 */
export class ServerDesk implements Desk {
  readonly name: AgentName;
  readonly told: PublishedEvent[] = [];
  /** Broken promises of the stream: a hole, a repetition. */
  readonly faults: string[] = [];
  /** How often it had to be given a fresh snapshot after its first. */
  resets = 0;
  readonly #target: () => DeskTarget;
  readonly #stream: ReturnType<typeof streamOf>;
  readonly #waiting = new Map<
    string,
    { readonly frame: ClientFrame; readonly settle: (outcome: ClientOutcome) => void }
  >();
  readonly #calls = new Map<string, CallView>();
  readonly #pops = new Map<string, PopView>();
  #agent: AgentView | undefined;
  #socket: WebSocket | undefined;
  #cursor: Cursor | undefined;
  #epoch = '';
  #state: 'open' | 'closed' = 'open';
  #count = 0;
  #pings: ReturnType<typeof setInterval> | undefined;

  constructor(name: AgentName, target: () => DeskTarget) {
    this.name = name;
    this.#target = target;
    this.#stream = streamOf('agent', name);
  }

  /** Connects and waits for the first snapshot. */
  async open(): Promise<void> {
    void this.#live();
    await until(() => this.#agent !== undefined, { what: `the desk of ${this.name}` });
  }

  command(command: ClientCommand): Promise<ClientOutcome> {
    this.#count += 1;
    const commandId = asId<ClientCommandId>(`${this.name}-${this.#count}`);
    const frame: ClientFrame = { type: 'command', commandId, command };
    return new Promise((settle) => {
      this.#waiting.set(commandId, { frame, settle });
      this.#send(frame);
    });
  }

  agent(): AgentView | undefined {
    return this.#agent;
  }

  calls(): readonly CallView[] {
    return [...this.#calls.values()];
  }

  pops(): readonly PopView[] {
    return [...this.#pops.values()];
  }

  /** Leaves for good; may be called twice. */
  close(): void {
    this.#state = 'closed';
    clearInterval(this.#pings);
    this.#socket?.terminate();
  }

  async #live(): Promise<void> {
    while (this.#state === 'open') {
      await this.#once();
      if (this.#state === 'open') await pause(50);
    }
  }

  #once(): Promise<void> {
    return new Promise((over) => {
      const { ws, tokens } = this.#target();
      const socket = new WebSocket(ws, [SUBPROTOCOL]);
      this.#socket = socket;
      socket.on('open', () => {
        const resume = this.#cursor === undefined ? {} : { resume: [{ stream: this.#stream, cursor: this.#cursor }] };
        this.#send({
          type: 'hello',
          protocol: PROTOCOL_VERSION,
          token: tokens[this.name] ?? '',
          tab: this.name,
          ...resume,
        });
      });
      socket.on('message', (data) => this.#take(JSON.parse(String(data)) as ServerFrame));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(this.#pings);
        over();
      });
    });
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#epoch = frame.epoch;
        if (this.#cursor === undefined) this.#send({ type: 'subscribe', stream: this.#stream });
        for (const { frame: again } of this.#waiting.values()) this.#send(again);
        clearInterval(this.#pings);
        this.#pings = setInterval(() => this.#send({ type: 'ping' }), frame.pingMs / 2);
        return;
      case 'reset':
        if (this.#cursor !== undefined) this.resets += 1;
        this.#cursor = frame.cursor;
        if (frame.snapshot.kind !== 'agent') return;
        this.#agent = frame.snapshot.agent;
        this.#calls.clear();
        this.#pops.clear();
        for (const call of frame.snapshot.calls) this.#calls.set(call.callId, call);
        for (const pop of frame.snapshot.pops) this.#pops.set(pop.popId, pop);
        return;
      case 'events':
        for (const { seq, event } of frame.items) this.#event(seq, event);
        return;
      case 'outcome':
        this.#settle(frame.commandId, frame.outcome);
        return;
      case 'error':
        if (frame.commandId === undefined) this.faults.push(`error ${frame.code}`);
        else this.#settle(frame.commandId, { outcome: 'failed', code: frame.code, message: frame.message });
        return;
      case 'probe':
        this.#send({ type: 'ping' });
        return;
      default:
        return;
    }
  }

  #settle(commandId: string, outcome: ClientOutcome): void {
    this.#waiting.get(commandId)?.settle(outcome);
    this.#waiting.delete(commandId);
  }

  #event(seq: number, event: PublishedEvent): void {
    const expected = (this.#cursor?.seq ?? 0) + 1;
    if (seq !== expected) this.faults.push(`event ${seq} where ${expected} was due`);
    this.#cursor = { epoch: this.#epoch, seq };
    this.told.push(event);
    if (event.type === 'agent' && event.agent.agentId === asId<AgentId>(this.name)) this.#agent = event.agent;
    if (event.type === 'call') this.#calls.set(event.call.callId, event.call);
    if (event.type === 'callEnded') this.#calls.delete(event.callId);
    if (event.type === 'pop') this.#pops.set(event.pop.popId, event.pop);
  }
}
