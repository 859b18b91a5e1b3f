import type { Calls } from './calls.js';
import type { PbxCore } from './core.js';
import type { Joining } from './joining.js';
import type { Room } from './memory.js';
import type { Extension } from './parts.js';
import type { LocalMs, RoomNews } from './status.js';

/** What a hotel asks of a room's extension (docs/protocols/kts-1.md, section 14). */
export type HotelRequest = { readonly ext: string } & (
  | { readonly op: 'checkIn'; readonly classOfService?: number; readonly name?: string }
  | { readonly op: 'checkOut' }
  | { readonly op: 'class'; readonly classOfService: number }
  | { readonly op: 'wake'; readonly at: LocalMs; readonly daily?: boolean }
  | { readonly op: 'wakeClear' }
  | { readonly op: 'lamp' | 'dnd'; readonly on: boolean }
  | { readonly op: 'room'; readonly status: number }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'move'; readonly to: string }
);

/** What became of it. */
export type HotelResult = 'ok' | 'noDevice' | 'range' | 'wrongState' | 'unsupported';

/** A wake-up call that was due while the power was off is made up for when it is no older than this, ms. */
const WAKE_LATE_MS = 600_000;
/** How often the PBX looks at its clock at least, ms: it may be set, and it drifts. */
const LOOK_MS = 60_000;
/** A busy telephone is tried so often. */
const WAKE_TRIES = 3;

/** Rooms, wake-up calls, and the change from day to night. */
export class Hotel {
  readonly #core: PbxCore;
  readonly #calls: Calls;
  #cancel: (() => void) | undefined;
  #period: 1 | 2 = 1;

  constructor(core: PbxCore, calls: Calls, joining: Joining) {
    this.#core = core;
    this.#calls = calls;
    joining.onAwake = (leg) => this.#tellWake(leg.ext, 'answered');
    core.onSchedule = () => this.schedule();
  }

  /** The power has come, the clock or a wake-up call was set: looks when the next thing is due. */
  schedule(): void {
    if (this.#core.power === 'off') return;
    this.#cancel?.();
    const now = this.#core.time.now();
    let dueMs = LOOK_MS;
    for (const ext of this.#core.extensions) {
      const { wake } = this.#core.memory.port(ext.port);
      if (wake !== undefined) dueMs = Math.min(dueMs, Math.max(0, Math.ceil(wake.at - now)));
    }
    dueMs = Math.min(dueMs, LOOK_MS - (((now % LOOK_MS) + LOOK_MS) % LOOK_MS));
    this.#cancel = this.#core.after(Math.max(1, Math.ceil(dueMs)), () => this.#look());
  }

  /** Carries out what a hotel asks for. */
  carryOut(request: HotelRequest): HotelResult {
    if (this.#core.setup.lacks.includes('hotel')) return 'unsupported';
    const ext = this.#core.extension(request.ext);
    if (ext === undefined) return 'noDevice';
    const memory = this.#core.memory.port(ext.port);
    const outcome = this.#apply(ext, request, memory);
    if (outcome === 'ok') {
      this.#core.touch(ext);
      this.schedule();
    }
    return outcome;
  }

  /** Tells what happened at the telephone of a room. */
  tell(ext: Extension, news: RoomNews): void {
    this.#core.tell({ type: 'room', ext: ext.number, news, at: this.#core.time.now() });
  }

  #apply(ext: Extension, request: HotelRequest, memory: ReturnType<PbxCore['memory']['port']>): HotelResult {
    const { room } = memory;
    switch (request.op) {
      case 'checkIn': {
        const { classOfService, name } = request;
        if (classOfService !== undefined && !isClass(classOfService)) return 'range';
        if (room.occupied) return 'wrongState';
        memory.room = {
          occupied: true,
          status: room.status ?? 2,
          ...(classOfService === undefined ? {} : { classOfService }),
          ...(name === undefined || name === '' ? {} : { name }),
        };
        return 'ok';
      }
      case 'checkOut':
        this.#clear(ext);
        return 'ok';
      case 'class':
        if (!isClass(request.classOfService)) return 'range';
        memory.room = { ...room, classOfService: request.classOfService };
        return 'ok';
      case 'wake':
        if (request.at <= this.#core.time.now() && request.daily !== true) return 'range';
        memory.wake = { at: request.at, daily: request.daily ?? false };
        return 'ok';
      case 'wakeClear':
        memory.wake = undefined;
        return 'ok';
      case 'lamp':
        memory.lamp = request.on;
        return 'ok';
      case 'dnd':
        this.#core.memory.parameters.set(`10.${ext.port}.1`, request.on);
        return 'ok';
      case 'room':
        if (!Number.isInteger(request.status) || request.status < 1 || request.status > 6) return 'range';
        memory.room = { ...room, status: request.status };
        return 'ok';
      case 'name':
        memory.room = withName(room, request.name);
        return 'ok';
      case 'move':
        return this.#move(ext, request.to);
    }
  }

  #move(ext: Extension, to: string): HotelResult {
    const target = this.#core.extension(to);
    if (target === undefined) return 'noDevice';
    const from = this.#core.memory.port(ext.port);
    const into = this.#core.memory.port(target.port);
    if (into.room.occupied || target === ext) return 'wrongState';
    into.room = from.room;
    into.wake = from.wake;
    into.lamp = from.lamp;
    this.#core.memory.parameters.set(`10.${target.port}.1`, this.#core.parameters.flag(10, ext.port));
    this.#clear(ext);
    this.#core.touch(target);
    return 'ok';
  }

  #clear(ext: Extension): void {
    const memory = this.#core.memory.port(ext.port);
    const { status } = memory.room;
    memory.room = { occupied: false, classOfService: 6, ...(status === undefined ? {} : { status }) };
    memory.wake = undefined;
    memory.lamp = false;
    this.#core.memory.parameters.set(`10.${ext.port}.1`, false);
  }

  #look(): void {
    const now = this.#core.time.now();
    const period = this.#core.period();
    if (period !== this.#period) {
      this.#period = period;
      for (const ext of this.#core.extensions) this.#core.touch(ext);
    }
    for (const ext of this.#core.extensions) {
      const memory = this.#core.memory.port(ext.port);
      const { wake } = memory;
      if (wake === undefined || wake.at > now) continue;
      const next = wake.at + Math.ceil((now - wake.at + 1) / 86_400_000) * 86_400_000;
      memory.wake = wake.daily ? { at: next, daily: true } : undefined;
      if (now - wake.at <= WAKE_LATE_MS) this.#wake(ext, 1);
      else this.#tellWake(ext, 'noAnswer');
    }
    this.schedule();
  }

  #wake(ext: Extension, attempt: number): void {
    const core = this.#core;
    if (!this.#calls.isFree(ext)) {
      if (attempt >= WAKE_TRIES) return this.#tellWake(ext, 'busy');
      core.after(core.setup.times.wakeAgainMs, () => this.#wake(ext, attempt + 1));
      return;
    }
    const call = core.newCall();
    call.direction = 'internal';
    const leg = this.#calls.ring(ext, call, { reason: 'wake' });
    leg.cancel = core.after(core.setup.times.wakeRingMs, () => {
      this.#calls.unseat(leg, 'noAnswer');
      core.forget(call);
      this.#tellWake(ext, 'noAnswer');
    });
  }

  #tellWake(ext: Extension, outcome: 'answered' | 'noAnswer' | 'busy'): void {
    this.tell(ext, { what: 'wake', outcome });
  }
}

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 6;
}

function withName(room: Room, name: string): Room {
  const { name: _, ...rest } = room;
  return name === '' ? rest : { ...rest, name };
}
