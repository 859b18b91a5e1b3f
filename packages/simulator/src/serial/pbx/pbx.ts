import type { Clock } from '@cordboard/cti-core';
import type { AttachedFace, FaceLine, SerialFace } from '../port/face.js';
import { Billing } from './billing.js';
import { Calls } from './calls.js';
import { type ExchangeSide, PbxCore } from './core.js';
import { Hotel, type HotelRequest, type HotelResult } from './hotel.js';
import { type Caller, Incoming } from './incoming.js';
import { Joining } from './joining.js';
import { Keys, type OpenKeypad } from './keys.js';
import type { ParameterValue, PbxMemory, Room, Wake } from './memory.js';
import type { PbxOptions, PbxSetup } from './options.js';
import { Outgoing } from './outgoing.js';
import type { ParameterAt, Parameters, SetOutcome } from './parameters.js';
import type { Extension } from './parts.js';
import { type ServiceRequest, type ServiceResult, Services } from './services.js';
import type { CallerIdentity, ExtensionStatus, LineStatus, LocalMs, PbxNews, PbxRecord, SlotStatus } from './status.js';
import { extensionStatus, lineStatus, slotStatus } from './status-of.js';

interface Port {
  readonly face: SerialFace;
  readonly line: FaceLine;
  attached: AttachedFace | undefined;
}

/**
 * A key-telephone PBX of 8-128 extensions and 4-32 lines, deterministic on the clock that it is given: the same
 * requests, keys and calls at the same times give the same events. It knows nothing of bytes: that is what the faces on its ports are for.
 */
export class VirtualPbx {
  readonly #core: PbxCore;
  readonly #billing: Billing;
  readonly #calls: Calls;
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #services: Services;
  readonly #keys: Keys;
  readonly #hotel: Hotel;
  readonly #ports = new Set<Port>();
  #exchange: ExchangeSide = {};

  /** @throws {CtiError} `config.invalid` for options out of range. Nothing runs before {@link powerOn}. */
  constructor(options: PbxOptions) {
    const core = new PbxCore(options);
    this.#core = core;
    this.#billing = new Billing(core);
    this.#calls = new Calls(core, this.#billing);
    this.#incoming = new Incoming(core, this.#calls);
    this.#outgoing = new Outgoing(core, this.#calls, this.#incoming);
    const joining = new Joining(core, this.#calls);
    const base = { core, calls: this.#calls, outgoing: this.#outgoing, joining };
    this.#services = new Services({ ...base, incoming: this.#incoming });
    this.#keys = new Keys({ ...base, services: this.#services });
    this.#hotel = new Hotel(core, this.#calls, joining);
    this.#incoming.onDisa = (leg) => this.#keys.letIn(leg);
    core.onFree = (ext) => this.#incoming.freed(ext);
    core.exchange = {
      ...forwardTo(() => this.#exchange),
      released: (line) => this.#exchange.released?.(line),
    };
    this.#calls.onReleased = (leg) => this.#keys.lineReleased(leg);
  }

  /** Its clock: virtual, or the real one. */
  get clock(): Clock {
    return this.#core.clock;
  }
  /** What it was built with. */
  get setup(): PbxSetup {
    return this.#core.setup;
  }
  /** What outlives a loss of power. */
  get memory(): PbxMemory {
    return this.#core.memory;
  }
  /** Has it power? */
  get power(): 'on' | 'off' {
    return this.#core.power;
  }
  /** Its parameters by their typed values. Faces write with {@link setParameter}, which tells the others. */
  get parameters(): Parameters {
    return this.#core.parameters;
  }

  /** Gives it power: starts, writes what the loss of power cut, and wakes its ports. Twice is once. */
  powerOn(): void {
    const core = this.#core;
    if (core.power === 'on') return;
    core.power = 'on';
    core.begin();
    core.memory.boot = (core.memory.boot % 0xffff_ffff) + 1;
    core.act(() => {
      this.#billing.writeCut();
      this.#hotel.schedule();
    });
    for (const port of this.#ports) port.attached = port.face.attach(port.line, this);
  }

  /** Takes its power: all calls are gone, and everything that is not lasting. Twice is once. */
  powerOff(): void {
    const core = this.#core;
    if (core.power === 'off') return;
    for (const port of this.#ports) {
      port.attached?.close();
      port.attached = undefined;
      port.line.cut();
    }
    core.power = 'off';
    this.#keys.cut();
    core.cut();
    this.#billing.cut();
  }

  /** Puts a face on a port. @returns `receive` for the bytes that come in there, what tells it of a TCP host, and `close` */
  addPort(face: SerialFace, line: FaceLine): AttachedFace & { connected(): void; disconnected(): void } {
    const port: Port = { face, line, attached: undefined };
    this.#ports.add(port);
    if (this.power === 'on') port.attached = face.attach(line, this);
    return {
      receive: (bytes) => port.attached?.receive(bytes),
      connected: () => port.attached?.connected?.(),
      disconnected: () => port.attached?.disconnected?.(),
      close: () => {
        this.#ports.delete(port);
        port.attached?.close();
        port.attached = undefined;
      },
    };
  }

  /** Tells everything that happens; returns its end. Listeners may call back; what follows is told after. */
  subscribe(listener: (event: PbxNews) => void): () => void {
    return this.#core.subscribe(listener);
  }

  /** Who plays the exchange and the world behind it. */
  connectExchange(side: ExchangeSide): void {
    this.#exchange = side;
  }

  /** All extensions, by port. */
  extensions(): readonly ExtensionStatus[] {
    return this.#core.extensions.map((ext) => extensionStatus(this.#core, ext));
  }
  /** One extension; `undefined`: there is none of this number. */
  extension(number: string): ExtensionStatus | undefined {
    const ext = this.#core.extension(number);
    return ext === undefined ? undefined : extensionStatus(this.#core, ext);
  }
  /** All lines. */
  lines(): readonly LineStatus[] {
    return this.#core.lines.map(lineStatus);
  }
  /** Who calls on the lines, as far as it is known. */
  callers(): readonly CallerIdentity[] {
    return this.#core.lines.flatMap(({ leg }) =>
      leg?.identity === undefined ? [] : [{ ...leg.identity, call: leg.call.id }],
    );
  }
  /** The six park slots. */
  slots(): readonly SlotStatus[] {
    return this.#core.slots.map(slotStatus);
  }

  /**
   * Begins a service, as a computer asks for it. `told` is called with the outcome before anything that follows from it is told.
   */
  carryOut(request: ServiceRequest, told: (result: ServiceResult) => void = () => undefined): ServiceResult {
    if (this.power === 'off') return { code: 'wrongState' };
    return this.#core.act(() => {
      const result = this.#services.carryOut(request);
      told(result);
      return result;
    });
  }

  /** Carries out what a hotel asks for; `told` as in {@link carryOut}. */
  hotel(request: HotelRequest, told: (result: HotelResult) => void = () => undefined): HotelResult {
    if (this.power === 'off') return 'wrongState';
    return this.#core.act(() => {
      const result = this.#hotel.carryOut(request);
      told(result);
      return result;
    });
  }

