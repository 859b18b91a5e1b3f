/**
 * What one call costs Asterisk, by the kind of bridge it is in and with or without a recording:
 * `npx tsx e2e/measure-bridges.ts [CALLS] [SECONDS]`. Both legs of each call send and take G.711 over loopback; what is told is CPU time of the
 * Asterisk process, so that other load on the machine matters little.
 */
import { readFileSync } from 'node:fs';
import { channelId, RawAri } from './lab/ari.js';
import { AsteriskLab } from './lab/asterisk.js';
import { SipPhone } from './lab/sip-phone.js';
import { pause, until } from './lab/wait.js';

/** Clock ticks of /proc a second, fixed on Linux (USER_HZ). */
const TICKS = 100;
const calls = Number(process.argv[2] ?? 20);
const seconds = Number(process.argv[3] ?? 10);

const KINDS = [
  { name: 'not bridged', type: undefined, recorded: false },
  { name: 'mixing', type: 'mixing', recorded: false },
  { name: 'mixing,dtmf_events', type: 'mixing,dtmf_events', recorded: false },
  { name: 'mixing,dtmf_events,video_sfu', type: 'mixing,dtmf_events,video_sfu', recorded: false },
  { name: 'mixing,dtmf_events, recorded', type: 'mixing,dtmf_events', recorded: true },
  { name: 'mixing,dtmf_events,video_sfu, recorded', type: 'mixing,dtmf_events,video_sfu', recorded: true },
] as const;

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

const lab = await AsteriskLab.start();
const ari = new RawAri(lab);
await ari.connect();
const outside = await SipPhone.outside(lab, { answers: 'auto' });
const must = async (path: string): Promise<void> => {
  const answer = await ari.rest('POST', path);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status}`);
};
const enters = (id: string): Promise<unknown> =>
  ari.event((event) => event.type === 'StasisStart' && channelId(event) === id, { what: id });

try {
  const legs = Array.from({ length: 2 * calls }, (_, at) => `leg${at}`);
  for (const id of legs) {
    await must(`/channels/create?endpoint=PJSIP/13900${id.slice(3)}@trunk&app=cordboard&appArgs=out&channelId=${id}`);
    await enters(id);
    await must(`/channels/${id}/dial?timeout=30`);
  }
  await until(() => outside.calls.length === legs.length, { what: 'all legs to be up', withinMs: 20_000 });
  let base = 0;
  for (const { name, type, recorded } of KINDS) {
    for (let call = 0; call < calls && type !== undefined; call += 1) {
      const bridge = `b-${KINDS.findIndex((kind) => kind.name === name)}-${call}`;
      await must(`/bridges?bridgeId=${bridge}&type=${type}`);
      await must(`/bridges/${bridge}/addChannel?channel=leg${2 * call},leg${2 * call + 1}`);
      if (!recorded) continue;
      await must(`/channels/leg${2 * call}/snoop/s-${bridge}?app=cordboard&spy=both&whisper=none`);
      await enters(`s-${bridge}`);
      await must(`/channels/s-${bridge}/record?name=${bridge}&format=wav`);
    }
    await pause(2_000);
    const pid = lab.pid ?? 0;
    const heard = (): number => outside.ears.reduce((sum, ear) => sum + ear.packets, 0);
    const [cpu, at, packets] = [cpuSeconds(pid), performance.now(), heard()];
    await pause(seconds * 1_000);
    const rate = (1_000 * (heard() - packets)) / (performance.now() - at) / legs.length;
    const share = (100 * 1_000 * (cpuSeconds(pid) - cpu)) / (performance.now() - at) / calls;
    if (type === undefined) base = share;
    const bridges = (await ari.rest('GET', '/bridges')).body as unknown as readonly { readonly technology: string }[];
    const technology = [...new Set(bridges.map((bridge) => bridge.technology))].join(' ');
    process.stdout.write(
      `${name.padEnd(42)} ${technology.padEnd(14)} ${share.toFixed(2)} % of a core a call (${(share - base).toFixed(2)} over its two legs alone), ${rate.toFixed(0)} packets/s to each leg\n`,
    );
    for (const bridge of bridges as unknown as readonly { readonly id: string }[]) {
      await ari.rest('DELETE', `/bridges/${bridge.id}`);
      await ari.rest('DELETE', `/channels/s-${bridge.id}`);
    }
  }
} finally {
  outside.close();
  await ari.close();
  await lab.stop();
}
