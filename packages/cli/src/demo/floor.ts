import { deviceId, type SwitchId } from '@cordboard/cti-core';
import type { defineConfig, ServerPorts } from '@cordboard/cti-server';
import { SimulatorDriver, type VirtualSwitch } from '@cordboard/simulator';
import { CUSTOMERS } from './customers.js';
import { frontFlow } from './flow.js';

/** The one switch of the demo. */
export const DEMO_SWITCH = 'main' as SwitchId;
/** What customers call. */
export const DEMO_NUMBER = '4008001000';
/** The agent at the demo's desk. */
export const YOU = 'ann';
/** The supervisor at the demo's board. */
export const SUPERVISOR = 'sue';

/** Who sits at the floor. Phones are extensions of the simulated switch. */
export const PEOPLE = [
  { id: YOU, name: 'Ann', seat: '8001', queue: 'support' },
  // Of no queue: whoever is told to consult Bo finds Bo free.
  { id: 'bo', name: 'Bo', seat: '8002', queue: '' },
  { id: 'chen', name: '陈静', seat: '8003', queue: 'sales' },
  { id: 'dana', name: 'Dana', seat: '8004', queue: 'sales' },
  { id: 'emil', name: 'Emil', seat: '8005', queue: 'sales' },
] as const;

/** The supervisor's own phone. */
export const SUPERVISOR_SEAT = deviceId(DEMO_SWITCH, 'extension', '8009');
/** All phones of the switch. */
export const EXTENSIONS = [...PEOPLE.map(({ seat }) => seat), '8009'];

type Config = ReturnType<typeof defineConfig>;
type Factory = NonNullable<ServerPorts['drivers']>[string];

/** Where the demo's server listens and keeps its files. */
export interface DemoPlace {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly origins: string[];
}

/** The configuration of the demo floor over a virtual switch. */
export function demoConfig(pbx: VirtualSwitch, place: DemoPlace): Config {
  const driver: ReturnType<Factory> = () => new SimulatorDriver(pbx);
  const [known] = CUSTOMERS;
  return {
    tenant: 'demo',
    timeZone: 'Asia/Shanghai',
    server: { ...place, logLevel: 'warn' },
    dialPlan: {
      countryCode: '86',
      areaCode: '10',
      internal: [{ from: '8000', to: '8099' }],
      ownNumbers: [DEMO_NUMBER],
      speedDialPrefix: '**',
    },
    // A colleague and a customer of whom there is something to tell.
    speedDial: {
      1: { number: '8002', name: 'Bo' },
      ...(known === undefined ? {} : { 2: { number: known.number, name: known.name } }),
    },
    switches: { [DEMO_SWITCH]: { driver, defaultTrunk: 'carrier', callerNumber: DEMO_NUMBER } },
    agents: Object.fromEntries(
      PEOPLE.map(({ id, name, seat, queue }) => [id, { name, seat, queues: queue === '' ? [] : [queue] }]),
    ),
    queues: {
      support: { name: 'Support', ringTimeout: '30s', afterCallWork: '10s', record: 'always' },
      sales: { name: 'Sales', ringTimeout: '15s', afterCallWork: '5s', ringNoAnswer: 'ready' },
    },
    routes: [{ number: DEMO_NUMBER, to: { ivr: frontFlow } }],
    notReadyReasons: ['break', 'lunch', 'meeting', 'training'],
    recording: { basis: 'demo', format: 'wav', tracks: 'mixed', retentionDays: 1, neverNumbers: [] },
    directory: CUSTOMERS.map(({ number, id, name }) => ({ number, id, name })),
  };
}
