import {
  type AgentConfig,
  asId,
  CtiError,
  type DeviceConfig,
  type DeviceId,
  type EngineTimers,
  type IvrGraph,
  isCtiError,
  parseDeviceId,
  type QueueConfig,
  type RouteConfig,
  type RouteTarget,
  type SpeedDialConfig,
  type TenantConfig,
} from '@cordboard/cti-core';
import type * as z from 'zod';
import { allProblems, fromZodError } from '../errors.js';
import { type CheckedConfig, configInput, type targetInput } from './input.js';
import { type Meant, meantBy, wrongNames } from './names.js';
import { noDriver, soundParts } from './sound-parts.js';
import {
  agentConfig,
  calendar,
  DEFAULT_TIMERS,
  deviceConfig,
  dialPlan,
  queueConfig,
  recordingRules,
  routeConfig,
  speedDialConfig,
  speedDialId,
} from './tenant.js';

/** Checks one flow given as plain data; throws a {@link CtiError} that names `path`. */
export type FlowReader = (flow: unknown, path: string) => IvrGraph;

/** A switch of the configuration: its driver as given (a function or a registered name) and that driver's options. */
export interface SwitchChoice {
  readonly id: string;
  readonly driver: ((...args: never[]) => unknown) | string;
  readonly options?: unknown;
}

/** Checks drivers and their options; throws a {@link CtiError} for what is wrong. Of a configuration that is wrong it gets the sound switches. */
export type SwitchChecker = (switches: readonly SwitchChoice[]) => void;

/** A configuration that was checked and resolved. */
export interface ResolvedConfig {
  readonly tenant: TenantConfig;
  readonly switches: readonly SwitchChoice[];
  readonly server: NonNullable<CheckedConfig['server']>;
  readonly directory: CheckedConfig['directory'];
  readonly ivr: NonNullable<CheckedConfig['ivr']>;
  readonly functions: NonNullable<CheckedConfig['functions']>;
  readonly voice: NonNullable<CheckedConfig['voice']>;
  readonly boxes: NonNullable<CheckedConfig['boxes']>;
  readonly timeZone: string | undefined;
}

/**
 * Reads a configuration as people write it: checks every field, turns durations into milliseconds, resolves names.
 *
 * @param checkSwitches - looks at the drivers too; default: nobody does
 * @throws {CtiError} `config.invalid` with `path` and `expected`; `config.unresolved` with both places; `flow.invalid` for a flow; what `checkSwitches` throws.
 * One of several problems has `all` of them (fields, then flows, then names, then drivers), at most 20. What is wrong makes no other problem: a name of a wrong
 * entry leads somewhere
 */
export function readConfig(
  input: unknown,
  readFlow: FlowReader,
  checkSwitches: SwitchChecker = () => undefined,
): ResolvedConfig {
  const result = configInput.safeParse(input);
  if (!result.success) throw allProblems(problemsBeside(input, result.error, { readFlow, checkSwitches }));
  const checked = result.data;
  const switches = Object.entries(checked.switches).map(([id, value]) => switchChoice(id, value));
  const { flows, problems, meant } = collectFlows(checked, readFlow, meantBy());
  const tenant = toTenant(checked, flows);
  problems.push(...wrongNames(tenant, checked.boxes ?? {}, meant), ...wrongSwitches(switches, checkSwitches));
  if (problems.length > 0) throw allProblems(problems);
  return {
    tenant,
    switches,
    server: checked.server ?? {},
    directory: checked.directory,
    ivr: checked.ivr ?? {},
    functions: checked.functions ?? {},
    voice: checked.voice ?? {},
    boxes: checked.boxes ?? {},
    timeZone: checked.timeZone,
  };
}

/** What a schema complains of, and what is wrong beside it: flows and names in the rest of the configuration. */
function problemsBeside(
  input: unknown,
  error: z.ZodError,
  { readFlow, checkSwitches }: { readonly readFlow: FlowReader; readonly checkSwitches: SwitchChecker },
): readonly CtiError[] {
  const fields = fromZodError('config.invalid', error);
  const sound = soundParts(input, error);
  if (sound === undefined) return [fields];
  const { flows, problems, meant } = collectFlows(sound.checked, readFlow, sound.meant);
  const choices = Object.entries(sound.checked.switches).map(([id, value]) => switchChoice(id, value));
  const drivers = wrongSwitches(
    choices.filter(({ driver }) => driver !== noDriver),
    checkSwitches,
  );
  try {
    const tenant = toTenant(sound.checked, flows);
    return [fields, ...problems, ...wrongNames(tenant, sound.checked.boxes ?? {}, meant), ...drivers];
  } catch (cause) {
    // It may follow from what was taken out: when the fields are mended it is told, should it still be there.
    if (isCtiError(cause)) return [fields, ...problems, ...drivers];
    throw cause;
  }
}

