import {
  asId,
  CORE_VERSION,
  type ConnectionId,
  connectionId,
  createEngine,
  type DriverCommand,
  type DriverEvent,
  type Engine,
  type EngineInputBody,
  type IvrNode,
  MEDIA_CAPABILITIES,
  type TenantConfig,
} from '@cordboard/cti-core';
import { configOf, FLOW_NUMBER, switchId, trunk } from '../engine/floor.js';

const menu = (next: string): IvrNode => ({
  type: 'menu',
  say: [{ kind: 'prompt', prompt: 'menu' }],
  keys: { 1: next, 2: 'a' },
  tries: 2,
  noInput: 'END',
  noMatch: 'END',
});

/** The three-node menu: each key `1` leads to the next node. */
export function menuConfig(): TenantConfig {
  const base = configOf({ agents: 1, talking: 1, served: 0 });
  const [flow] = base.flows;
  if (flow === undefined) throw new Error('the floor has no flow');
  return { ...base, flows: [{ ...flow, start: 'a', nodes: { a: menu('b'), b: menu('c'), c: menu('a') } }] };
}

/** A call that presses keys, in an engine whose switch does at once what it is told. */
export class MenuCall {
  readonly #engine: Engine;
  readonly #pending: EngineInputBody[] = [];
  #atMs = 0;
  #calls = 0;
  #id: ConnectionId = connectionId(switchId, 'c0');
  /** Effects of the keys alone, and the time that the engine took for them, ns. */
  effects = 0;
  keysNs = 0;

  constructor(config: TenantConfig) {
    this.#engine = createEngine();
    this.#put({ kind: 'boot', coreVersion: CORE_VERSION, epoch: 'bench', seed: 1, config });
    const linkId = asId<Extract<DriverEvent, { type: 'linkUp' }>['linkId']>('one');
    this.#tell({ type: 'linkUp', linkId });
    this.#tell({ type: 'snapshot', snapshot: { connections: [], recordings: [], monitors: [], devices: [] } });
    this.#tell({ type: 'linkSynced', linkId, capabilities: MEDIA_CAPABILITIES });
  }

  /** A new caller presses `1` so often and hangs up. */
  play(keys: number): void {
    this.#calls += 1;
    this.#id = connectionId(switchId, `c${this.#calls}`);
    const party = (number: string) => ({ number, presentation: 'allowed' as const });
    this.#tell({
      type: 'created',
      connectionId: this.#id,
      device: trunk,
      direction: 'incoming',
      control: 'full',
      calling: party('13900000001'),
      called: party(FLOW_NUMBER),
    });
    for (let key = 0; key < keys; key += 1) {
      const input = this.#stamped({
        kind: 'driver',
        switchId,
        event: { type: 'digit', connectionId: this.#id, digit: '1' },
      });
      const before = process.hrtime.bigint();
      const effects = this.#engine.apply(input);
      this.keysNs += Number(process.hrtime.bigint() - before);
      this.effects += effects.length;
      this.#carryOut(effects);
    }
    this.#tell({ type: 'cleared', connectionId: this.#id, release: { cause: 'normalClearing' } });
  }

  #tell(event: DriverEvent): void {
    this.#put({ kind: 'driver', switchId, event });
  }

  #put(body: EngineInputBody): void {
    this.#carryOut(this.#engine.apply(this.#stamped(body)));
  }

  #stamped(body: EngineInputBody): Parameters<Engine['apply']>[0] {
    this.#atMs += 1;
    return { atMs: this.#atMs, wallMs: 1_767_600_000_000 + this.#atMs, offsetMin: 480, ...body };
  }

  #carryOut(effects: ReturnType<Engine['apply']>): void {
    this.#queue(effects);
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      this.#queue(this.#engine.apply(this.#stamped(next)));
    }
  }

  #queue(effects: ReturnType<Engine['apply']>): void {
    for (const effect of effects) {
      if (effect.kind !== 'driver') continue;
      this.#pending.push({ kind: 'reply', commandId: effect.command.commandId, reply: { outcome: 'accepted' } });
      const event = doneBy(effect.command);
      if (event !== undefined) this.#pending.push({ kind: 'driver', switchId, event });
    }
  }
}

function doneBy(command: DriverCommand): DriverEvent | undefined {
  switch (command.type) {
    case 'answer':
      return { type: 'connected', connectionId: command.connectionId };
    case 'play':
      return { type: 'playbackStarted', connectionId: command.connectionId, playbackId: command.playbackId };
    case 'stopPlay': {
      const { connectionId, playbackId } = command;
      return { type: 'playbackFinished', connectionId, playbackId, outcome: 'stopped' };
    }
    default:
      return undefined;
  }
}