  /** The room of an extension, its wake-up call; `undefined`: there is no such extension. */
  room(ext: string): { readonly room: Room; readonly wake?: Wake; readonly lamp: boolean } | undefined {
    const found = this.#core.extension(ext);
    if (found === undefined) return undefined;
    const { room, wake, lamp } = this.memory.port(found.port);
    return { room, lamp, ...(wake === undefined ? {} : { wake }) };
  }

  /** Does several things at one moment: what they change is told behind all of them, each device once. */
  together(work: () => void): void {
    this.#core.act(work);
  }

  /** Sets a parameter; every other port is told. `by`: the port that does it, or `telephone`. */
  setParameter(at: ParameterAt, value: ParameterValue, by: object | 'telephone' = 'telephone'): SetOutcome {
    return this.#core.act(() => {
      const outcome = this.#core.parameters.set(at, value);
      if (outcome === 'ok') this.#core.tell({ type: 'parameter', ...at, count: 1, by });
      return outcome;
    });
  }

  /** Local time of its clock. */
  now(): LocalMs {
    return this.#core.time.now();
  }
  /** Sets its clock. */
  setTime(at: LocalMs): void {
    this.#core.time.set(at);
    this.#core.act(() => this.#hotel.schedule());
  }

  /** Records that are kept, oldest first; `first` and `next` as in docs/protocols/kts-1.md, section 12. */
  records(): { readonly list: readonly PbxRecord[]; readonly first: number; readonly next: number } {
    return { list: this.memory.records, first: this.#billing.first, next: this.memory.nextRecord };
  }
  /** Somebody has the records up to this one. */
  forgetRecords(upTo: number): void {
    this.#billing.forget(upTo);
  }

  /** Keys that open programming at the dial tone of a telephone, or of a caller who was let in by DISA. */
  registerKeypad(prefix: string, open: OpenKeypad): () => void {
    return this.#keys.register(prefix, open);
  }

  /** The hands at a telephone; people call these. */
  hand(number: string, work: (ext: Extension, parts: { keys: Keys; hotel: Hotel; core: PbxCore }) => void): void {
    const ext = this.#core.extension(number);
    if (ext === undefined || this.power === 'off') return;
    this.#core.act(() => work(ext, { keys: this.#keys, hotel: this.#hotel, core: this.#core }));
  }

  /** The exchange rings on a line. @returns the call's id; `undefined`: the line is taken, out of service, or the PBX without power */
  ringIn(line: number, caller: Caller): number | undefined {
    const trunk = this.#core.line(line);
    return trunk === undefined ? undefined : this.#incoming.ringIn(trunk, caller)?.id;
  }
  /** The far end of a call out rings, answers, is busy, or somebody outside hangs up. */
  far(line: number, what: 'rings' | 'answers' | 'busy' | 'hangsUp'): void {
    const trunk = this.#core.line(line);
    if (trunk === undefined || this.power === 'off') return;
    this.#core.act(() => {
      if (what === 'rings') this.#outgoing.farRinging(trunk);
      else if (what === 'answers') this.#outgoing.farAnswered(trunk);
      else if (what === 'busy') this.#outgoing.farBusy(trunk);
      else this.#outgoing.farHungUp(trunk);
    });
  }
  /** A key from outside. */
  farKey(line: number, key: string): void {
    const leg = this.#core.line(line)?.leg;
    if (leg !== undefined && this.power === 'on') this.#core.act(() => this.#keys.pressOutside(leg, key));
  }
  /** The line to the exchange is dead, or alive again. */
  setLineService(line: number, mode: 'in' | 'out'): void {
    const trunk = this.#core.line(line);
    if (trunk === undefined) return;
    this.#core.act(() => {
      if (mode === 'out' && trunk.leg !== undefined) this.#outgoing.lineGone(trunk.leg, 'failed');
      trunk.outOfService = mode === 'out';
      this.#core.touch(trunk);
    });
  }
}

/** The exchange may be exchanged at any time. */
function forwardTo(side: () => ExchangeSide): ExchangeSide {
  return {
    seized: (line) => side().seized?.(line),
    dialled: (line, number) => side().dialled?.(line, number),
    answered: (line) => side().answered?.(line),
    key: (line, key) => side().key?.(line, key),
    flashed: (line, forMs) => side().flashed?.(line, forMs),
  };
}