function wrongSwitches(switches: readonly SwitchChoice[], check: SwitchChecker): readonly CtiError[] {
  try {
    check(switches);
    return [];
  } catch (error) {
    if (isCtiError(error)) return [error];
    throw error;
  }
}

function switchChoice(id: string, value: CheckedConfig['switches'][string]): SwitchChoice {
  return typeof value === 'function' ? { id, driver: value } : { id, driver: value.driver, options: value.options };
}

function toTenant(checked: CheckedConfig, flows: readonly IvrGraph[]): TenantConfig {
  const main = Object.keys(checked.switches)[0] ?? 'main';
  const device = (text: string): DeviceId => asId<DeviceId>(text.includes(':') ? text : `${main}:extension:${text}`);
  const target = (value: z.output<typeof targetInput>): RouteTarget => routeTargetOf(value);
  const queueIdsOf = (agent: string): string[] =>
    Object.entries(checked.queues ?? {}).flatMap(([id, queue]) => (queue.agents?.includes(agent) ? [id] : []));

  return {
    tenant: checked.tenant ?? 'main',
    dialPlan: checked.dialPlan ?? parsed(dialPlan, { countryCode: '86' }, 'dialPlan'),
    switches: Object.entries(checked.switches).map(([id, value]) => ({
      id: asId(id),
      ...(typeof value === 'object' && value.defaultTrunk !== undefined
        ? { defaultTrunk: trunkOf(id, value.defaultTrunk) }
        : {}),
      ...(typeof value === 'object' && value.callerNumber !== undefined ? { callerNumber: value.callerNumber } : {}),
      ...(typeof value === 'object' && value.behind !== undefined ? { behind: value.behind } : {}),
    })),
    devices: Object.entries(checked.devices ?? {}).map(
      ([id, value]): DeviceConfig =>
        parsed(
          deviceConfig,
          {
            id: device(id),
            label: value.label,
            dial: value.dial && { trunk: device(value.dial.trunk), number: value.dial.number },
            popUrl: value.popUrl,
            popAt: value.popAt,
          },
          `devices.${id}`,
        ),
    ),
    ...(checked.phones === undefined ? {} : { phones: checked.phones }),
    agents: Object.entries(checked.agents ?? {}).map(([id, value]): AgentConfig => {
      const queues = [...new Set([...(value.queues ?? []), ...queueIdsOf(id)])];
      const seats = { seat: value.seat && device(value.seat), allowedSeats: value.allowedSeats?.map(device) };
      const { speedDial: _list, ...rest } = value;
      return parsed(agentConfig, { ...rest, ...seats, id, name: value.name ?? id, queues }, `agents.${id}`);
    }),
    queues: Object.entries(checked.queues ?? {}).map(([id, value]): QueueConfig => {
      const { agents: _members, ringTimeout, waitTimeout, afterCallWork, ageing, overflow, survey, ...rest } = value;
      const times = {
        ringTimeoutMs: ringTimeout,
        waitTimeoutMs: waitTimeout,
        afterCallWorkMs: afterCallWork,
        ageingMs: ageing,
      };
      const leads = { overflow: overflow && target(overflow), survey: survey && flowNamed(survey) };
      const input = { ...rest, ...times, ...leads, id, name: value.name ?? id };
      return parsed(queueConfig, input, `queues.${id}`);
    }),
    routes: (checked.routes ?? []).map((value, index): RouteConfig => {
      const { switch: switchName, to, popTo, ...rest } = value;
      const id = value.id ?? (value.number.endsWith('*') ? `r-${index}` : value.number);
      return parsed(
        routeConfig,
        { ...rest, id, switchId: switchName, to: target(to), popTo: popTo && target(popTo) },
        `routes[${index}]`,
      );
    }),
    flows,
    calendars: Object.fromEntries(
      Object.entries(checked.calendars ?? {}).map(([id, days]) => [id, parsed(calendar, days, `calendars.${id}`)]),
    ),
    ...named(checked),
    recording: checked.recording ?? parsed(recordingRules, {}, 'recording'),
    ...(checked.pop === undefined ? {} : { pop: checked.pop }),
    speedDial: [
      ...speedDialOf(checked.speedDial, { path: 'speedDial' }),
      ...Object.entries(checked.agents ?? {}).flatMap(([id, { speedDial }]) =>
        speedDialOf(speedDial, { path: `agents.${id}.speedDial`, agent: id }),
      ),
    ],
    ...(checked.callCategories === undefined ? {} : { callCategories: checked.callCategories }),
    notReadyReasons: checked.notReadyReasons ?? ['break', 'lunch', 'meeting', 'training'],
    timers: timersOf(checked.timers),
  };
}

/** What flows and operators call by name. */
function named({
  groups,
  modes,
  lists,
  firewall,
}: CheckedConfig): Pick<TenantConfig, 'groups' | 'modes' | 'lists' | 'firewall'> {
  return {
    ...(groups === undefined ? {} : { groups }),
    ...(modes === undefined ? {} : { modes }),
    ...(lists === undefined ? {} : { lists }),
    ...(firewall === undefined ? {} : { firewall }),
  };
}

