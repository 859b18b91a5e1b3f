import type { Clock } from '@cordboard/cti-core';
import { type ParameterValue, PbxMemory, type Wake } from './memory.js';
import type { PbxOptions, PbxSetup } from './options.js';
import { setupOf } from './options.js';
import { Parameters } from './parameters.js';
import type { Extension, PbxCall, Slot, Trunk } from './parts.js';
import { PbxClock } from './pbx-clock.js';
import type { ExtensionStatus, LineStatus, PbxNews } from './status.js';
import { extensionStatus, lineStatus, slotStatus } from './status-of.js';

/** What the exchange sees of the lines; whoever plays the world outside takes this place. */
export interface ExchangeSide {
  /** Taken by the PBX for a call out. */
  seized?(line: number): void;
  /** A number is complete. */
  dialled?(line: number, number: string): void;
  /** An incoming call was answered. */
  answered?(line: number): void;
  /** A key towards the far end. */
  key?(line: number, key: string): void;
  /** A hook flash of so many ms. */
  flashed?(line: number, forMs: number): void;
  /** Let go by the PBX. */
  released?(line: number): void;
}

/** Ids of calls: 1 to this. */
const MAX_CALL = 0xffff;
/** An id is not given again for so long (docs/protocols/kts-1.md, section 5). */
const ID_REST_MS = 60_000;
/** Park slots (section 11). */
const SLOTS = 6;

type Pending = { readonly event: PbxNews } | { readonly device: Extension | Trunk | Slot };

/** The parts of a PBX and the order in which it tells of them. The logic stands in the modules beside. */
export class PbxCore {
  readonly setup: PbxSetup;
  readonly clock: Clock;
  readonly memory: PbxMemory;
  readonly time: PbxClock;
  readonly parameters: Parameters;
  readonly extensions: readonly Extension[];
  readonly lines: readonly Trunk[];
  readonly slots: readonly Slot[];
  readonly calls = new Set<PbxCall>();
  exchange: ExchangeSide = {};
  power: 'on' | 'off' = 'off';
  /** Called when an extension has become free. */
  onFree: (ext: Extension) => void = () => undefined;
  /** Called when parameters or wake-up calls have changed what the clock will do next. */
  onSchedule: () => void = () => undefined;
  readonly #listeners = new Set<(event: PbxNews) => void>();
  readonly #timers = new Set<() => void>();
  readonly #usedIds = new Map<number, number>();
  #pending: Pending[] = [];
  /** Calls that somebody came into or left: what is told of the others in it may have changed by that. */
  readonly #doubted = new Set<PbxCall>();
  readonly #told = new Map<Extension | Trunk, { readonly gist: string; readonly whole: string }>();
  #depth = 0;
  #order = 0;

  constructor(options: PbxOptions) {
    this.setup = setupOf(options);
    this.clock = options.clock;
    this.memory = options.memory ?? new PbxMemory(this.setup);
    this.time = new PbxClock(this.clock, this.memory, this.setup);
    this.parameters = new Parameters(this.memory, this.setup, {
      portOf: (extension) => this.extension(extension)?.port,
      numberOf: (port) => this.extensions[port - 1]?.number ?? '',
      live: (at) => this.#live(at),
      taken: (at, value) => this.#taken(at, value),
    });
    const nowMs = this.clock.nowMs();
    this.extensions = Array.from({ length: this.setup.extensions }, (_, n) => ({
      port: n + 1,
      number: String(this.memory.parameters.get(`1.${n + 1}.1`) ?? this.setup.firstNumber + n),
      legs: [],
      hook: 'on',
      handsFree: true,
      outOfService: false,
      freeSinceMs: nowMs,
      gathered: '',
      keys: '',
    }));
    this.lines = Array.from({ length: this.setup.lines }, (_, n) => ({ number: n + 1, outOfService: false }));
    this.slots = Array.from({ length: SLOTS }, (_, n) => ({ number: n + 1 }));
  }

