import type { AsteriskOptions } from '@cordboard/adapters-asterisk';
import type { Finding } from './finding.js';
import { networkWords } from './network-words.js';

/** Modules that the driver's commands and events come from. */
const MODULES = [
  'res_stasis',
  'res_stasis_answer',
  'res_stasis_playback',
  'res_stasis_recording',
  'res_stasis_snoop',
  'res_stasis_device_state',
  'res_ari',
  'res_ari_applications',
  'res_ari_asterisk',
  'res_ari_bridges',
  'res_ari_channels',
  'res_ari_device_states',
  'res_ari_endpoints',
  'res_ari_events',
  'res_ari_playbacks',
  'res_ari_recordings',
  'res_http_websocket',
  'app_stasis',
  'bridge_simple',
  'bridge_softmix',
  'bridge_holding',
  'chan_bridge_media',
  'chan_pjsip',
  'res_pjsip_refer',
  'res_musiconhold',
  'format_wav',
  'func_callerid',
  'func_channel',
] as const;

/** Oldest releases of each branch with everything the driver uses; see the driver's documentation. */
const OLDEST: Readonly<Record<number, number>> = { 20: 15, 21: 10, 22: 5 };

/** One REST request to the switch. */
type Ask = (method: 'GET' | 'DELETE', path: string) => Promise<{ readonly status: number; readonly body: unknown }>;

function asker(options: AsteriskOptions, boundMs: number): Ask {
  const { url, user, password } = options.ari;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method, path) => {
    const response = await fetch(new URL(`/ari/${path}`, url), {
      method,
      headers: { authorization },
      signal: AbortSignal.timeout(boundMs),
      redirect: 'error',
    });
    const text = (await response.text()).slice(0, 4 * 1024 * 1024);
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : undefined };
  };
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function judgeVersion(info: unknown): Finding {
  const version = String(field(field(info, 'system'), 'version') ?? '');
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/u.exec(version) ?? []).slice(1).map(Number);
  const oldest = OLDEST[major];
  if (major === 0) return { id: 'ari.version', level: 'unknown', text: 'the switch does not tell its version' };
  if (oldest === undefined ? major > 22 : minor >= oldest) {
    return { id: 'ari.version', level: 'ok', text: `Asterisk ${major}.${minor}` };
  }
  return {
    id: 'ari.version',
    level: 'failed',
    text: `Asterisk ${major}.${minor} is too old`,
    fix: 'use 20.15, 21.10, 22.5 or newer',
  };
}

function judgeModules(list: unknown): Finding {
  const running = new Set<string>();
  for (const item of Array.isArray(list) ? list : []) {
    if (field(item, 'status') === 'Running') running.add(String(field(item, 'name')).replace(/\.so$/u, ''));
  }
  if (running.size === 0) {
    return { id: 'ari.modules', level: 'unknown', text: 'the switch does not tell its modules' };
  }
  const missing = MODULES.filter((name) => !running.has(name));
  if (missing.length === 0) return { id: 'ari.modules', level: 'ok', text: `all ${MODULES.length} modules are there` };
  return {
    id: 'ari.modules',
    level: 'failed',
    text: `modules are missing: ${missing.join(', ')}`,
    fix: `load them in modules.conf: ${missing.map((name) => `load = ${name}.so`).join('; ')}`,
  };
}

function reachFailure(url: string, cause: unknown): Finding {
  return {
    id: 'ari.reach',
    level: 'failed',
    text: `${new URL(url).host} does not answer (${networkWords(cause)})`,
    fix: 'is Asterisk running, is http.conf enabled and bound to this address, does a firewall stand between?',
  };
}

/**
 * Looks at a switch over ARI, by questions alone: no socket is opened, since one of the same application would push
 * a running server aside. The one request that would change something names a channel that cannot exist.
 */
export async function examineAri(options: AsteriskOptions, boundMs: number): Promise<Finding[]> {
  const ask = asker(options, boundMs);
  let info: Awaited<ReturnType<Ask>>;
  try {
    info = await ask('GET', 'asterisk/info');
  } catch (cause) {
    return [reachFailure(options.ari.url, cause)];
  }
  if (info.status === 401) {
    return [
      { id: 'ari.reach', level: 'ok', text: 'ARI answers' },
      {
        id: 'ari.login',
        level: 'failed',
        text: 'ARI refuses user or password',
        fix: 'see [user] and password in ari.conf',
      },
    ];
  }
  if (info.status !== 200) {
    const text = `ARI answers ${info.status}`;
    return [{ id: 'ari.reach', level: 'failed', text, fix: 'enable ARI: enabled = yes in ari.conf and http.conf' }];
  }
  const findings: Finding[] = [
    { id: 'ari.reach', level: 'ok', text: 'ARI answers' },
    { id: 'ari.login', level: 'ok', text: 'user and password are right' },
    judgeVersion(info.body),
    judgeModules((await ask('GET', 'asterisk/modules')).body),
  ];
  const write = await ask('DELETE', 'channels/cordboard-doctor-no-such-channel');
  if (write.status === 404) findings.push({ id: 'ari.write', level: 'ok', text: 'the user may act on calls' });
  else {
    const fix = 'set read_only = no for this user in ari.conf';
    findings.push({ id: 'ari.write', level: 'failed', text: 'the user may only look', fix });
  }
  const app = await ask('GET', `applications/${encodeURIComponent(options.app)}`);
  const running = app.status === 200;
  findings.push({
    id: 'ari.application',
    level: 'ok',
    text: running ? `a server is connected as ${options.app} now` : `no server is connected as ${options.app} now`,
  });
  return findings;
}
