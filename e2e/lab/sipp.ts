import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hearing } from './hearing.js';
import { leadVoice } from './lead-voice.js';
import { freePort } from './ports.js';
import { RtpVoice } from './rtp.js';
import { SipTap, type TappedMessage } from './sip-tap.js';
import { calleeXml, callerXml, steer } from './sipp-xml.js';
import type { SwitchSite } from './site.js';
import { PATIENCE_MS, until, within } from './wait.js';

/** How a call of a {@link SippParty} ended. */
export interface SippEnd {
  /** `party`: its own BYE or CANCEL; `switch`: the switch's BYE or refusal; `killed`: the process was killed. */
  readonly by: 'party' | 'switch' | 'killed';
  /** Status of a refusal of the INVITE. */
  readonly status: number | undefined;
  /** Reason header of the last request or refusal (RFC 3326). */
  readonly reason: string | undefined;
}

/** Whom a caller calls, and as whom. */
export interface SippCallOptions {
  /** Number dialled. */
  readonly to: string;
  /** Caller number, sent as From. */
  readonly from: string;
  readonly name?: string;
  /** P-Asserted-Identity, when the provider asserts another number than From. */
  readonly asserted?: string;
  /** Frequency of the caller's voice in Hz from the answer on; without it the caller is silent. */
  readonly voice?: number;
  /** `asSound`: offers no telephone-event, so that a switch has to hear keys in the sound; default `asEvents`. */
  readonly keys?: 'asEvents' | 'asSound';
}

/** How the outside party of {@link SippParty.provider} behaves. */
export interface SippProviderOptions {
  readonly voice?: number;
  /** Status of {@link SippParty.refuse}; default 486. */
  readonly refuseWith?: number;
}

/**
 * One party of a call over the trunk, its signalling done by Debian's sipp as a process of its own, its media by
 * {@link RtpVoice}. sipp is steered by INFO messages which only the tap between it and the switch sends.
 */
export class SippParty {
  readonly tap: SipTap;
  readonly voice: RtpVoice;
  readonly #child: ChildProcess;
  readonly #dir: string;
  readonly #callId: () => string;
  readonly #exit: Promise<void>;
  #killed = false;
  #errors = '';

