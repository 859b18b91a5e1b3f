import { describe, it } from 'vitest';
import { ScenarioLab } from '../scenario.js';
import { scenarios as calls } from '../scenarios/calls.js';
import { scenarios as draining } from '../scenarios/draining.js';
import { SimulatedFreeswitch } from './lab-switch.js';

const BOUND_MS = 90_000;

/** The scenarios of the real switches, through driver, server and WebSocket on the simulator's event socket, so that they and the driver stay true to each other. */
describe('a call through the whole server on the FreeSWITCH driver', () => {
  it.each([...calls, ...draining].map((one) => [one.name, one] as const))(
    '%s',
    async (_name, scenario) => {
      const lab = new ScenarioLab(() => SimulatedFreeswitch.start());
      try {
        await scenario.run(lab);
      } finally {
        await lab.close();
      }
    },
    BOUND_MS,
  );
});
