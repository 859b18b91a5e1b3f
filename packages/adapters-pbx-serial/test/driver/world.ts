import { asId, type CtiDriver, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { PbxWorld, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { SimulatedClock, settle } from '@cordboard/driver-kit/testing';
import { ktsFace, type PbxNews, type PbxOptions, VirtualPbx, WireLine } from '@cordboard/simulator';
import {
  createPbxSerialDriver,
  KTS_ASCII,
  KTS_BIN,
  type KtsMessage,
  type PbxSerialOptionsInput,
} from '../../src/index.js';
import { CAPABILITIES } from '../../src/wire/index.js';
import { type Fault, LineEnd, line, randomOf } from '../kts/line.js';
import { type PbxMemory, TestPbx } from '../kts/pbx.js';
import { CountingClock } from './counting-clock.js';
import { KtsCaller, KtsPhone } from './people.js';
import { extMessage, lineMessage, messageOf, recordMessage, SERVICES, slotMessage } from './sim-messages.js';

export const SWITCH = asId<SwitchId>('kts');
const CALLERS = ['13912345678', '13800000002'] as const;
const LINES = [1, 2, 3, 4];
const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** How a PBX puts what changes at one moment in an order: the page leaves it open. */
export type Order = 'asTold' | 'extensionsFirst' | 'linesFirst';

/** What a world is made of. */
export interface KtsWorldOptions {
  readonly profile: 'kts-bin/1' | 'kts-ascii/1';
  /** Who speaks for the PBX: the simulator, with encoders and a link of its own; or the double of these tests, which can tell things in another order. Default `double`. */
  readonly face?: 'simulator' | 'double';
  readonly order?: Order;
  readonly baudRate?: number;
  /** What the line does to bytes, both ways. */
  readonly fault?: Fault;
  /** In which pieces a write of the PBX arrives. */
  readonly pieces?: (bytes: Uint8Array) => readonly Uint8Array[];
  /** What the PBX says in so many ms arrives as one piece. */
  readonly togetherMs?: number;
  /** Default 30 s. */
  readonly patienceMs?: number;
  readonly wrap?: (driver: CtiDriver) => CtiDriver;
  readonly options?: Partial<PbxSerialOptionsInput>;
  /** How the PBX is built otherwise. */
  readonly pbx?: Partial<Pick<PbxOptions, 'lacks'>>;
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
  readonly wire: WireLine | undefined;
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
    this.sim = new VirtualPbx({ clock: this.clock, lines: 4, extensions: 8, ...how.pbx });
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
    const { baudRate = 9_600, profile } = how;
    if (how.face === 'simulator') {
      const face = ktsFace(profile, { baudRate });
      this.wire = new WireLine({ clock: this.clock, settings: face.settings, pace: baudRate === 0 ? 'none' : 'line' });
      const attached = this.sim.addPort(face, this.wire);
      this.wire.onReceive((bytes) => attached.receive(bytes));
    } else this.sim.subscribe((news) => this.#tell(news));
    this.powerOn();
  }

  get outsider(): KtsCaller {
    return this.callers[0];
  }

  powerOn(): void {
    const profile = this.#how.profile === 'kts-bin/1' ? KTS_BIN : KTS_ASCII;
    this.sim.powerOn();
    if (this.wire !== undefined) return;
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
    if (this.wire !== undefined) return this.#openWire(this.wire);
    const { baudRate = 9_600, fault, pieces = (bytes) => [bytes] } = this.#how;
    const [host, far] = line({ clock: this.clock, baudRate, ...(fault === undefined ? {} : { fault }) });
    far.on('data', (bytes: Uint8Array) => this.face?.hear(bytes));
    const send = (bytes: Uint8Array): void => {
      for (const piece of pieces(bytes)) far.write(piece);
    };
    this.#toHost = this.#together(send);
    return this.#opened(host);
  }

  #together(send: (bytes: Uint8Array) => void): (bytes: Uint8Array) => void {
    const { togetherMs } = this.#how;
    if (togetherMs === undefined) return send;
    let waiting: Uint8Array[] = [];
    return (bytes) => {
      if (waiting.length === 0) {
        this.clock.setTimer(togetherMs, () => {
          const all = Buffer.concat(waiting);
          waiting = [];
          send(Uint8Array.from(all));
        });
      }
      waiting.push(bytes);
    };
  }

  #openWire(wire: WireLine) {
    const host = new LineEnd({ clock: this.clock, baudRate: 0, fault: (bytes) => bytes });
    const send = wire.connect((bytes) => this.#write(bytes));
    host.write = (bytes) => {
      if (!host.isOver) send(bytes);
      return !host.isOver;
    };
    this.#toHost = (bytes) => {
      if (!host.isOver) host.emit('data', bytes);
    };
    return this.#opened(host);
  }

  #opened(host: LineEnd) {
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
    // Who holds what nobody else ends lets go of it.
    for (let rounds = 0; rounds < 4; rounds++) {
      for (const { number } of this.sim.extensions().map((each) => ({ number: each.ext }))) {
        this.sim.carryOut({ service: 'retrieve', ext: number });
        this.sim.carryOut({ service: 'hangUp', ext: number });
      }
    }
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
