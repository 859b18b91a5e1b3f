import { CtiError, type DeviceId, type IvrGraph, type TenantConfig } from '@cordboard/cti-core';
import {
  agentConfig,
  deviceConfig,
  fromZodError,
  type MaskClass,
  queueConfig,
  routeConfig,
} from '@cordboard/cti-protocol';
import type * as z from 'zod';
import { type ConfigKeeper, present } from '../config/keeper.js';
import type { ObjectKind } from '../store/port.js';
import { maskDevice, maskDeviceView, maskQueue, maskSeats } from '../streams/mask.js';
import type { Handlers, RestDesk } from './context.js';
import { type LiveDevices, liveDevices, NO_LIVE } from './live-devices.js';

type Plain = Readonly<Record<string, unknown>>;
type Agent = TenantConfig['agents'][number];
type Device = TenantConfig['devices'][number];
type Kind = Exclude<ObjectKind, 'flows' | 'speedDial'>;

const SCHEMAS = { agents: agentConfig, queues: queueConfig, routes: routeConfig, devices: deviceConfig } as const;

/** Handlers of the objects of the configuration: agents, queues, routes, devices and flows. */
export function objectHandlers(desk: RestDesk): Handlers {
  const { keeper, engine, masker } = desk;
  const agent = (config: Agent, maskClass: MaskClass) => {
    const rules = masker.rules(maskClass);
    const live = engine.agent(config.id);
    return rules === undefined
      ? { ...config, live }
      : { ...maskSeats(config, rules), ...(live === undefined ? {} : { live: maskSeats(live, rules) }) };
  };
  const queue = (config: TenantConfig['queues'][number], maskClass: MaskClass) => {
    const rules = masker.rules(maskClass);
    const live = engine.queue(config.id);
    return { ...config, live: rules === undefined || live === undefined ? live : maskQueue(live, rules) };
  };
  const device = (config: Device, maskClass: MaskClass, live: LiveDevices) => {
    const rules = masker.rules(maskClass);
    const view = live.get(config.id);
    const source = keeper.find('devices', config.id) === undefined ? 'switch' : 'configuration';
    const shown = { ...(rules === undefined ? config : maskDevice(config, rules)), source };
    if (view === undefined) return shown;
    return { ...shown, live: rules === undefined ? view : maskDeviceView(view, rules) };
  };
  /** A device that a switch tells of and nobody has configured: called as who sits there, where that is one agent. */
  const told = (id: DeviceId): Device => {
    const [agent, ...others] = keeper.current.agents.filter(({ seat }) => seat === id);
    return { id, label: others.length === 0 ? (agent?.name ?? '') : '' };
  };
  return {
    listAgents: ({ maskClass }) => ({ items: keeper.current.agents.map((one) => agent(one, maskClass)) }),
    getAgent: ({ params, maskClass }) =>
      agent(present(keeper.find('agents', params.agentId ?? ''), 'agents'), maskClass),
    createAgent: async ({ body, maskClass }) =>
      agent(await create(keeper, 'agents', body as { id: string }), maskClass),
    changeAgent: async ({ params, body, maskClass }) =>
      agent(await change(keeper, 'agents', [params.agentId, body]), maskClass),
    deleteAgent: ({ params }) => remove(keeper, 'agents', params.agentId),

    listQueues: ({ maskClass }) => ({ items: keeper.current.queues.map((one) => queue(one, maskClass)) }),
    getQueue: ({ params, maskClass }) =>
      queue(present(keeper.find('queues', params.queueId ?? ''), 'queues'), maskClass),
    createQueue: async ({ body, maskClass }) =>
      queue(await create(keeper, 'queues', body as { id: string }), maskClass),
    changeQueue: async ({ params, body, maskClass }) =>
      queue(await change(keeper, 'queues', [params.queueId, body]), maskClass),
    deleteQueue: ({ params }) => remove(keeper, 'queues', params.queueId),

    listRoutes: () => ({ items: keeper.current.routes }),
    getRoute: ({ params }) => present(keeper.find('routes', params.routeId ?? ''), 'routes'),
    createRoute: ({ body }) => create(keeper, 'routes', body as { id: string }),
    changeRoute: ({ params, body }) => change(keeper, 'routes', [params.routeId, body]),
    enableRoute: ({ params }) => change(keeper, 'routes', [params.routeId, { enabled: 'enabled' }]),
    pauseRoute: ({ params }) => change(keeper, 'routes', [params.routeId, { enabled: 'paused' }]),
    deleteRoute: ({ params }) => remove(keeper, 'routes', params.routeId),

    listDevices: ({ maskClass }) => {
      const live = liveDevices(engine);
      const configured = keeper.current.devices;
      const known = new Set<string>(configured.map(({ id }) => id));
      const others = [...live.values()].flatMap((view) => (known.has(view.device) ? [] : [told(view.device)]));
      return { items: [...configured, ...others].map((one) => device(one, maskClass, live)) };
    },
    getDevice: ({ params, maskClass }) => {
      const live = liveDevices(engine);
      const id = params.deviceId ?? '';
      const view = live.get(id);
      const found = keeper.find('devices', id) ?? (view === undefined ? undefined : told(view.device));
      return device(present(found, 'devices'), maskClass, live);
    },
    createDevice: async ({ body, maskClass }) =>
      device(await create(keeper, 'devices', body as { id: string }), maskClass, NO_LIVE),
    changeDevice: async ({ params, body, maskClass }) =>
      device(await change(keeper, 'devices', [params.deviceId, body]), maskClass, liveDevices(engine)),
    deleteDevice: ({ params }) => remove(keeper, 'devices', params.deviceId),

    listFlows: () => ({ items: keeper.current.flows.map((flow) => summary(keeper, flow)) }),
    getFlow: ({ params }) => present(keeper.find('flows', params.flowId ?? ''), 'flows'),
    putFlow: async ({ params, body }) => {
      const flow = desk.readFlow(body, 'body');
      if (flow.id !== params.flowId) {
        throw new CtiError('argument.invalid', 'id: expected the id of the path', { details: { path: 'id' } });
      }
      await keeper.change('flows', flow.id, () => flow);
      return summary(keeper, flow);
    },
    deleteFlow: ({ params }) => remove(keeper, 'flows', params.flowId),
  };
}

