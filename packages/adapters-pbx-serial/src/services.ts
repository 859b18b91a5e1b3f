import type { DriverCommand, DriverReply } from '@cordboard/cti-core';
import { ACCEPTED, Lanes, refused } from '@cordboard/driver-kit';
import type { Answer, Asked, AskOptions } from './link/index.js';
import type { Calls } from './map/calls.js';
import { refusalOfCode } from './map/causes.js';
import type { CallRequest, Service, ServiceMap } from './map/commands.js';

/** What {@link Services} are made of. */
export interface ServicesOptions {
  readonly calls: Calls;
  readonly map: ServiceMap;
  readonly ask: (asked: Asked, options: AskOptions) => Promise<Answer>;
}

/** Has the PBX carry commands out, those at one extension one after the other. */
export class Services {
  readonly #options: ServicesOptions;
  readonly #lanes = new Lanes();

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  /**
   * Carries one command out. `accepted`: the PBX has begun it; its effects are told by events.
   *
   * @param signal - aborts when the command has its answer: then it is not sent any more
   */
  async carryOut(command: DriverCommand, signal: AbortSignal): Promise<DriverReply> {
    const { map } = this.#options;
    const before = map.of(command);
    if (typeof before === 'string') return refused(before);
    return this.#lanes.run([before.ext], async () => {
      // What it is about may have changed while it waited for those before it.
      const service = map.of(command);
      if (typeof service === 'string') return refused(service);
      for (const request of service.requests) {
        if (signal.aborted) return refused('timeout');
        const answer = await this.#ask(request, { command, service });
        const code = 'code' in answer ? answer.code : 'failed';
        // Only the code: the PBX's text may hold numbers and names.
        if (code !== 'ok') return refused(refusalOfCode(code), code.toUpperCase());
      }
      return ACCEPTED;
    });
  }

  #ask(
    request: CallRequest,
    { command, service }: { readonly command: DriverCommand; readonly service: Service },
  ): Promise<Answer> {
    const { ask, calls } = this.#options;
    return ask(request, {
      // At once, since the events of what it brings may stand right behind it on the line.
      answered: (answer) => {
        if (answer.type !== 'callResult' || answer.code !== 'ok') return;
        if (command.type === 'clear') calls.acts.ends(command.connectionId, command.cause);
        const { brings, ext } = service;
        if (brings === undefined) return;
        calls.begun({ ...brings, ext, call: answer.call === undefined ? brings.call : `c${answer.call}` });
      },
    });
  }
}
