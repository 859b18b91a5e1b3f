import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type CtiDriver, type DeviceId, deviceId, type SwitchId } from '@cordboard/cti-core';
import type { PartyHabit, World, WorldAbility, WorldParty } from '@cordboard/driver-kit/conformance';
import { type EslFace, type EslFaults, eslFace } from '../../simulator/src/esl/index.js';
import { Scheduler } from '../../simulator/src/scheduler.js';
import type { Leg, VirtualParty } from '../../simulator/src/switch/model.js';
import { VirtualSwitch } from '../../simulator/src/switch/virtual-switch.js';
import { freeswitch } from '../src/driver.js';
import type { FreeswitchOptionsInput } from '../src/driver-options.js';

const SWITCH = 'sim' as SwitchId;
const PHONES = ['8001', '8002', '8003', '8009'] as const;
const OUTSIDE = '+8613900000000';
const SOUND_MS: Readonly<Record<string, number>> = { short: 800, long: 20_000 };
/** Lets a phone call another one past us. */
const DIRECT = '77';

/** What a world may be told. */
export interface EslWorldOptions {
  readonly seed?: number;
  /** Default `plain`. */
  readonly orders?: 'drawn' | 'plain';
  readonly driver?: Partial<FreeswitchOptionsInput>;
  readonly faults?: EslFaults;
}