  /** The extension with this number. */
  extension(number: string): Extension | undefined {
    return this.extensions.find((ext) => ext.number === number);
  }

  /** The line with this number. */
  line(number: number): Trunk | undefined {
    return this.lines[number - 1];
  }

  /** 1 by day, 2 by night: the field of what is kept for both. */
  period(): 1 | 2 {
    const mode = this.parameters.number(17, 0, 1);
    if (mode !== 2) return mode === 1 ? 2 : 1;
    const day = this.parameters.at(17, 0, 2);
    const night = this.parameters.at(17, 0, 3);
    if (typeof day !== 'number' || typeof night !== 'number' || day === night) return 1;
    const minute = Math.floor((((this.time.now() % 86_400_000) + 86_400_000) % 86_400_000) / 60_000);
    const isDay = day < night ? minute >= day && minute < night : minute >= day || minute < night;
    return isDay ? 1 : 2;
  }

  /** Class of service in force, 1-6. */
  classOf(ext: Extension): number {
    return this.memory.port(ext.port).room.classOfService ?? this.parameters.number(2, ext.port, this.period());
  }

  /** Carries something out; what it changes is told when the outermost one is done, in the order in which it was first touched. */
  act<T>(work: () => T): T {
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      if (this.#depth === 0) this.#flush();
    }
  }

