import {
  type AgentId,
  asId,
  type BridgeId,
  type CallId,
  type Cdr,
  type ClientCommand,
  type ClientCommandId,
  type ClientId,
  type ClientOutcome,
  CORE_VERSION,
  type ConnectionId,
  connectionId,
  createEngine,
  type DeviceId,
  type DriverCapability,
  type DriverCommand,
  type DriverEvent,
  type DriverProfile,
  type DriverReply,
  type Engine,
  type EngineEffect,
  type EngineInput,
  type EngineInputBody,
  type LinkId,
  MEDIA_CAPABILITIES,
  type PublishedEvent,
  type RecordingId,
  type Role,
  type SwitchId,
  type SwitchSnapshot,
  type TenantConfig,
  type TimerId,
  type UserId,
} from '../../src/index.js';

export const MAIN = asId<SwitchId>('main');
export const ALL: readonly DriverCapability[] = MEDIA_CAPABILITIES;

/** What a phone does when it is rung. */
export type Habit = 'rings' | 'answers' | 'busy' | 'unreachable' | 'dead';

interface Media {
  readonly device: DeviceId;
  readonly direction: 'incoming' | 'outgoing';
  state: 'initiated' | 'alerting' | 'connected';
  bridge?: BridgeId | undefined;
  callId?: CallId | undefined;
  music: 'on' | 'off';
  playing?: string | undefined;
  recording?: RecordingId | undefined;
  monitors?: ConnectionId | undefined;
}

const none = { number: '', presentation: 'unavailable' } as const;

/**
 * An engine, a switch that does what it is told, and a clock, all in the test's hands. The switch answers each command and
 * confirms it in order; a test may hold its answers back or take them away.
 */
export class Floor {
  engine: Engine;
  at = 1000;
  readonly wall0 = 1_700_000_000_000;
  readonly inputs: EngineInput[] = [];
  readonly effects: EngineEffect[] = [];
  readonly commands: DriverCommand[] = [];
  readonly habits = new Map<string, Habit>();
  readonly media = new Map<ConnectionId, Media>();
  readonly outcomes = new Map<string, ClientOutcome>();
  readonly cdrs = new Map<CallId, Cdr>();
  readonly timers = new Map<TimerId, number>();
  /** Commands of these types are swallowed: neither answered nor done. */
  readonly deaf = new Set<string>();
  /** Commands of these types are refused. */
  readonly refuse = new Map<string, Extract<DriverReply, { outcome: 'refused' }>['code']>();
  link: 'up' | 'down' = 'down';
  private n = 0;
  private readonly queue: EngineInputBody[] = [];
  private running: 'running' | 'idle' = 'idle';

  constructor(config: TenantConfig, engine: Engine = createEngine()) {
    this.engine = engine;
    this.input({ kind: 'boot', coreVersion: CORE_VERSION, epoch: 'e1', seed: 7, config });
  }

  /** Links the switch up with what lives on it. */
  up(capabilities: readonly DriverCapability[] = ALL, profile?: DriverProfile): this {
    this.link = 'up';
    const linkId = asId<LinkId>('ari');
    this.event({ type: 'linkUp', linkId });
    this.event({ type: 'snapshot', snapshot: this.snapshot() });
    this.event({ type: 'linkSynced', linkId, capabilities, ...(profile === undefined ? {} : { profile }) });
    return this;
  }

  down(): this {
    this.link = 'down';
    return this.event({ type: 'linkDown', linkId: asId<LinkId>('ari'), reason: 'closed', capabilities: [] });
  }

  snapshot(): SwitchSnapshot {
    return {
      connections: [...this.media].map(([id, media]) => ({
        connectionId: id,
        device: media.device,
        direction: media.direction,
        state: media.state,
        control: 'full' as const,
        calling: none,
        called: none,
        ...(media.callId === undefined ? {} : { callId: media.callId }),
        ...(media.bridge === undefined ? {} : { bridgeId: media.bridge }),
      })),
      recordings: [],
      monitors: [],
      devices: [],
    };
  }

