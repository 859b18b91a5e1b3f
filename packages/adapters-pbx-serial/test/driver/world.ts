import { asId, type Clock, type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { PartyHabit, PbxWorld, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { type PbxNews, VirtualPbx } from '@cordboard/simulator';
import {
  createPbxSerialDriver,
  KTS_ASCII,
  KTS_BIN,
  type KtsMessage,
  type PbxSerialOptionsInput,
} from '../../src/index.js';
import { CAPABILITIES } from '../../src/wire/index.js';
import { type Fault, type LineEnd, line, randomOf } from '../kts/line.js';
import { type PbxMemory, TestPbx } from '../kts/pbx.js';
import { extMessage, lineMessage, messageOf, recordMessage, SERVICES, slotMessage } from './sim-messages.js';

export const SWITCH = asId<SwitchId>('kts');
const CALLERS = ['13912345678', '13800000002'] as const;
const LINES = [1, 2, 3, 4];
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** How a PBX puts what changes at one moment in an order: the page leaves it open. */
export type Order = 'asTold' | 'extensionsFirst' | 'linesFirst';

/** A clock that knows how many timers were set by it. */
export class CountingClock implements Clock {
  readonly clock: Clock;
  pending = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }
  nowMs(): number {
    return this.clock.nowMs();
  }
  wallMs(): number {
    return this.clock.wallMs();
  }
  setTimer(delayMs: number, callback: () => void): () => void {
    this.pending += 1;
    let isOver = false;
    const over = (): void => {
      if (!isOver) this.pending -= 1;
      isOver = true;
    };
    const cancel = this.clock.setTimer(delayMs, () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}

/** What a world is made of. */
export interface KtsWorldOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1';
  readonly order?: Order;
  readonly baudRate?: number;
  /** What the line does to bytes, both ways. */
  readonly fault?: Fault;
  /** In which pieces a write of the PBX arrives. */
  readonly pieces?: (bytes: Uint8Array) => readonly Uint8Array[];
  /** Default 30 s. */
  readonly patienceMs?: number;
  readonly wrap?: (driver: CtiDriver) => CtiDriver;
  readonly options?: Partial<PbxSerialOptionsInput>;
}

/** A virtual PBX on one end of a line in memory and drivers on the other, in virtual time. */
export class KtsWorld implements World {
  readonly switchId = SWITCH;
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'pbx',
    'outside',
    'hold',
    'transfer',
    'pickUp',
    'digitsHeard',
    'cutLink',
    'freeze',
    'restartSwitch',
  ]);
  readonly inboundNumber = '01065001000';
  readonly redirectNumber = '';
  readonly prompts = { short: '', long: '', missing: '' };
  readonly patienceMs: number;
  readonly trunk = deviceId(SWITCH, 'trunk', 'city');
  readonly clock = new SimulatedClock();
  readonly driverClock = new CountingClock(this.clock);
  readonly sim: VirtualPbx;
  readonly phones: readonly [KtsPhone, KtsPhone, KtsPhone];
  readonly callers: readonly [KtsCaller, KtsCaller];
  readonly pbx: PbxWorld;
  readonly records: PbxMemory;
  readonly #how: KtsWorldOptions;
  face: TestPbx | undefined;
  #host: LineEnd | undefined;
  #toHost: (bytes: Uint8Array) => void = () => undefined;
  #frozen: Uint8Array[] | undefined;
  #cutUntilMs = 0;
  #boot = 0;
  #openTransports = 0;
  #seed = 0;
  #batch: PbxNews[] = [];

  constructor(how: KtsWorldOptions) {
    this.#how = how;
    this.patienceMs = how.patienceMs ?? 30_000;
    this.sim = new VirtualPbx({ clock: this.clock, lines: 4, extensions: 8 });
    this.records = { store: 99, first: 1, next: 1, records: new Map() };
    this.phones = [new KtsPhone(this, '801'), new KtsPhone(this, '802'), new KtsPhone(this, '803')];
    this.callers = [new KtsCaller(this, CALLERS[0]), new KtsCaller(this, CALLERS[1])];
    this.pbx = pbxWorldOf(this);
    for (const each of LINES) this.sim.setParameter({ item: 8, index: each, field: 1 }, Uint8Array.of(0b11));
    this.sim.connectExchange({
      dialled: (each, number) => this.callers.find((caller) => caller.number === number)?.called(each),
      key: (each, key) => this.callers.find((caller) => caller.line === each)?.hear(key),
      released: (each) => this.callers.find((caller) => caller.line === each)?.letGo(),
    });
    this.sim.subscribe((news) => this.#tell(news));
    this.powerOn();
  }

  get outsider(): KtsCaller {
    return this.callers[0];
  }

  powerOn(): void {
    const profile = this.#how.profile === 'kts-bin/1' ? KTS_BIN : KTS_ASCII;
    this.sim.powerOn();
    this.#boot += 1;
    const face = new TestPbx({
      clock: this.clock,
      profile,
      memory: this.records,
      boot: this.#boot,
      baudRate: this.#how.baudRate ?? 9_600,
      port: { write: (bytes) => this.#write(bytes) },
    });
    face.caps = CAPABILITIES;
    face.answer = (request) => this.#answer(request, face);
    face.states = () => [
      ...this.sim.extensions().map(extMessage),
      ...this.sim.lines().map(lineMessage),
      ...this.sim
        .slots()
        .filter((slot) => slot.state === 'taken')
        .map(slotMessage),
    ];
    this.face = face;
  }

  #answer(request: KtsMessage, face: TestPbx): KtsMessage | undefined {
    if (request.type === 'clockGet') {
      return { type: 'clock', ref: request.ref, at: new Date(this.sim.now()).toISOString().slice(0, 19) };
    }
    if (request.type === 'clockSet') {
      this.sim.setTime(Date.parse(`${request.at}Z`));
      return { type: 'result', ref: request.ref, code: 'ok' };
    }
    if (request.type !== 'call')
      return 'ref' in request ? { type: 'result', ref: request.ref, code: 'unsupported' } : undefined;
    const { ref, op, type, ...fields } = request;
    const service = SERVICES[op];
    if (service === undefined) return { type: 'callResult', ref, code: 'unsupported' };
    this.sim.carryOut({ service, ...fields }, ({ code, ...told }) => {
      face.tell({ type: 'callResult', ref, code: code.toLowerCase() as 'ok', ...told });
    });
    return undefined;
  }

  /** What is told at one moment may be put in another order. */
  #tell(news: PbxNews): void {
    const { order = 'asTold' } = this.#how;
    if (order === 'asTold') return this.#tellNow(news);
    if (this.#batch.length === 0) this.clock.setTimer(0, () => this.#flush(order));
    this.#batch.push(news);
  }

  #flush(order: Order): void {
    const batch = this.#batch;
    this.#batch = [];
    const first = order === 'linesFirst' ? 'line' : 'extension';
    // The last word of each device at this moment.
    const rank = (news: PbxNews): number => (news.type === first ? 0 : news.type === 'slot' ? 2 : 1);
    const states = batch.filter((news) => news.type === 'line' || news.type === 'extension' || news.type === 'slot');
    const others = batch.filter((news) => !states.some((state) => state === news));
    for (const news of [...states.sort((a, b) => rank(a) - rank(b)), ...others]) this.#tellNow(news);
  }

  #tellNow(news: PbxNews): void {
    if (news.type === 'record') {
      const { store: _, record: __, ...fields } = recordMessage(news.record, 0);
      this.face?.record(fields);
      return;
    }
    const message = messageOf(news, this.records.store);
    if (message !== undefined) this.face?.tell(message);
  }

  #write(bytes: Uint8Array): void {
    if (this.#frozen !== undefined) this.#frozen.push(bytes);
    else this.#toHost(bytes);
  }

  createDriver(): CtiDriver {
    this.#seed += 1;
    const factory = createPbxSerialDriver({
      profile: this.#how.profile,
      transport: { baudRate: this.#how.baudRate ?? 9_600, open: (signal) => this.#open(signal) },
      lines: Object.fromEntries(LINES.map((each) => [each, { trunk: 'city', number: this.inboundNumber }])),
      ...this.#how.options,
    });
    const driver = factory(SWITCH, { clock: this.driverClock, random: randomOf(this.#seed), log: LOG });
    return this.#how.wrap?.(driver) ?? driver;
  }

  async #open(signal: AbortSignal) {
    signal.throwIfAborted();
    if (this.clock.nowMs() < this.#cutUntilMs) throw Object.assign(new Error('cut'), { code: 'ENOENT' });
    const { baudRate = 9_600, fault, pieces = (bytes) => [bytes] } = this.#how;
    const [host, far] = line({ clock: this.clock, baudRate, ...(fault === undefined ? {} : { fault }) });
    far.on('data', (bytes: Uint8Array) => this.face?.hear(bytes));
    this.#toHost = (bytes) => {
      for (const piece of pieces(bytes)) far.write(piece);
    };
    this.#host = host;
    this.#openTransports += 1;
    host.once('close', () => {
      this.#openTransports -= 1;
    });
    return host.asTransport();
  }

  async until(condition: () => boolean, boundMs: number): Promise<boolean> {
    const untilMs = this.clock.nowMs() + boundMs;
    await settle();
    while (!condition()) {
      if (this.clock.nowMs() >= untilMs) return false;
      // From one thing that happens to the next.
      const leftMs = untilMs - this.clock.nowMs();
      await this.clock.tick(Math.min(this.clock.nextDelayMs ?? leftMs, leftMs));
    }
    return true;
  }

  async pass(forMs: number): Promise<void> {
    await this.clock.tick(forMs);
  }

  /** Bytes on the line that the PBX did not send. */
  noise(bytes: Uint8Array): void {
    this.#toHost(bytes);
  }

  async cutLink(forMs: number): Promise<void> {
    this.#cutUntilMs = this.clock.nowMs() + forMs;
    this.#toHost = () => undefined;
    this.#host?.destroy();
    await settle();
  }

  async freeze(forMs: number): Promise<void> {
    this.#frozen = [];
    this.clock.setTimer(forMs, () => {
      const held = this.#frozen ?? [];
      this.#frozen = undefined;
      for (const bytes of held) this.#toHost(bytes);
    });
  }

  async restartSwitch(): Promise<void> {
    this.face?.powerOff();
    this.sim.powerOff();
    this.clock.setTimer(1_000, () => this.powerOn());
    await settle();
  }

  async liveConnections(): Promise<number> {
    const exts = this.sim.extensions().filter(({ call }) => call !== undefined);
    const lines = this.sim.lines().filter(({ call }) => call !== undefined);
    return exts.length + lines.length;
  }

  resources(): number {
    return this.driverClock.pending + this.#openTransports;
  }

  async reset(): Promise<void> {
    for (const party of [...this.phones, ...this.callers]) {
      await party.setHabit('ring');
      await party.hangUp();
    }
    for (const caller of this.callers) caller.forget();
    await this.pbx.tellCallers('ring');
    await this.pass(5_000);
    for (const phone of this.phones) await phone.hangUp();
    await this.pass(1_000);
  }

  async close(): Promise<void> {
    this.face?.powerOff();
    this.sim.powerOff();
  }
}

function pbxWorldOf(world: KtsWorld): PbxWorld {
  const act = async (service: 'park' | 'unpark' | 'conference', phone: WorldParty, slot?: number): Promise<void> => {
    world.sim.carryOut({ service, ext: phone.number, ...(slot === undefined ? {} : { slot }) });
    await settle();
  };
  return {
    lines: LINES.map((each) => deviceId(SWITCH, 'line', String(each))),
    callers: world.callers,
    callerName: '张三',
    slot: (number) => deviceId(SWITCH, 'park', String(number)),
    park: (phone, slot) => act('park', phone, slot),
    unpark: (phone, slot) => act('unpark', phone, slot),
    join: (phone) => act('conference', phone),
    tellCallers: async (how) => {
      for (const each of LINES) world.sim.setParameter({ item: 25, index: each, field: 2 }, how === 'late' ? 3 : 0);
      for (const caller of world.callers) caller.told = how;
    },
  };
}

/** Somebody outside. */
export class KtsCaller implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: KtsWorld;
  line: number | undefined;
  told: 'ring' | 'name' | 'late' | 'withheld' = 'ring';
  #habit: PartyHabit = 'ring';
  #heard = '';

  constructor(world: KtsWorld, number: string) {
    this.#world = world;
    this.number = number;
    this.device = deviceId(SWITCH, 'external', number);
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
  }

  async dial(): Promise<void> {
    const { sim } = this.#world;
    const isFree = (): number | undefined => sim.lines().find(({ state }) => state === 'idle')?.line;
    await this.#world.until(() => isFree() !== undefined, 10_000);
    const free = isFree();
    if (free === undefined) throw new Error('no line is free');
    this.line = free;
    const { told, number } = this;
    sim.ringIn(free, {
      presentation: told === 'withheld' ? 'withheld' : 'number',
      number,
      // 张三 in GBK.
      ...(told === 'name' ? { nameBytes: Uint8Array.of(0xd5, 0xc5, 0xc8, 0xfd), charset: 'gbk' } : {}),
    });
    await settle();
  }

  /** A call out has reached this number. */
  called(line: number): void {
    const { sim, clock } = this.#world;
    if (this.line !== undefined) return void clock.setTimer(200, () => sim.far(line, 'busy'));
    this.line = line;
    this.#heard = '';
    clock.setTimer(200, () => {
      if (this.line !== line) return;
      if (this.#habit === 'busy' || this.#habit === 'reject') return sim.far(line, 'busy');
      sim.far(line, 'rings');
      if (this.#habit === 'answer') clock.setTimer(300, () => this.line === line && sim.far(line, 'answers'));
    });
  }

  hear(key: string): void {
    this.#heard += key;
  }

  letGo(): void {
    this.line = undefined;
  }

  forget(): void {
    this.#heard = '';
  }

  async answer(): Promise<void> {
    if (this.line !== undefined) this.#world.sim.far(this.line, 'answers');
    await settle();
  }

  async hangUp(): Promise<void> {
    if (this.line !== undefined) this.#world.sim.far(this.line, 'hangsUp');
    this.line = undefined;
    await settle();
  }

  async press(digits: string): Promise<void> {
    for (const key of digits) if (this.line !== undefined) this.#world.sim.farKey(this.line, key);
    await settle();
  }

  async digitsHeard(): Promise<string> {
    return this.#heard;
  }

  hold = never;
  retrieve = never;
  transfer = never;
  completeTransfer = never;
  pickUp = never;
}

/** A telephone of the PBX, and who sits at it. */
export class KtsPhone implements WorldParty {
  readonly device: DeviceId;
  readonly number: string;
  readonly #world: KtsWorld;
  #habit: PartyHabit = 'ring';

  constructor(world: KtsWorld, number: string) {
    this.#world = world;
    this.number = number;
    this.device = deviceId(SWITCH, 'extension', number);
    world.sim.subscribe((news) => {
      if (news.type !== 'extension' || news.status.ext !== number || news.status.state !== 'ringing') return;
      if (this.#habit === 'answer') world.clock.setTimer(100, () => void this.answer());
    });
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    this.#habit = habit;
  }

  async dial(number: string): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => {
      keys.lift(ext, 'off');
      for (const key of number.length > 4 ? `9${number}#` : number) keys.press(ext, key);
    });
    await settle();
  }

  async answer(): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => keys.lift(ext, 'handsFree'));
    await settle();
  }

  async hangUp(): Promise<void> {
    this.#world.sim.hand(this.number, (ext, { keys }) => keys.putDown(ext));
    await settle();
  }

  async press(digits: string): Promise<void> {
    for (const key of digits) this.#world.sim.hand(this.number, (ext, { keys }) => keys.press(ext, key));
    await settle();
  }

  digitsHeard(): Promise<string> {
    return Promise.resolve('');
  }

  hold = (): Promise<void> => this.#act('hold');
  retrieve = (): Promise<void> => this.#act('retrieve');
  transfer = (to: string): Promise<void> => this.#act('transfer', { to });
  completeTransfer = (): Promise<void> => this.#act('transfer');
  pickUp = (other: DeviceId): Promise<void> => this.#act('pickUp', { to: other.slice(other.lastIndexOf(':') + 1) });

  async #act(service: 'hold' | 'retrieve' | 'transfer' | 'pickUp', more: { readonly to?: string } = {}): Promise<void> {
    this.#world.sim.carryOut({ service, ext: this.number, ...more });
    await settle();
  }
}

function never(): Promise<void> {
  return Promise.reject(new Error('this world cannot do that'));
}
