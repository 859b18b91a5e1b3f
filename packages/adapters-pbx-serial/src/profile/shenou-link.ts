import {
  type Clock,
  CtiError,
  type FacetOptions,
  type HotelFacet,
  type RoomCommand,
  type SwitchId,
} from '@cordboard/cti-core';
import type { ShenouFrame } from '../wire/shenou-uso/index.js';
import { notInThisLanguage, Rooms, unlessAborted } from './rooms.js';
import { SHENOU_USO } from './shenou-uso.js';
import type { Transport } from './transport.js';

/** What a link to a Shenou console is made of. */
export interface ShenouLinkOptions {
  readonly switchId: SwitchId;
  /** Open already; the link owns it and destroys it. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** A line in the format `shenou`, without its end. */
  readonly onRecord: (line: string) => void;
  /** Bytes that were no line of this language, at most 256 of them. */
  readonly onDamaged?: (sample: Uint8Array) => void;
  /** The line is gone. Called once. */
  readonly onClosed?: () => void;
  /** Class of an extension whose room is empty, 0-9: set at check-out. Absent: check-out is refused. */
  readonly vacantClass?: number;
  /** Class of an extension whose room is taken where a check-in brings none, 0-9. Absent: such a check-in is refused. */
  readonly guestClass?: number;
}

interface Asked {
  readonly extension: string;
  readonly classOfService: number;
  readonly resolve: () => void;
  readonly reject: (error: CtiError) => void;
}

/** Most that wait their turn. */
const MAX_WAITING = 256;

/** A link to a Shenou console: classes are set one after another, records are handed on. */
export class ShenouLink implements HotelFacet {
  readonly #options: ShenouLinkOptions;
  readonly #rooms: Rooms;
  readonly #decoder = SHENOU_USO.createDecoder();
  readonly #waiting: Asked[] = [];
  #asked: Asked | undefined;
  #triesLeft = 0;
  #stopTimer: () => void = () => undefined;
  #state: 'open' | 'closed' = 'open';

  constructor(options: ShenouLinkOptions) {
    this.#options = options;
    this.#rooms = new Rooms(options.switchId);
    const { transport } = options;
    transport.on('data', (chunk: Uint8Array) => this.#decoder.push(chunk, (frame) => this.#take(frame)));
    transport.on('error', () => this.close());
    transport.on('close', () => this.close());
  }

  /**
   * Sets the class of an extension; resolves when the console says that it is set. An order that is not answered within five seconds is given twice more.
   *
   * @throws {CtiError} by rejection: `wire.unsafeValue` no such extension or class can be written; `driver.timeout` no answer: the console says nothing where it
   *   cannot set a class; `driver.linkLost`; `server.busy` more than 256 wait
   */
  setClass(extension: string, classOfService: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#state === 'closed') return reject(lost());
      if (this.#waiting.length >= MAX_WAITING)
        return reject(new CtiError('server.busy', 'too many classes wait to be set'));
      SHENOU_USO.encode({ type: 'setClass', extension, classOfService }, undefined);
      this.#waiting.push({ extension, classOfService, resolve, reject });
      this.#next();
    });
  }

  async carryOut(command: RoomCommand, { signal }: FacetOptions): Promise<void> {
    const extension = this.#rooms.extensionOf(command.room);
    const classOfService = this.#classOf(command);
    await unlessAborted(this.setClass(extension, classOfService), signal);
  }

  /** Nothing that happens at the telephones is told in this language. */
  listen(listener: Parameters<HotelFacet['listen']>[0]): () => void {
    return this.#rooms.listen(listener);
  }

  /** Ends it; what waits is answered `driver.linkLost`. May be called again. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopTimer();
    this.#options.transport.destroy();
    const open = [...(this.#asked === undefined ? [] : [this.#asked]), ...this.#waiting.splice(0)];
    this.#asked = undefined;
    for (const { reject } of open) reject(lost());
    this.#options.onClosed?.();
  }

  #classOf(command: RoomCommand): number {
    const { guestClass, vacantClass } = this.#options;
    if (command.type === 'classOfService') return command.classOfService;
    const wanted =
      command.type === 'checkIn'
        ? (command.classOfService ?? guestClass)
        : command.type === 'checkOut'
          ? vacantClass
          : undefined;
    if (wanted === undefined) throw notInThisLanguage(command.type);
    return wanted;
  }

  #next(): void {
    if (this.#asked !== undefined || this.#state === 'closed') return;
    this.#asked = this.#waiting.shift();
    this.#triesLeft = SHENOU_USO.timings.repeats;
    if (this.#asked !== undefined) this.#send(this.#asked);
  }

  #send({ extension, classOfService }: Asked): void {
    this.#options.transport.write(SHENOU_USO.encode({ type: 'setClass', extension, classOfService }, undefined));
    this.#stopTimer = this.#options.clock.setTimer(SHENOU_USO.timings.answerMs, () => this.#unanswered());
  }

  #unanswered(): void {
    const asked = this.#asked;
    if (asked === undefined) return;
    if (this.#triesLeft > 0) {
      this.#triesLeft -= 1;
      this.#send(asked);
      return;
    }
    this.#asked = undefined;
    asked.reject(new CtiError('driver.timeout', 'the console did not say that the class was set'));
    this.#next();
  }

  #take(frame: ShenouFrame): void {
    if (frame.kind === 'record') this.#options.onRecord(frame.line);
    else if (frame.kind === 'damaged') this.#options.onDamaged?.(frame.sample);
    else {
      const asked = this.#asked;
      // An answer to an order of another one, or a late one to an order that was repeated, changes nothing here.
      if (asked?.extension !== frame.extension || asked.classOfService !== frame.classOfService) return;
      this.#stopTimer();
      this.#asked = undefined;
      asked.resolve();
      this.#next();
    }
  }
}

const lost = (): CtiError => new CtiError('driver.linkLost', 'the line to the console is gone');