  private constructor(parts: {
    readonly tap: SipTap;
    readonly voice: RtpVoice;
    readonly child: ChildProcess;
    readonly dir: string;
    readonly callId: () => string;
  }) {
    this.tap = parts.tap;
    this.voice = parts.voice;
    this.#child = parts.child;
    this.#dir = parts.dir;
    this.#callId = parts.callId;
    this.#exit = once(parts.child, 'exit').then(() => parts.voice.sendTo(undefined));
    running.add(parts.child);
    parts.child.once('exit', () => running.delete(parts.child));
    parts.child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errors.length < 4_000) this.#errors += chunk.toString();
    });
  }

  /** Starts sipp and places the call; does not wait for an answer. */
  static async call(lab: SwitchSite, options: SippCallOptions): Promise<SippParty> {
    const callId = randomBytes(8).toString('hex');
    const voice = await RtpVoice.open();
    const port = await freePort();
    const tap = await SipTap.open({ switchPort: lab.ports.sip, partyPort: port, relayMedia: false });
    const xml = callerXml({
      to: options.to,
      from: options.from,
      name: options.name,
      asserted: options.asserted,
      callId,
      mediaPort: voice.port,
      ...(options.keys === undefined ? {} : { keys: options.keys }),
    });
    leadVoice(tap, voice);
    voice.speak(options.voice);
    const party = new SippParty({
      tap,
      voice,
      callId: () => callId,
      ...launch(xml, { to: tap.portForParty, port, callId }),
    });
    return party;
  }

  /** Starts sipp as the outside world: the one party that the switch reaches over its trunk. Takes one call. */
  static async provider(lab: SwitchSite, options: SippProviderOptions = {}): Promise<SippParty> {
    const voice = await RtpVoice.open();
    const partyPort = await freePort();
    const { sip: switchPort, trunk: port } = lab.ports;
    const tap = await SipTap.open({ switchPort, partyPort, relayMedia: false, port });
    let callId = '';
    tap.watch((message) => {
      if (message.sip.method === 'INVITE') callId = message.sip.callId;
    });
    leadVoice(tap, voice);
    voice.speak(options.voice);
    const xml = calleeXml({ mediaPort: voice.port, refuseWith: options.refuseWith ?? 486 });
    return new SippParty({
      tap,
      voice,
      callId: () => callId,
      ...launch(xml, { to: tap.portForParty, port: partyPort, callId: undefined }),
    });
  }

  /** What this party hears. */
  get hearing(): Hearing {
    return this.voice.hearing;
  }

  /** Messages seen so far. */
  get messages(): readonly TappedMessage[] {
    return this.tap.messages;
  }

  /** Resolves when the far end rings (180 or 183 passed). */
  async ringing(withinMs = PATIENCE_MS): Promise<void> {
    await this.tap.seen((m) => m.sip.method === 'INVITE' && (m.sip.status === 180 || m.sip.status === 183), {
      what: 'ringing',
      withinMs,
    });
  }

  /** Resolves when the call is answered. */
  async answered(withinMs = PATIENCE_MS): Promise<void> {
    await this.tap.seen((m) => m.sip.method === 'INVITE' && m.sip.status === 200, { what: 'the answer', withinMs });
  }

  /** A provider's party answers. */
  answer(): void {
    this.tap.tellParty(steer(this.#callId(), 'go'));
  }

  /** A provider's party refuses, with the status it was made with. */
  refuse(): void {
    this.tap.tellParty(steer(this.#callId(), 'refuse'));
  }

  /** Presses keys (RFC 4733). */
  press(digits: string): Promise<void> {
    return this.voice.press(digits);
  }

  /** Ends the call: BYE, or CANCEL before the answer. Resolves when sipp is done. */
  async hangUp(): Promise<SippEnd> {
    this.tap.tellParty(steer(this.#callId(), 'end'));
    return this.ended();
  }

  /** Resolves when the call is over, however it ended. */
  async ended(withinMs = PATIENCE_MS): Promise<SippEnd> {
    await within(this.#exit, {
      what: 'the end of the call at sipp',
      withinMs,
      seen: () => this.messages.slice(-8).map((message) => `${message.by}: ${message.sip.start}`),
    });
    const complaints = this.complaints();
    if (complaints.includes('unexpected message')) throw new Error(`sipp gave up: ${complaints.slice(0, 1_500)}`);
    return this.#end();
  }

  /** Whether the call is over. */
  get over(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** SIGKILL: the party vanishes without a word. */
  async kill(): Promise<void> {
    if (!this.over) {
      this.#killed = true;
      this.#child.kill('SIGKILL');
      await this.#exit;
    }
  }

  /** Ends everything; may be called twice. */
  async close(): Promise<void> {
    await this.kill();
    this.voice.close();
    this.tap.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** What sipp complained about, for a failure's report. */
  complaints(): string {
    const file = join(this.#dir, 'errors.txt');
    return this.#errors + (existsSync(file) ? readFileSync(file, 'utf8').slice(0, 4_000) : '');
  }

  #end(): SippEnd {
    if (this.#killed) return { by: 'killed', status: undefined, reason: undefined };
    const refusal = this.messages.find((m) => m.sip.method === 'INVITE' && (m.sip.status ?? 0) >= 300);
    const last = this.messages.find(
      (m) => m.sip.status === undefined && (m.sip.method === 'BYE' || m.sip.method === 'CANCEL'),
    );
    const by = last?.by ?? refusal?.by ?? 'switch';
    return { by, status: refusal?.sip.status, reason: (last ?? refusal)?.sip.header('reason') };
  }
}

function launch(
  xml: string,
  options: { readonly to: number; readonly port: number; readonly callId: string | undefined },
): { readonly child: ChildProcess; readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), 'cb-sipp-'));
  const file = join(dir, 'scenario.xml');
  writeFileSync(file, xml);
  const args = [
    '-sf',
    file,
    '-m',
    '1',
    '-i',
    '127.0.0.1',
    '-p',
    String(options.port),
    '-nostdin',
    '-trace_err',
    '-error_file',
    join(dir, 'errors.txt'),
  ];
  if (options.callId !== undefined) args.push('-cid_str', options.callId);
  args.push(`127.0.0.1:${options.to}`);
  const child = spawn('sipp', args, {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TERM: 'dumb' },
  });
  return { child, dir };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Whether sipp is installed; the suite says so in one line when it is not. */
export async function haveSipp(): Promise<boolean> {
  const child = spawn('sipp', ['-v'], { stdio: 'ignore' });
  return Promise.race([once(child, 'exit').then(() => true), once(child, 'error').then(() => false)]);
}

/** Resolves when a party is over; for tests that only wait. */
export function over(party: SippParty, withinMs = PATIENCE_MS): Promise<boolean> {
  return until(() => party.over, { what: 'the end of a call', withinMs });
}