function summary(keeper: ConfigKeeper, flow: IvrGraph) {
  const { id, version, languages, nodes } = flow;
  return { id, version, languages, nodes: Object.keys(nodes).length, source: keeper.sourceOf('flows', id) };
}

async function create<K extends Kind>(
  keeper: ConfigKeeper,
  kind: K,
  body: { id: string },
): Promise<TenantConfig[K][number]> {
  const made = await keeper.change(kind, body.id, (there) => {
    if (there === undefined) return body as unknown as TenantConfig[K][number];
    throw new CtiError('resource.conflict', 'this id is taken', { details: { kind, id: body.id } });
  });
  return present(made ?? undefined, kind);
}

async function change<K extends Kind>(
  keeper: ConfigKeeper,
  kind: K,
  [id = '', patch]: readonly [string | undefined, unknown],
): Promise<TenantConfig[K][number]> {
  const made = await keeper.change(kind, id, (there) => {
    const merged = Object.entries({ ...(present(there, kind) as unknown as Plain), ...(patch as Plain) });
    const value = Object.fromEntries(merged.filter(([, field]) => field !== null));
    const schema: z.ZodType = SCHEMAS[kind];
    const result = schema.safeParse(value);
    if (!result.success) throw fromZodError('argument.invalid', result.error);
    return result.data as TenantConfig[K][number];
  });
  return present(made ?? undefined, kind);
}

async function remove(keeper: ConfigKeeper, kind: ObjectKind, id = ''): Promise<void> {
  await keeper.change(kind, id, (there) => {
    present(there as { id: string } | undefined, kind);
    return null;
  });
}