function speedDialOf(
  list: CheckedConfig['speedDial'],
  where: { readonly path: string; readonly agent?: string },
): SpeedDialConfig[] {
  return Object.entries(list ?? {}).map(([code, entry]) => {
    const { number, name = number } = typeof entry === 'string' ? { number: entry } : entry;
    const id = speedDialId(code, where.agent);
    return parsed(speedDialConfig, { id, code, agent: where.agent, number, name }, `${where.path}.${code}`);
  });
}

function timersOf(input: CheckedConfig['timers']): EngineTimers {
  const timers = { ...DEFAULT_TIMERS };
  return {
    commandMs: input?.command ?? timers.commandMs,
    confirmMs: input?.confirm ?? timers.confirmMs,
    clientLeaseMs: input?.clientLease ?? timers.clientLeaseMs,
    popClaimMs: input?.popClaim ?? timers.popClaimMs,
    ringMs: input?.ring ?? timers.ringMs,
    maxCallMs: input?.maxCall ?? timers.maxCallMs,
  };
}

function trunkOf(switchName: string, text: string): DeviceId {
  if (parseDeviceId(text) !== undefined) return asId<DeviceId>(text);
  return asId<DeviceId>(`${switchName}:${text.includes(':') ? text : `trunk:${text}`}`);
}

/** Fields that were not given are left out, so that the schema's defaults apply. */
function parsed<S extends z.ZodType>(schema: S, input: Record<string, unknown>, path: string): z.output<S> {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const result = schema.safeParse(given);
  if (!result.success) throw fromZodError('config.invalid', result.error, path);
  return result.data;
}

const flowNamed = (flow: string | { readonly id: string }): string => (typeof flow === 'string' ? flow : flow.id);

function routeTargetOf(value: z.output<typeof targetInput>): RouteTarget {
  if (value === 'hangup') return { kind: 'hangup' };
  if ('ivr' in value) return { kind: 'ivr', flow: asId(flowNamed(value.ivr)) };
  if ('queue' in value) return { kind: 'queue', queue: asId(value.queue) };
  if ('extension' in value) return { kind: 'extension', number: value.extension };
  if ('agent' in value) return { kind: 'agent', agent: asId(value.agent) };
  return { kind: 'outside', number: value.outside };
}

interface CollectedFlows {
  readonly flows: readonly IvrGraph[];
  readonly problems: CtiError[];
  readonly meant: Meant;
}

/** All flows: those of `flows` and those that stand as graphs in a target; one and the same graph may stand in several places. */
function collectFlows(checked: CheckedConfig, readFlow: FlowReader, meant: Meant): CollectedFlows {
  const found = new Map<string, { graph: IvrGraph; source: unknown; path: string }>();
  const problems: CtiError[] = [];
  const add = (source: unknown, path: string): void => {
    let graph: IvrGraph;
    try {
      graph = readFlow(source, path);
    } catch (error) {
      if (!isCtiError(error)) throw error;
      problems.push(error);
      const id = (source as { readonly id?: unknown } | null)?.id;
      if (typeof id === 'string') meant.names.flows.add(id);
      else meant.unsure.add('flows');
      return;
    }
    const known = found.get(graph.id);
    if (known !== undefined && known.source !== source && known.graph.version !== graph.version) {
      const expected = 'a flow id that is used once';
      const message = `${path}: expected ${expected}, see ${known.path}`;
      problems.push(new CtiError('config.invalid', message, { details: { path, expected, other: known.path } }));
      return;
    }
    found.set(graph.id, { graph, source, path });
  };
  const flows = checked.flows ?? [];
  const named = Array.isArray(flows)
    ? flows.map((flow, index) => [`flows[${index}]`, flow] as const)
    : Object.entries(flows).map(([id, flow]) => [`flows.${id}`, flow] as const);
  for (const [path, flow] of named) add(flow, path);
  for (const [path, flow] of flowsInPlace(checked)) add(flow, path);
  return { flows: [...found.values()].map(({ graph }) => graph), problems, meant };
}

/** Flows that stand as graphs where others are named. */
function* flowsInPlace({ routes = [], queues = {} }: CheckedConfig): Generator<readonly [string, object]> {
  for (const [index, { to }] of routes.entries()) {
    if (typeof to === 'object' && 'ivr' in to && typeof to.ivr === 'object') yield [`routes[${index}].to.ivr`, to.ivr];
  }
  for (const [id, { overflow, survey }] of Object.entries(queues)) {
    const path = `queues.${id}`;
    if (typeof overflow === 'object' && 'ivr' in overflow && typeof overflow.ivr === 'object') {
      yield [`${path}.overflow.ivr`, overflow.ivr];
    }
    if (typeof survey === 'object') yield [`${path}.survey`, survey];
  }
}
