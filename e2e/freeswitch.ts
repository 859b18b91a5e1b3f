/**
 * Runs the driver on a real FreeSWITCH: `FREESWITCH_ESL=host:port FREESWITCH_ESL_PASSWORD=... npm run e2e:freeswitch`. It needs sipp and baresip, and a switch
 * that is set up as docs/freeswitch.md and e2e/freeswitch.md tell; without the two variables it says so and skips.
 */
import { CONFORMANCE_CASES, compareRuns, recordRun, runConformance } from '@cordboard/driver-kit/conformance';
import { examine } from '../packages/cli/src/doctor/doctor.js';
import { SimulatorWorld } from '../packages/simulator/src/testing/index.js';
import { type FreeswitchSite, FreeswitchWorld, freeswitchSite } from './lab/freeswitch-world.js';
import { COMPARED } from './scenarios/conformance.js';

const site = freeswitchSite(process.env);
if (site === undefined) {
  say('skipped: FREESWITCH_ESL=host:port and FREESWITCH_ESL_PASSWORD name no FreeSWITCH');
} else {
  const failures = [...(await doctor(site)), ...(await conformance(site)), ...(await comparison(site))];
  say(failures.length === 0 ? 'all holds' : `${failures.length} failed: ${failures.join(', ')}`);
  process.stdout.write('', () => process.exit(failures.length === 0 ? 0 : 1));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Is the switch set up as it has to be? */
async function doctor({ esl }: FreeswitchSite): Promise<string[]> {
  const reports = await examine([{ id: 'freeswitch', driver: 'freeswitch', options: { esl } }]);
  const findings = reports.flatMap((report) => report.findings);
  for (const { id, level, text } of findings) say(`${level.padEnd(7)} ${id.padEnd(20)} ${text}`);
  return findings.filter(({ level }) => level === 'failed').map(({ id }) => id);
}

/** The suite that every driver passes. */
async function conformance(where: FreeswitchSite): Promise<string[]> {
  const report = await runConformance({
    name: 'freeswitch',
    openWorld: () => FreeswitchWorld.open(where),
    nonce: `n${Date.now().toString(36)}`,
    onResult: ({ id, status, ms, reason = '' }) =>
      say(`${status.padEnd(7)} ${id.padEnd(20)} ${Math.round(ms)} ms ${reason}`.trimEnd()),
  });
  say(`${report.passed} cases hold, ${report.failed} failed, ${report.skipped} skipped`);
  return report.results.filter(({ status }) => status === 'failed').map(({ id }) => id);
}

/** One scenario, the same events: on the simulator and on the real switch. */
async function comparison(where: FreeswitchSite): Promise<string[]> {
  const failed: string[] = [];
  const real = await FreeswitchWorld.open(where);
  try {
    for (const item of CONFORMANCE_CASES.filter(({ id }) => COMPARED.includes(id))) {
      const virtual = new SimulatorWorld({ seed: 1, orders: 'plain' });
      // One nonce for both, so that both have the same ids; another one each time, for the switch lives on.
      const nonce = `c${Date.now().toString(36)}`;
      const a = await recordRun(virtual, { nonce }, (probe) => item.run(probe));
      const b = await recordRun(real, { nonce }, (probe) => item.run(probe));
      await virtual.close();
      const differences = compareRuns(a, b);
      for (const { kind, where: place, what } of differences) say(`differs ${item.id} ${kind} ${place}: ${what}`);
      if (differences.length > 0) failed.push(`${item.id} as the simulator`);
    }
  } finally {
    await real.close();
  }
  return failed;
}
