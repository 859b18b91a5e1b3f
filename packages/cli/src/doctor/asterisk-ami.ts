import { connect, type Socket } from 'node:net';
import type { AsteriskOptions } from '@cordboard/adapters-asterisk';
import {
  AmiDecoder,
  type AmiFrame,
  type AmiHeader,
  AmiMessage,
  encodeAmiAction,
} from '@cordboard/adapters-asterisk/ami';
import { CtiError } from '@cordboard/cti-core';
import { type DialplanStep, judgeDialplan } from './dialplan.js';
import type { Finding } from './finding.js';
import { networkWords } from './network-words.js';

type Ami = NonNullable<AsteriskOptions['ami']>;

/** A conversation of a few questions with the manager port. */
class AmiTalk {
  readonly #socket: Socket;
  readonly #decoder = new AmiDecoder({ maxFrameBytes: 16 * 1024 * 1024 });
  readonly #boundMs: number;
  #listener: (frame: AmiFrame) => void = () => undefined;
  #broken: (error: Error) => void = () => undefined;
  #count = 0;

  constructor(ami: Ami, boundMs: number) {
    this.#boundMs = boundMs;
    this.#socket = connect({ host: ami.host, port: ami.port });
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (error) => this.#broken(error));
    this.#socket.on('close', () => this.#broken(new CtiError('link.closed', 'the manager port closed the connection')));
  }

  /** Sends an action; resolves with its response and, for a list, the events up to its end. */
  ask(action: string, headers: readonly AmiHeader[] = []): Promise<{ response: AmiMessage; events: AmiMessage[] }> {
    this.#count += 1;
    const id = `doctor-${this.#count}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new CtiError('driver.timeout', 'the manager port did not answer')),
        this.#boundMs,
      );
      const events: AmiMessage[] = [];
      let response: AmiMessage | undefined;
      const end = (): void => {
        clearTimeout(timer);
        if (response !== undefined) resolve({ response, events });
      };
      this.#broken = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.#listener = (frame) => {
        if (!(frame instanceof AmiMessage) || frame.get('ActionID') !== id) return;
        if (frame.type === 'event') events.push(frame);
        else response = frame;
        const isList = response?.get('EventList')?.toLowerCase() === 'start';
        const complete = frame.type === 'event' && frame.get('EventList')?.toLowerCase() === 'complete';
        if (response !== undefined && (!isList || complete)) end();
      };
      this.#socket.write(encodeAmiAction(action, id, headers));
    });
  }

  close(): void {
    this.#broken = () => undefined;
    this.#socket.destroy();
  }

  #read(bytes: Uint8Array): void {
    try {
      this.#decoder.push(bytes, (frame) => this.#listener(frame));
    } catch (error) {
      this.#broken(
        error instanceof Error ? error : new CtiError('wire.frameInvalid', 'the manager port cannot be read'),
      );
      this.#socket.destroy();
    }
  }
}

function stepOf(event: AmiMessage): DialplanStep | undefined {
  const application = event.get('Application');
  if (event.name !== 'ListDialplan' || application === undefined || application === '') return undefined;
  return {
    context: event.get('Context') ?? '',
    extension: event.get('Extension') ?? '',
    priority: Number(event.get('Priority') ?? 0),
    application,
    data: event.get('AppData') ?? '',
  };
}

/** Looks at a switch over its manager port: may we listen, and what does its dialplan do? */
export async function examineAmi(options: AsteriskOptions, boundMs: number): Promise<Finding[]> {
  const { ami, app } = options;
  if (ami === undefined) {
    const fix = `give the driver an ami user with write = reporting, or look yourself: is there a step behind Stasis(${app}) that rings a phone?`;
    const text = 'the dialplan cannot be looked at without a manager user';
    return [{ id: 'dialplan.fallback', level: 'unknown', text, fix }];
  }
  const talk = new AmiTalk(ami, boundMs);
  try {
    const login = await talk.ask('Login', [
      ['Username', ami.user],
      ['Secret', ami.secret],
      ['Events', 'off'],
    ]);
    if (login.response.name !== 'Success') {
      const fix = 'see [user] and secret in manager.conf, and its permit lines';
      return [{ id: 'ami.login', level: 'failed', text: 'the manager port refuses user or secret', fix }];
    }
    const findings: Finding[] = [{ id: 'ami.login', level: 'ok', text: 'the manager port lets us in' }];
    const plan = await talk.ask('ShowDialPlan');
    if (plan.response.name !== 'Success') {
      const fix = 'give the manager user write = reporting (or config) in manager.conf';
      const text = 'the manager user may not see the dialplan';
      return [...findings, { id: 'dialplan.fallback', level: 'unknown', text, fix }];
    }
    const steps = plan.events.flatMap((event) => stepOf(event) ?? []);
    return [...findings, ...judgeDialplan(steps, app)];
  } catch (cause) {
    const text = `the manager port ${ami.host}:${ami.port} cannot be used (${networkWords(cause)})`;
    const fix = 'is manager.conf enabled and bound to this address, does a firewall stand between?';
    return [{ id: 'ami.reach', level: 'failed', text, fix }];
  } finally {
    talk.close();
  }
}