  input(body: EngineInputBody): this {
    this.queue.push(body);
    if (this.running === 'running') return this;
    this.running = 'running';
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      const input = { ...next, atMs: this.at, wallMs: this.wall0 + this.at, offsetMin: 480 } as EngineInput;
      this.inputs.push(input);
      for (const effect of this.engine.apply(input)) this.take(effect);
    }
    this.running = 'idle';
    return this;
  }

  event(event: DriverEvent): this {
    return this.input({ kind: 'driver', switchId: MAIN, event });
  }

  /** Time goes on; timers fire in order on the way. */
  wait(ms: number): this {
    const until = this.at + ms;
    for (;;) {
      const due = [...this.timers]
        .filter(([, at]) => at <= until)
        .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))[0];
      if (due === undefined) break;
      this.timers.delete(due[0]);
      this.at = Math.max(this.at, due[1]);
      this.input({ kind: 'timer', timerId: due[0] });
    }
    this.at = until;
    return this;
  }

  say(agentId: string, command: ClientCommand, options: { role?: Role; id?: string } = {}): ClientOutcome | undefined {
    this.n += 1;
    const commandId = asId<ClientCommandId>(options.id ?? `k${this.n}`);
    const userId = asId<UserId>(agentId);
    const actor = {
      userId,
      role: options.role ?? 'agent',
      agentId: asId<AgentId>(agentId),
      clientId: asId<ClientId>(`${agentId}-tab`),
    } as const;
    this.input({ kind: 'client', commandId, actor, command });
    return this.outcomes.get(`${userId}/${commandId}`);
  }

  /** Logs an agent on and makes them ready. */
  ready(...agents: string[]): this {
    for (const agent of agents) {
      this.say(agent, { type: 'agent.logOn' });
      this.say(agent, { type: 'agent.ready' });
    }
    return this;
  }

  /** A caller from outside dials a number of ours. */
  caller(number: string, called: string, device = 'main:trunk:carrier'): ConnectionId {
    this.n += 1;
    const id = connectionId(MAIN, `in${this.n}`);
    this.media.set(id, { device: asId(device), direction: 'incoming', state: 'initiated', music: 'off' });
    this.event({
      type: 'created',
      connectionId: id,
      device: asId(device),
      direction: 'incoming',
      control: 'full',
      calling: { number, presentation: 'allowed' },
      called: { number: called, presentation: 'allowed' },
    });
    return id;
  }

  /** The connection on a device, the latest. */
  at_(device: string): ConnectionId {
    const found = [...this.media].filter(([, media]) => media.device === device).at(-1);
    if (found === undefined) throw new Error(`nothing at ${device}`);
    return found[0];
  }

  answer(device: string): this {
    const id = this.at_(device);
    const media = this.media.get(id);
    if (media !== undefined) media.state = 'connected';
    return this.event({ type: 'connected', connectionId: id });
  }

  hangUp(id: ConnectionId, cause: 'normalClearing' | 'rejected' = 'normalClearing'): this {
    this.gone(id);
    return this.event({ type: 'cleared', connectionId: id, release: { cause } });
  }

  /** Everything that was published to a stream. */
  told(stream: string): PublishedEvent[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'publish' && effect.stream === stream ? [effect.event] : [],
    );
  }

  sent<T extends DriverCommand['type']>(type: T): Extract<DriverCommand, { type: T }>[] {
    return this.commands.filter((command): command is Extract<DriverCommand, { type: T }> => command.type === type);
  }

  onlyCdr(): Cdr {
    const all = [...this.cdrs.values()];
    if (all.length !== 1 || all[0] === undefined) throw new Error(`expected one CDR, found ${all.length}`);
    return all[0];
  }

  state(agent: string): string | undefined {
    const view = this.engine.agent(asId(agent));
    return view?.reason === undefined ? view?.state : `${view.state}:${view.reason}`;
  }

  gone(id: ConnectionId): void {
    const media = this.media.get(id);
    this.media.delete(id);
    if (media?.playing !== undefined) {
      this.event({ type: 'playbackFinished', connectionId: id, playbackId: asId(media.playing), outcome: 'stopped' });
    }
    if (media?.recording !== undefined) {
      this.event({
        type: 'recordingFinished',
        connectionId: id,
        recordingId: media.recording,
        outcome: 'done',
        files: [`${media.recording}.wav`],
      });
    }
  }

  private take(effect: EngineEffect): void {
    this.effects.push(effect);
    if (effect.kind === 'setTimer') this.timers.set(effect.timerId, effect.dueAtMs);
    if (effect.kind === 'cancelTimer') this.timers.delete(effect.timerId);
    if (effect.kind === 'outcome') this.outcomes.set(`${effect.userId}/${effect.commandId}`, effect.outcome);
    if (effect.kind === 'record' && effect.record.table === 'cdr') {
      const { key, value } = effect.record;
      if (this.cdrs.has(key)) throw new Error(`two CDRs of ${key}`);
      this.cdrs.set(key, value);
    }
    if (effect.kind === 'driver') this.execute(effect.command);
  }

  protected execute(command: DriverCommand): void {
    this.commands.push(command);
    if (this.deaf.has(command.type)) return;
    const reply = (given: DriverReply): void => {
      this.input({ kind: 'reply', commandId: command.commandId, reply: given });
    };
    if (this.link === 'down') return reply({ outcome: 'refused', code: 'linkLost' });
    const code = this.refuse.get(command.type);
    if (code !== undefined) return reply({ outcome: 'refused', code });
    if (command.type !== 'originate' && command.type !== 'bridge' && !this.media.has(command.connectionId)) {
      return reply({ outcome: 'refused', code: 'gone' });
    }
    reply({ outcome: 'accepted' });
    this.happen(command);
  }

  private happen(command: DriverCommand): void {
    switch (command.type) {
      case 'originate':
        return this.ring(command);
      case 'bridge':
        for (const id of command.connectionIds) {
          const media = this.media.get(id);
          if (media === undefined) continue;
          if (media.bridge !== undefined && media.bridge !== command.bridgeId) {
            this.event({ type: 'unbridged', connectionId: id, bridgeId: media.bridge });
          }
          media.bridge = command.bridgeId;
          media.music = 'off';
          this.event({ type: 'bridged', connectionId: id, bridgeId: command.bridgeId });
        }
        return;
      default:
        return this.one(command, command.connectionId);
    }
  }

  private one(command: Exclude<DriverCommand, { type: 'originate' | 'bridge' }>, id: ConnectionId): void {
    const media = this.media.get(id);
    if (media === undefined) return;
    switch (command.type) {
      case 'claim':
        media.callId = command.mark.callId;
        return;
      case 'answer':
        media.state = 'connected';
        this.event({ type: 'connected', connectionId: id });
        return;
      case 'clear':
        this.gone(id);
        this.event({ type: 'cleared', connectionId: id, release: { cause: command.cause } });
        return;
      case 'redirect':
        this.gone(id);
        this.event({ type: 'cleared', connectionId: id, release: { cause: 'transferred' } });
        return;
      case 'flash':
        if (command.after === 'stay') return;
        this.gone(id);
        this.event({ type: 'cleared', connectionId: id, release: { cause: 'transferred' } });
        return;
      case 'unbridge': {
        const { bridge } = media;
        media.bridge = undefined;
        if (bridge !== undefined) this.event({ type: 'unbridged', connectionId: id, bridgeId: bridge });
        return;
      }
      case 'holdMusic':
        media.music = command.mode === 'start' ? 'on' : 'off';
        return;
      case 'play':
        media.playing = command.playbackId;
        this.event({ type: 'playbackStarted', connectionId: id, playbackId: command.playbackId });
        return;
      case 'stopPlay':
        if (media.playing === command.playbackId) {
          media.playing = undefined;
          this.event({
            type: 'playbackFinished',
            connectionId: id,
            playbackId: command.playbackId,
            outcome: 'stopped',
          });
        }
        return;
      case 'record':
        media.recording = command.recordingId;
        this.event({ type: 'recordingStarted', connectionId: id, recordingId: command.recordingId });
        return;
      case 'controlRecording':
        if (command.mode !== 'stop') return;
        media.recording = undefined;
        this.event({
          type: 'recordingFinished',
          connectionId: id,
          recordingId: command.recordingId,
          outcome: 'done',
          files: [`${command.recordingId}.wav`],
        });
        return;
      case 'monitor':
        media.monitors = command.targetId;
        if (command.mode === 'barge') {
          const { bridge } = this.media.get(command.targetId) ?? {};
          if (bridge === undefined) return;
          media.bridge = bridge;
          this.event({ type: 'bridged', connectionId: id, bridgeId: bridge });
        }
        this.event({ type: 'monitoring', connectionId: id, targetId: command.targetId, mode: command.mode });
        return;
      default:
        return;
    }
  }

  private ring(command: Extract<DriverCommand, { type: 'originate' }>): void {
    const { target } = command;
    const device = target.kind === 'device' ? target.device : asId<DeviceId>(`main:external:${target.number}`);
    const habit = this.habits.get(target.kind === 'device' ? target.device : target.number) ?? 'rings';
    if (habit === 'dead') return;
    const connectionId_ = command.connectionId;
    this.media.set(connectionId_, {
      device,
      direction: 'outgoing',
      state: 'initiated',
      callId: command.mark.callId,
      music: 'off',
    });
    this.event({
      type: 'created',
      connectionId: connectionId_,
      device,
      direction: 'outgoing',
      control: 'full',
      calling: none,
      called: none,
      callId: command.mark.callId,
    });
    if (habit === 'busy' || habit === 'unreachable') {
      this.gone(connectionId_);
      const cause = habit === 'busy' ? 'busy' : 'deviceUnreachable';
      this.event({ type: 'cleared', connectionId: connectionId_, release: { cause } });
      return;
    }
    const media = this.media.get(connectionId_);
    if (media !== undefined) media.state = 'alerting';
    this.event({ type: 'alerting', connectionId: connectionId_ });
    if (habit !== 'answers') return;
    if (media !== undefined) media.state = 'connected';
    this.event({ type: 'connected', connectionId: connectionId_ });
  }
}
