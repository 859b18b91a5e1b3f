import { CtiError, type TenantConfig } from '@cordboard/cti-core';
import { resolveNames } from '@cordboard/cti-protocol';
import type { ConfigObject, ObjectKind } from '../store/port.js';

type ObjectOf<K extends ObjectKind> = NonNullable<TenantConfig[K]>[number];

/** What the keeper does a change with. */
export interface KeeperPorts {
  /** Keeps an object that came by REST; durable when it resolves. */
  readonly store: (object: ConfigObject) => Promise<void>;
  /** Gives the engine the new whole; resolves when it was applied. */
  readonly apply: (config: TenantConfig) => Promise<void>;
  /** Refuses what the server could not carry out. @throws {CtiError} `config.unresolved` */
  readonly check?: (config: TenantConfig) => void;
}

/**
 * The configuration in force: the file's, with objects that came by REST laid over it. An object of the store wins over one
 * of the file with the same id, and may be its absence.
 */
export class ConfigKeeper {
  readonly #ports: KeeperPorts;
  readonly #file: TenantConfig;
  readonly #stored = new Map<string, ConfigObject>();
  #current: TenantConfig;
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws {CtiError} `config.unresolved` when file and stored objects do not fit together any more */
  constructor(file: TenantConfig, objects: readonly ConfigObject[], ports: KeeperPorts) {
    this.#ports = ports;
    this.#file = file;
    for (const object of objects) this.#stored.set(keyOf(object.kind, object.id), object);
    this.#current = this.#merge();
    resolveNames(this.#current);
  }

  /** The configuration in force. */
  get current(): TenantConfig {
    return this.#current;
  }

  /** Where an object comes from. */
  sourceOf(kind: ObjectKind, id: string): 'file' | 'store' {
    return this.#stored.has(keyOf(kind, id)) ? 'store' : 'file';
  }

  /** One object by id. */
  find<K extends ObjectKind>(kind: K, id: string): ObjectOf<K> | undefined {
    return ((this.#current[kind] ?? []) as readonly ObjectOf<K>[]).find((object) => object.id === id);
  }

  /**
   * Adds, replaces or takes away (`null`) an object. Changes are made one after the other.
   *
   * @param plan - computes the new value from the present one; throws to refuse
   * @throws {CtiError} `config.unresolved` when a name would lead nowhere; what `plan` throws; `store.unavailable`
   */
  change<K extends ObjectKind>(
    kind: K,
    id: string,
    plan: (present: ObjectOf<K> | undefined) => ObjectOf<K> | null,
  ): Promise<ObjectOf<K> | null> {
    const next = this.#turn.then(async () => {
      const value = plan(this.find(kind, id));
      const object: ConfigObject = { kind, id, value };
      const before = this.#stored.get(keyOf(kind, id));
      this.#stored.set(keyOf(kind, id), object);
      try {
        const merged = this.#merge();
        resolveNames(merged);
        this.#ports.check?.(merged);
        await this.#ports.store(object);
        this.#current = merged;
        await this.#ports.apply(merged);
      } catch (error) {
        if (before === undefined) this.#stored.delete(keyOf(kind, id));
        else this.#stored.set(keyOf(kind, id), before);
        throw error;
      }
      return value;
    });
    this.#turn = next.catch(() => undefined);
    return next;
  }

  /** Keeps what the engine has already been told by a command. */
  async note<K extends ObjectKind>(kind: K, id: string, update: (present: ObjectOf<K>) => ObjectOf<K>): Promise<void> {
    const present = this.find(kind, id);
    if (present === undefined) return;
    const object: ConfigObject = { kind, id, value: update(present) };
    this.#stored.set(keyOf(kind, id), object);
    this.#current = this.#merge();
    await this.#ports.store(object);
  }

  #merge(): TenantConfig {
    const lay = <K extends ObjectKind>(kind: K): readonly ObjectOf<K>[] => {
      const objects = new Map(
        ((this.#file[kind] ?? []) as readonly ObjectOf<K>[]).map((object) => [object.id as string, object]),
      );
      for (const { kind: ofKind, id, value } of this.#stored.values()) {
        if (ofKind !== kind) continue;
        if (value === null) objects.delete(id);
        else objects.set(id, value as ObjectOf<K>);
      }
      return [...objects.values()];
    };
    return {
      ...this.#file,
      agents: lay('agents'),
      queues: lay('queues'),
      routes: lay('routes'),
      devices: lay('devices'),
      flows: lay('flows'),
      speedDial: lay('speedDial'),
    };
  }
}

const keyOf = (kind: ObjectKind, id: string): string => `${kind}\0${id}`;

/** The object, or the error that says that there is none. */
export function present<T>(value: T | undefined, kind: ObjectKind): T {
  if (value !== undefined) return value;
  const codes = {
    agents: 'agent.notFound',
    queues: 'queue.notFound',
    devices: 'device.notFound',
    flows: 'flow.notFound',
    routes: 'resource.notFound',
    speedDial: 'resource.notFound',
  } as const;
  throw new CtiError(codes[kind], 'there is none of this id');
}
