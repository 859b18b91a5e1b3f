import { CtiError, type IvrGraph, type RouteTarget, type TenantConfig } from '@cordboard/cti-core';
import { allProblems } from '../errors.js';

const KINDS = [
  'agents',
  'queues',
  'flows',
  'calendars',
  'groups',
  'modes',
  'lists',
  'switches',
  'notReadyReasons',
] as const;

/** Kinds of things that a configuration names. */
export type NameKind = (typeof KINDS)[number];

/** A name that a configuration uses: where it stands, what it names, and where such things are defined. */
interface Use {
  readonly path: string;
  readonly kind: NameKind;
  readonly name: string;
}

/**
 * Refuses a configuration in which a name leads nowhere.
 *
 * @throws {CtiError} `config.unresolved` with `path` (where the name is used), `name`, `expectedIn` (where it would have to be) and the names that are there;
 * `config.invalid` for an id that is used twice; with several problems, `all` of them
 */
export function resolveNames(config: TenantConfig, boxes: Boxes = {}): void {
  const problems = wrongNames(config, boxes, meantBy());
  if (problems.length > 0) throw allProblems(problems);
}

/** What a configuration means to have, beside what could be read of it. A name of it is no problem of its own. */
export interface Meant {
  /** Names by kind. */
  readonly names: Record<NameKind, Set<string>>;
  /** Kinds of which nobody can say what names there are. */
  readonly unsure: Set<NameKind>;
}

/** A {@link Meant} to be filled. */
export function meantBy(): Meant {
  const names = Object.fromEntries(KINDS.map((kind) => [kind, new Set<string>()])) as Meant['names'];
  return { names, unsure: new Set() };
}

/** Names that lead nowhere, ways for values that a mode does not have, ids that are used twice. */
export function wrongNames(config: TenantConfig, boxes: Boxes, meant: Meant): CtiError[] {
  const defined: Readonly<Record<Use['kind'], ReadonlySet<string>>> = {
    agents: new Set(config.agents.map((agent) => agent.id)),
    queues: new Set(config.queues.map((queue) => queue.id)),
    flows: new Set(config.flows.map((flow) => flow.id)),
    calendars: new Set(Object.keys(config.calendars)),
    groups: new Set(Object.keys(config.groups ?? {})),
    modes: new Set(Object.keys(config.modes ?? {})),
    lists: new Set(Object.keys(config.lists ?? {})),
    switches: new Set(config.switches.map((one) => one.id)),
    notReadyReasons: new Set(config.notReadyReasons),
  };
  const problems = [...usesOf(config), ...boxUses(boxes)]
    .filter(({ kind, name }) => !defined[kind].has(name) && !meant.names[kind].has(name) && !meant.unsure.has(kind))
    .map((use) => unresolved(use, [...defined[use.kind]].slice(0, 10)));
  for (const flow of config.flows) problems.push(...wrongWays(flow, config.modes ?? {}));
  problems.push(...doubles(config));
  return problems;
}

function unresolved(
  { path, kind, name }: { readonly path: string; readonly kind: string; readonly name: string },
  known: readonly string[],
): CtiError {
  const choice =
    known.length === 0 ? 'those to come (none is defined)' : known.map((one) => JSON.stringify(one)).join(', ');
  return new CtiError(
    'config.unresolved',
    `${path} names ${JSON.stringify(name)}, which is not in ${kind}: add it there, or name one of ${choice}`,
    { details: { path, name, expectedIn: kind, known } },
  );
}

