/**
 * Runs the driver on a FreeSWITCH: `FREESWITCH_ESL=host:port FREESWITCH_ESL_PASSWORD=... npm run e2e:freeswitch -- [--list] [--deep] [TEXT...]`: the
 * examination of `cordboard doctor`, the conformance suite with real phones, the comparison with the simulator, and every scenario of the Asterisk
 * suite that is not about Asterisk alone. It needs sipp and baresip, and a switch that is set up as docs/freeswitch.md and e2e/freeswitch.md tell;
 * without the two variables it says so and skips. `--sounds DIR` writes the prompts and the hold music that scenarios listen for. `--simulated` plays the scenarios on the simulator's event socket with virtual telephones instead.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparedIn, compareRuns, recordRun, runConformance } from '@cordboard/driver-kit/conformance';
import { examine } from '../packages/cli/src/doctor/doctor.js';
import { SimulatorWorld } from '../packages/simulator/src/testing/index.js';
import { readArgs } from '../tools/lib/args.mjs';
import { FreeswitchWorld, freeswitchSite } from './lab/freeswitch-world.js';
import { type FreeswitchSite, FreeswitchSwitch, type LabSwitch, SimulatedFreeswitch } from './lab/lab-switch.js';
import { sine, wavOf } from './lab/pcm.js';
import { PROMPTS, TONE } from './lab/tone-plan.js';
import type { Need } from './scenario.js';
import { firstLine, loadScenarios, runSuite } from './suite.js';

const USAGE = 'npm run e2e:freeswitch -- [--deep] [--lanes N] [--list] [--simulated] [--sounds DIR] [TEXT ...]';

const { values: options, positionals: wanted } = readArgs(USAGE, {
  allowPositionals: true,
  options: {
    deep: { type: 'boolean' },
    list: { type: 'boolean' },
    simulated: { type: 'boolean' },
    sounds: { type: 'string' },
    lanes: { type: 'string', default: '3' },
  },
});
/** What virtual telephones do without. */
const SIMULATED: readonly Need[] = ['sipp', 'baresip', 'restart'];
/** What they cannot: ring while they talk; nor have they sound that somebody could find in a recording. */
const LACKING: readonly Need[] = ['chromium', 'callWaiting', 'sipPhone', 'recordedSound'];

const scenarios = (await loadScenarios()).filter(
  ({ name, needs, runIn }) =>
    needs.includes('switch') &&
    (options.simulated !== true || !needs.some((need) => LACKING.includes(need))) &&
    (options.deep === true || runIn !== 'deep') &&
    (wanted.length === 0 || wanted.some((text) => name.includes(text))),
);
const site = freeswitchSite(process.env);
if (options.sounds !== undefined) {
  writeSounds(options.sounds);
} else if (options.list === true) {
  for (const { name } of scenarios) say(name);
} else if (options.simulated === true) {
  const free = scenarios.map((one) => ({ ...one, needs: one.needs.filter((need) => !SIMULATED.includes(need)) }));
  const start = (): Promise<LabSwitch> => SimulatedFreeswitch.start();
  end(await runSuite({ scenarios: free, lanes: Number(options.lanes), missing: new Map(), start }));
} else if (site === undefined) {
  say('skipped: FREESWITCH_ESL=host:port and FREESWITCH_ESL_PASSWORD name no FreeSWITCH');
} else {
  const failures =
    wanted.length > 0 ? [] : [...(await doctor(site)), ...(await conformance(site)), ...(await comparison(site))];
  say(failures.length === 0 ? 'all holds' : `${failures.length} failed: ${failures.join(', ')}`);
  // One switch for all: one scenario after the other.
  const start = async (): Promise<LabSwitch> => new FreeswitchSwitch(site);
  const missing = new Map<Need, string>([['restart', 'the switch belongs to somebody and is not restarted']]);
  end((await runSuite({ scenarios, lanes: 1, missing, start })) && failures.length === 0);
}

/** Every prompt is a tone of its own, and the hold music a pair. */
function writeSounds(dir: string): void {
  for (const folder of ['cordboard', 'moh']) mkdirSync(join(dir, folder), { recursive: true });
  for (const [name, { hz, ms }] of Object.entries(PROMPTS)) {
    writeFileSync(join(dir, 'cordboard', `${name}.wav`), wavOf(sine([hz], { ms })));
  }
  writeFileSync(join(dir, 'moh', 'music.wav'), wavOf(sine([TONE.musicLow, TONE.musicHigh], { ms: 30_000 })));
}

function end(isGood: boolean): void {
  process.stdout.write('', () => process.exit(isGood ? 0 : 1));
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
    for (const item of comparedIn(real)) {
      const virtual = new SimulatorWorld({ seed: 1, orders: 'plain' });
      // One nonce for both, so that both have the same ids; another one each time, for the switch lives on.
      const nonce = `c${Date.now().toString(36)}`;
      try {
        const a = await recordRun(virtual, { nonce }, (probe) => item.run(probe));
        const b = await recordRun(real, { nonce }, (probe) => item.run(probe));
        const differences = compareRuns(a, b);
        for (const { kind, where: place, what } of differences) say(`differs ${item.id} ${kind} ${place}: ${what}`);
        if (differences.length > 0) failed.push(`${item.id} as the simulator`);
      } catch (error) {
        say(`failed  ${item.id} beside the simulator: ${firstLine(error)}`);
        failed.push(`${item.id} beside the simulator`);
      } finally {
        await virtual.close();
      }
    }
  } finally {
    await real.close();
  }
  return failed;
}