/** A socket between driver and switch that can be cut and kept apart. */
class Gate {
  readonly #sockets = new Set<Socket>();
  readonly #far = new Set<Socket>();
  readonly #server: Server;
  isOpen = true;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: () => number): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server);
    server.on('connection', (near) => {
      if (!gate.isOpen) return void near.destroy();
      const far = connect(port(), '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.setNoDelay(true);
        one.on('data', (chunk) => other.write(chunk));
        one.on('error', () => undefined);
        one.on('close', () => other.destroy());
      }
      gate.#sockets.add(near);
      gate.#far.add(far);
      far.on('close', () => gate.#far.delete(far));
      near.on('close', () => gate.#sockets.delete(near));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Keeps what the switch says until {@link release}, which lets all of it through at once. */
  hold(): void {
    for (const socket of this.#far) socket.pause();
  }

  release(): void {
    for (const socket of this.#far) socket.resume();
  }

  cut(): void {
    this.isOpen = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** The conformance suite's world behind the simulator's event socket: virtual telephones and virtual time, real TCP. */
export class EslWorld implements World {
  readonly switchId = SWITCH;
  readonly can: ReadonlySet<WorldAbility> = new Set<WorldAbility>([
    'outside',
    'unreachable',
    'hold',
    'transfer',
    'attendedTransfer',
    'pickUp',
    'digitsHeard',
    'cutLink',
    'freeze',
    'restartSwitch',
    'foreignCalls',
  ]);
  readonly inboundNumber = '4008001000';
  readonly redirectNumber = '8999';
  readonly prompts = { short: 'short', long: 'long', missing: 'missing' };
  readonly patienceMs = 5_000;
  readonly face: EslFace;
  readonly virtualSwitch: VirtualSwitch;
  readonly phones: readonly [WorldParty, WorldParty, WorldParty];
  readonly outsider: WorldParty;
  readonly unreachable: DeviceId;
  readonly trunk: DeviceId;
  readonly log: string[] = [];
  readonly gate: Gate;
  readonly #options: EslWorldOptions;
  readonly #folder: string;
  #timers = 0;
  #frozenUntilMs = 0;
  #skewMs = 0;

  private constructor(parts: {
    readonly options: EslWorldOptions;
    readonly folder: string;
    readonly face: EslFace;
    readonly virtualSwitch: VirtualSwitch;
    readonly gate: Gate;
  }) {
    this.#options = parts.options;
    this.#folder = parts.folder;
    this.face = parts.face;
    this.virtualSwitch = parts.virtualSwitch;
    this.gate = parts.gate;
    const [first, second, third, absent] = PHONES;
    this.phones = [this.#party(first), this.#party(second), this.#party(third)];
    this.outsider = this.#party(OUTSIDE);
    this.unreachable = deviceId(SWITCH, 'extension', absent);
    this.trunk = this.virtualSwitch.trunk;
    this.virtualSwitch.setRegistered(this.virtualSwitch.party(absent), 'unregistered');
  }

  static async open(options: EslWorldOptions = {}): Promise<EslWorld> {
    const { seed = 1, orders = 'plain', faults = {} } = options;
    const clock = new Scheduler(Date.UTC(2026, 0, 5, 9));
    const pbx = new VirtualSwitch({ switchId: SWITCH, seed, extensions: PHONES, orders: 'plain' }, clock);
    const trunk = pbx.trunk.slice(pbx.trunk.lastIndexOf(':') + 1);
    const folder = mkdtempSync(join(tmpdir(), 'cordboard-esl-'));
    let world: EslWorld | undefined;
    const face = eslFace({
      seed,
      orders,
      clock,
      pbx,
      recordings: folder,
      dialplan: [
        { number: '4008001000', apps: [['set', `cordboard=trunk:${trunk}`], 'park'] },
        { number: '/^.*$/', context: 'cordboard-transfer', apps: ['park'] },
        { number: '8999', apps: ['answer', ['playback', 'cordboard/long.wav']] },
        { number: 'cordboard-fallback', apps: ['answer', ['playback', 'cordboard/long.wav']] },
        { number: `/^${DIRECT}(\\d+)$/`, apps: [['bridge', 'user/$1']] },
        { number: '/^80\\d\\d$/', unless: 'cordboard_back', apps: [['set', 'cordboard=phone'], 'park'] },
      ],
      soundMs: (path) => SOUND_MS[/([a-z]+)\.wav$/.exec(path)?.[1] ?? ''],
      faults: {
        ...faults,
        reply: (line) => {
          const given = faults.reply?.(line);
          const leftMs = (world?.frozenUntilMs ?? 0) - clock.nowMs();
          return given ?? (leftMs > 0 ? { lateMs: leftMs } : undefined);
        },
      },
    });
    await face.listen();
    const gate = await Gate.to(() => face.port);
    world = new EslWorld({ options, folder, face, virtualSwitch: pbx, gate });
    return world;
  }

  /** The reader of the driver's events takes its time: the clock goes on and nothing else does. */
  dawdle(forMs: number): void {
    this.#skewMs += forMs;
  }

  get frozenUntilMs(): number {
    return this.#frozenUntilMs;
  }

  createDriver(more: Partial<FreeswitchOptionsInput> = {}): CtiDriver {
    const log = (message: string, fields?: object): void => {
      if (this.log.length < 2_000) this.log.push(`${message} ${JSON.stringify(fields)}`);
    };
    return freeswitch({
      esl: { host: '127.0.0.1', port: this.gate.port, password: 'ClueCon' },
      recordings: { path: this.#folder },
      backoffFirst: '50ms',
      backoffMax: '200ms',
      ...this.#options.driver,
      ...more,
    })(SWITCH, {
      clock: this.#clock(),
      random: () => 0.5,
      log: { debug: () => undefined, info: () => undefined, warn: log, error: log },
    });
  }

  until(condition: () => boolean, boundMs: number): Promise<boolean> {
    return this.face.until(condition, boundMs);
  }

  async pass(forMs: number): Promise<void> {
    await this.face.pass(forMs);
  }

  async cutLink(forMs: number): Promise<void> {
    this.gate.cut();
    this.face.clock.setTimer(forMs, () => {
      this.gate.isOpen = true;
    });
    await this.settle();
  }

  async freeze(forMs: number): Promise<void> {
    this.#frozenUntilMs = this.face.clock.nowMs() + forMs;
    await this.settle();
  }

  async restartSwitch(): Promise<void> {
    await this.face.restart(2_000);
    await this.settle();
  }

  async liveConnections(): Promise<number> {
    await this.pass(1_000);
    return this.virtualSwitch.legs.size;
  }

  resources(): number {
    return this.#timers + this.gate.connections;
  }

  async reset(): Promise<void> {
    this.gate.isOpen = true;
    this.#frozenUntilMs = 0;
    for (const leg of [...this.virtualSwitch.legs.values()]) this.virtualSwitch.end(leg, 'normalClearing');
    for (const party of [...this.phones, this.outsider]) await party.setHabit('ring');
    for (const party of [...PHONES, OUTSIDE]) this.virtualSwitch.party(party).heard = '';
    await this.pass(5_000);
  }

  async close(): Promise<void> {
    await this.reset();
    await this.gate.close();
    await this.face.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Lets what is on its way through sockets arrive, without letting time pass. */
  async settle(): Promise<void> {
    await this.face.until(() => false, 0);
  }

  #party(address: string): WorldParty {
    return new EslParty(this, this.virtualSwitch.party(address));
  }

  /** The world's time, with the timers counted that the driver has set. */
  #clock(): Clock {
    const { clock } = this.face;
    return {
      nowMs: () => clock.nowMs() + this.#skewMs,
      wallMs: () => clock.wallMs(),
      setTimer: (delayMs, callback) => {
        this.#timers += 1;
        let isSet = true;
        const done = (): void => {
          if (isSet) this.#timers -= 1;
          isSet = false;
        };
        const cancel = clock.setTimer(delayMs, () => {
          done();
          callback();
        });
        return () => {
          done();
          cancel();
        };
      },
    };
  }
}

/** A party of the virtual switch with the hands of the suite. */
class EslParty implements WorldParty {
  readonly #world: EslWorld;
  readonly #party: VirtualParty;

  constructor(world: EslWorld, party: VirtualParty) {
    this.#world = world;
    this.#party = party;
  }

  get device(): DeviceId {
    return this.#party.device;
  }
  get number(): string {
    return this.#party.address;
  }

  async setHabit(habit: PartyHabit): Promise<void> {
    const { virtualSwitch: pbx, face } = this.#world;
    const soon = (act: () => void): void => void face.clock.setTimer(100, act);
    this.#party.hooks = {
      ringing: (leg) => {
        if (habit === 'answer') soon(() => pbx.lift(leg));
        if (habit === 'reject') soon(() => pbx.hangUp(leg));
        if (habit === 'busy') soon(() => pbx.end(leg, 'busy', { q850: 17, sip: 486 }));
      },
    };
    await this.#world.settle();
  }

  async dial(number: string): Promise<void> {
    const direct = /^direct:(.+)$/u.exec(number);
    this.#world.virtualSwitch.dial(this.#party, direct === null ? number : `${DIRECT}${direct[1]}`);
    await this.#world.settle();
  }

  async answer(): Promise<void> {
    for (const leg of this.#party.legs) if (leg.state === 'alerting') this.#world.virtualSwitch.lift(leg);
    await this.#world.settle();
  }

  async hangUp(): Promise<void> {
    for (const leg of [...this.#party.legs]) this.#world.virtualSwitch.hangUp(leg);
    await this.#world.settle();
  }

  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      for (const leg of this.#party.legs) this.#world.virtualSwitch.press(leg, digit);
      await this.#world.pass(120);
    }
  }

  async digitsHeard(): Promise<string> {
    await this.#world.settle();
    return this.#party.heard;
  }

  async hold(): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneHold(leg, 'hold');
    await this.#world.settle();
  }

  async retrieve(): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneHold(leg, 'retrieve');
    await this.#world.settle();
  }

  async transfer(number: string): Promise<void> {
    for (const leg of this.#party.legs) this.#world.virtualSwitch.phoneTransfer(leg, number);
    await this.#world.settle();
  }

  async completeTransfer(): Promise<void> {
    const legs = [...this.#party.legs];
    const held = legs.find((leg) => leg.heldByDevice !== undefined);
    const active = legs.find((leg): leg is Leg => leg !== held && leg.state === 'connected');
    if (held !== undefined && active !== undefined) this.#world.virtualSwitch.phoneJoin(held, active);
    await this.#world.settle();
  }

  async pickUp(other: DeviceId): Promise<void> {
    const { virtualSwitch: pbx } = this.#world;
    const from = pbx.extensions.find((party) => party.device === other);
    for (const leg of [...(from?.legs ?? [])]) pbx.pickUp(this.#party, leg);
    await this.#world.settle();
  }
}