function* usesOf(config: TenantConfig): Generator<Use> {
  for (const route of config.routes) {
    yield* targetUse(`routes.${route.id}.to`, route.to);
    if (route.popTo !== undefined) yield* targetUse(`routes.${route.id}.popTo`, route.popTo);
    if (route.switchId !== undefined) {
      yield { path: `routes.${route.id}.switch`, kind: 'switches', name: route.switchId };
    }
  }
  for (const queue of config.queues) {
    yield* targetUse(`queues.${queue.id}.overflow`, queue.overflow);
    if (queue.survey !== undefined) yield { path: `queues.${queue.id}.survey`, kind: 'flows', name: queue.survey };
    for (const reason of queue.routesToReasons) {
      yield { path: `queues.${queue.id}.routesToReasons`, kind: 'notReadyReasons', name: reason };
    }
  }
  for (const agent of config.agents) {
    for (const queue of agent.queues) yield { path: `agents.${agent.id}.queues`, kind: 'queues', name: queue };
    for (const seat of [agent.seat, ...(agent.allowedSeats ?? [])]) {
      if (seat !== undefined) yield { path: `agents.${agent.id}.seat`, kind: 'switches', name: switchPart(seat) };
    }
  }
  for (const device of config.devices) {
    yield { path: `devices.${device.id}`, kind: 'switches', name: switchPart(device.id) };
  }
  for (const flow of config.flows) yield* flowUses(flow);
  const { refuse = [], favour = [], outbound = [] } = config.firewall ?? {};
  for (const name of refuse) yield { path: 'firewall.refuse', kind: 'lists', name };
  for (const { list } of favour) yield { path: 'firewall.favour', kind: 'lists', name: list };
  for (const name of outbound) yield { path: 'firewall.outbound', kind: 'lists', name };
}

type Boxes = Readonly<Record<string, { readonly callOut?: { readonly flow: string } }>>;

function* boxUses(boxes: Boxes): Generator<Use> {
  for (const [name, { callOut }] of Object.entries(boxes)) {
    if (callOut !== undefined) yield { path: `boxes.${name}.callOut.flow`, kind: 'flows', name: callOut.flow };
  }
}

const switchPart = (device: string): string => device.slice(0, Math.max(0, device.indexOf(':')));

function* targetUse(path: string, target: RouteTarget): Generator<Use> {
  if (target.kind === 'ivr') yield { path: `${path}.ivr`, kind: 'flows', name: target.flow };
  if (target.kind === 'queue') yield { path: `${path}.queue`, kind: 'queues', name: target.queue };
  if (target.kind === 'agent') yield { path: `${path}.agent`, kind: 'agents', name: target.agent };
}

function* flowUses(flow: IvrGraph): Generator<Use> {
  for (const [id, node] of Object.entries(flow.nodes)) {
    const path = `flows.${flow.id}.nodes.${id}`;
    if (node.type === 'queue' || node.type === 'callback') {
      yield { path: `${path}.queue`, kind: 'queues', name: node.queue };
    }
    if (node.type === 'subflow') yield { path: `${path}.flow`, kind: 'flows', name: node.flow };
    if (node.type === 'mode') yield { path: `${path}.mode`, kind: 'modes', name: node.mode };
    if (node.type === 'orderDesk') yield { path: `${path}.group`, kind: 'groups', name: node.group };
    if (node.type === 'transfer' && node.to.kind === 'agent') {
      yield { path: `${path}.to.agent`, kind: 'agents', name: node.to.agent };
    }
    if (node.type === 'transfer' && node.to.kind === 'group') {
      yield { path: `${path}.to.group`, kind: 'groups', name: node.to.group };
    }
    if (node.type === 'list') {
      for (const [index, rule] of node.rules.entries()) {
        yield { path: `${path}.rules[${index}].list`, kind: 'lists', name: rule.list };
      }
    }
    if (node.type === 'hours' && node.calendar !== undefined) {
      yield { path: `${path}.calendar`, kind: 'calendars', name: node.calendar };
    }
  }
}

/** Ways of a flow for values that its mode does not have. */
function* wrongWays(flow: IvrGraph, modes: NonNullable<TenantConfig['modes']>): Generator<CtiError> {
  for (const [id, node] of Object.entries(flow.nodes)) {
    if (node.type !== 'mode' || !Object.hasOwn(modes, node.mode)) continue;
    const values = modes[node.mode]?.values ?? [];
    for (const name of Object.keys(node.ways).filter((way) => !values.includes(way))) {
      const path = `flows.${flow.id}.nodes.${id}.ways.${name}`;
      yield unresolved({ path, kind: `modes.${node.mode}.values`, name }, values.slice(0, 10));
    }
  }
}

function* doubles(config: TenantConfig): Generator<CtiError> {
  for (const kind of ['agents', 'queues', 'routes', 'flows', 'devices', 'switches'] as const) {
    const seen = new Set<string>();
    for (const { id } of config[kind]) {
      if (seen.has(id)) {
        yield new CtiError('config.invalid', `${kind}.${id}: expected an id that is used once`, {
          details: { path: `${kind}.${id}`, expected: 'an id that is used once' },
        });
      }
      seen.add(id);
    }
  }
}