  /** Runs after a while, unless cancelled or the power goes. */
  after(delayMs: number, work: () => void): () => void {
    const stop = this.clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      this.act(work);
    });
    const cancel = (): void => {
      stop();
      this.#timers.delete(cancel);
    };
    this.#timers.add(cancel);
    return cancel;
  }

  /** The state of this one is to be told. */
  touch(device: Extension | Trunk | Slot): void {
    if (!this.#pending.some((one) => 'device' in one && one.device === device)) this.#pending.push({ device });
  }

  /** The power has come: what nobody was told yet is no change. */
  begin(): void {
    for (const line of this.lines) this.#keep(line, lineStatus(line));
    for (const ext of this.extensions) this.#keep(ext, extensionStatus(this, ext));
  }

  /** All who take part in a call are to be told. */
  touchCall(call: PbxCall): void {
    for (const { line } of call.lines) this.touch(line);
    for (const { ext } of call.exts) this.touch(ext);
  }

  /** Somebody has come into this call or left it. */
  doubt(call: PbxCall): void {
    this.#doubted.add(call);
  }

  /** To be told in its place. */
  tell(event: PbxNews): void {
    this.#pending.push({ event });
    if (this.#depth === 0) this.#flush();
  }

  /** Tells everything that happens; returns its end. */
  subscribe(listener: (event: PbxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A new call. */
  newCall(): PbxCall {
    const nowMs = this.clock.nowMs();
    let id = this.memory.lastCall;
    do {
      id = (id % MAX_CALL) + 1;
    } while (nowMs - (this.#usedIds.get(id) ?? Number.NEGATIVE_INFINITY) < ID_REST_MS);
    this.memory.lastCall = id;
    this.#usedIds.set(id, Number.POSITIVE_INFINITY);
    const call: PbxCall = { id, order: this.#order++, exts: [], lines: [] };
    this.calls.add(call);
    return call;
  }

  /** Nobody is in it any more. */
  forget(call: PbxCall): void {
    if (!this.calls.delete(call)) return;
    this.#usedIds.set(call.id, this.clock.nowMs());
    call.waiting?.cancel?.();
    call.ringing?.cancel?.();
    delete call.waiting;
    delete call.ringing;
  }

  /** The power goes: all that does not outlive it is gone, and nothing is told. */
  cut(): void {
    for (const cancel of [...this.#timers]) cancel();
    for (const line of this.lines) {
      const had = line.leg;
      line.leg = undefined;
      line.wrap = undefined;
      line.end = undefined;
      if (had !== undefined) this.exchange.released?.(line.number);
    }
    for (const ext of this.extensions) {
      ext.legs.length = 0;
      ext.hook = 'on';
      ext.end = undefined;
      ext.keypad = undefined;
      ext.gathered = '';
      ext.keys = '';
      ext.cancelGathering = undefined;
      delete ext.lastNumber;
    }
    for (const slot of this.slots) {
      slot.call = undefined;
      slot.by = undefined;
      slot.cancel = undefined;
    }
    this.calls.clear();
    this.#usedIds.clear();
    this.#pending = [];
    this.#doubted.clear();
    this.#told.clear();
  }

  #flush(): void {
    this.#depth++;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const event = 'event' in next ? next.event : this.#eventOf(next.device);
        if (event === undefined) continue;
        for (const listener of [...this.#listeners]) listener(event);
      }
    } finally {
      this.#depth--;
    }
  }

  #next(): Pending | undefined {
    if (this.#pending.length === 0) {
      for (const call of this.#doubted) {
        for (const { line } of call.lines) if (this.#told.get(line)?.gist !== gist(lineStatus(line))) this.touch(line);
        for (const { ext } of call.exts)
          if (this.#told.get(ext)?.gist !== gist(extensionStatus(this, ext))) this.touch(ext);
      }
      this.#doubted.clear();
    }
    return this.#pending.shift();
  }

  /** What there is to tell of a device; `undefined`: it is as it was told last. */
  #eventOf(device: Extension | Trunk | Slot): PbxNews | undefined {
    if ('port' in device) {
      const status = extensionStatus(this, device);
      device.end = undefined;
      return this.#keep(device, status) ? { type: 'extension', status } : undefined;
    }
    if ('outOfService' in device) {
      const status = lineStatus(device);
      device.end = undefined;
      return this.#keep(device, status) ? { type: 'line', status } : undefined;
    }
    return { type: 'slot', status: slotStatus(device) };
  }

  /** Notes what is told of a device. @returns whether it is another thing than before */
  #keep(device: Extension | Trunk, status: LineStatus | ExtensionStatus): boolean {
    const whole = JSON.stringify(status);
    const isNews = this.#told.get(device)?.whole !== whole;
    this.#told.set(device, { gist: gist(status), whole });
    return isNews;
  }

  #live(at: { readonly item: number; readonly place: number; readonly field: number }): ParameterValue | undefined {
    if (at.item !== 4) return undefined;
    const { wake } = this.memory.port(at.place);
    if (at.field === 2) return wake?.daily ?? false;
    return wake === undefined ? null : Math.floor((wake.at % 86_400_000) / 60_000);
  }

  #taken(
    at: { readonly item: number; readonly place: number; readonly field: number },
    value: ParameterValue,
  ): 'elsewhere' | undefined {
    const ext = this.extensions[at.place - 1];
    if (at.item === 4) {
      const memory = this.memory.port(at.place);
      if (at.field === 2) {
        if (memory.wake !== undefined) memory.wake = { ...memory.wake, daily: value === true };
      } else memory.wake = this.#nextWake(value, memory.wake);
      this.onSchedule();
      return 'elsewhere';
    }
    this.act(() => {
      if (at.item === 1 && ext !== undefined && typeof value === 'string') {
        ext.number = value;
        this.touch(ext);
      }
      if ((at.item === 2 || at.item === 10) && ext !== undefined) this.touch(ext);
      if (at.item === 17) this.onSchedule();
    });
    return undefined;
  }

  /** The next time that it is so late, from now on. */
  #nextWake(minutes: ParameterValue, before: Wake | undefined): Wake | undefined {
    if (typeof minutes !== 'number') return undefined;
    const daily = before?.daily ?? false;
    const now = this.time.now();
    const today = now - (now % 86_400_000) + minutes * 60_000;
    return { at: today > now ? today : today + 86_400_000, daily };
  }
}

/** What a change of makes a state worth telling again by itself. */
function gist(status: LineStatus | ExtensionStatus): string {
  return `${status.state} ${status.call} ${status.peer} ${status.direction}`;
}
