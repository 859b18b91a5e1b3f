import {
  eighthBitOf,
  type Fit,
  fitWith,
  otherLanguage,
  type SerialLanguage,
  type SerialSettings,
  settingsText,
  settingsToTry,
} from '@cordboard/adapters-pbx-serial';
import { sleep } from '@cordboard/driver-kit';
import type { Finding } from '../finding.js';
import { heardText, isEcho, isText } from './heard.js';
import { lineFindings, openFinding } from './port-findings.js';
import type { ModemLines, OpenPort, SerialSystem } from './system.js';

/** What the diagnosis came to. */
export type SerialVerdict =
  /** Both ends are set alike and speak the language. */
  | 'ok'
  | 'noLibrary'
  /** The port is not there, is somebody else's, or is no serial port. */
  | 'wrongPort'
  | 'wrongSpeed'
  | 'wrongParity'
  /** Another language than the one that was asked for. */
  | 'wrongLanguage'
  /** Text, in no language that is known here: some other device. */
  | 'otherDevice'
  /** What is sent comes back: a loop, or a cable whose far end is open. */
  | 'echo'
  | 'noCable'
  /** Something is on the cable and says nothing. */
  | 'silentPbx'
  /** Bytes come, and at none of the settings do they make sense. */
  | 'garbled'
  /** Nothing comes, and only lines that this port does not have could tell why. */
  | 'unknown';

/** What is to be examined. */
export interface SerialExamination {
  readonly path: string;
  /** What the PBX is to speak; absent: any, and nothing is asked. */
  readonly language?: SerialLanguage;
  /** As the port is configured. */
  readonly settings: SerialSettings;
  /** How long each setting is listened to, ms, 100-600,000. */
  readonly listenMs: number;
  /** All time that other settings may take, ms. */
  readonly searchMs: number;
  readonly signal: AbortSignal;
}

/** What was found. */
export interface SerialReport {
  readonly verdict: SerialVerdict;
  /** Settings at which the PBX is understood, where there are some. */
  readonly speaks?: { readonly language: string; readonly settings: string };
  readonly findings: readonly Finding[];
  /** Settings that were tried, in order. */
  readonly tried: readonly string[];
}

/** Most that is kept of what a port says at one setting. */
const MOST_BYTES = 65_536;
/** A question is asked this often while its answer is waited for. */
const ASK_EVERY_MS = 1_000;
/** Settings that are tried on a port without modem lines: it is a pty or a device server, where a rate that is set here often changes nothing. */
const TRIES_WITHOUT_LINES = 8;

interface Heard {
  readonly bytes: Uint8Array;
  readonly lines: ModemLines | undefined;
}

type Understood = { readonly language: SerialLanguage; readonly fit: Fit };

/** Examines a port: what is there, what comes out of it, and at which settings it makes sense. Sends nothing but a language's question. */
export async function examineSerial(what: SerialExamination, system: SerialSystem): Promise<SerialReport> {
  const examiner = new Examiner(what, system);
  return examiner.run();
}

class Examiner {
  readonly #what: SerialExamination;
  readonly #system: SerialSystem;
  readonly #findings: Finding[] = [];
  readonly #tried: string[] = [];

  constructor(what: SerialExamination, system: SerialSystem) {
    this.#what = what;
    this.#system = system;
  }

  async run(): Promise<SerialReport> {
    if ((await this.#system.library()) === 'missing') {
      return this.#report('noLibrary', {
        id: 'serial.library',
        level: 'failed',
        text: 'the package serialport is not installed',
        fix: 'npm install serialport',
      });
    }
    const { settings } = this.#what;
    const first = await this.#listen(settings, 'kept');
    if ('failure' in first) {
      const ports = await this.#system.list();
      return this.#report('wrongPort', openFinding(this.#what.path, first, ports));
    }
    this.#findings.push({
      id: 'serial.port',
      level: 'ok',
      text: `${this.#what.path} opens at ${settingsText(settings)}`,
    });
    this.#findings.push(...lineFindings(first.lines));
    this.#findings.push(heardText(first.bytes));
    const understood = this.#understood(first.bytes);
    if (understood !== undefined) return this.#speaks(understood.language, settings);
    return first.bytes.length === 0 ? this.#silent(first) : this.#garbled(first);
  }

  /** The language that is wanted, or any that reads the bytes. */
  #understood(bytes: Uint8Array): Understood | undefined {
    const { language } = this.#what;
    if (isEcho(bytes, language?.question?.ask)) return undefined;
    if (language === undefined) {
      const any = otherLanguage(bytes);
      return any === undefined ? undefined : { language: any, fit: 'reads' };
    }
    return fitWith(language, bytes) === 'reads' ? { language, fit: 'reads' } : undefined;
  }

  async #silent({ lines }: Heard): Promise<SerialReport> {
    const { language, settings } = this.#what;
    // A PBX that must be asked is silent too where it does not understand the question.
    if (language?.question !== undefined) {
      const found = await this.#search(settings, lines);
      if (found.report !== undefined) return found.report;
      if (found.heard > 0) return this.#report('garbled', garbledFinding(found.heard));
    }
    if (lines === undefined) {
      return this.#report('unknown', {
        id: 'serial.silent',
        level: 'unknown',
        text: 'nothing came: no cable, the wrong port, or a PBX that is off or has nothing to say; this port has no modem lines that could tell which',
        fix:
          language?.question === undefined
            ? 'make a call that ends, so that a record is printed, and wait with --wait'
            : 'try another port, and look whether the PBX has power',
      });
    }
    const isDead = !lines.cts && !lines.dsr && !lines.dcd;
    return this.#report(isDead ? 'noCable' : 'silentPbx', {
      id: 'serial.silent',
      level: 'failed',
      text: isDead
        ? 'nothing came, and no line of the other side is up: no cable, a PBX without power, or the wrong port (a cable of three wires looks the same)'
        : 'nothing came, but lines of the other side are up: something is on the cable and says nothing',
      fix: isDead
        ? 'look at the cable and at the power of the PBX, or try another port'
        : 'switch the output of the PBX to this port on, or make a call that ends; a null-modem cable where the PBX is wired as a terminal',
    });
  }

  async #garbled({ bytes, lines }: Heard): Promise<SerialReport> {
    const { language, settings } = this.#what;
    if (isEcho(bytes, language?.question?.ask)) {
      return this.#report('echo', {
        id: 'serial.echo',
        level: 'failed',
        text: 'what was sent came back: a loop, a cable that joins both wires, or a device that echoes',
        fix: 'look at the wiring: send and receive must cross between host and PBX',
      });
    }
    const eighth = settings.dataBits === 8 && settings.parity === 'none' ? eighthBitOf(bytes) : undefined;
    const behind = eighth === undefined ? undefined : this.#understood(eighth.bytes);
    if (eighth !== undefined && behind !== undefined) {
      const right: SerialSettings = { ...settings, dataBits: 7, parity: eighth.parity };
      return this.#wrongSettings(behind.language, right);
    }
    const other = language === undefined ? undefined : otherLanguage(bytes, language);
    if (other !== undefined) return this.#otherLanguage(other, settings);
    const found = await this.#search(settings, lines);
    if (found.report !== undefined) return found.report;
    if (isText(bytes)) {
      return this.#report('otherDevice', {
        id: 'serial.language',
        level: 'failed',
        text: `text comes at ${settingsText(settings)}, in no language that is known here: another device, or a format of records that is not among those of "smdr"`,
        fix: 'try another port; a CSV of your PBX can be described by --columns of "cordboard smdr parse --format generic-csv"',
      });
    }
    return this.#report('garbled', garbledFinding(bytes.length));
  }

  /** Opens the port at other settings, one after another, until something makes sense. */
  async #search(
    given: SerialSettings,
    lines: ModemLines | undefined,
  ): Promise<{ readonly report?: SerialReport; readonly heard: number }> {
    const { language, searchMs, signal } = this.#what;
    const { clock } = this.#system;
    const all = settingsToTry(language ?? ANY, given);
    const list = lines === undefined ? all.slice(0, TRIES_WITHOUT_LINES) : all;
    const endsMs = clock.nowMs() + searchMs;
    let heard = 0;
    for (const settings of list) {
      if (signal.aborted || clock.nowMs() >= endsMs) break;
      const one = await this.#listen(settings, 'once');
      if ('failure' in one) continue;
      heard += one.bytes.length;
      const understood = this.#understood(one.bytes);
      if (understood !== undefined) return { report: this.#wrongSettings(understood.language, settings), heard };
      const other = language === undefined || one.bytes.length === 0 ? undefined : otherLanguage(one.bytes, language);
      if (other !== undefined && !isEcho(one.bytes, language?.question?.ask)) {
        return { report: this.#otherLanguage(other, settings), heard };
      }
    }
    return { heard };
  }

  async #listen(
    settings: SerialSettings,
    life: 'kept' | 'once',
  ): Promise<Heard | { readonly failure: string; readonly text: string }> {
    const { path, language, listenMs, signal } = this.#what;
    const { clock } = this.#system;
    const port = await this.#system.open(path, settings);
    if (!('write' in port)) return port;
    this.#tried.push(settingsText(settings));
    const pieces: Uint8Array[] = [];
    let count = 0;
    try {
      port.onBytes((bytes) => {
        if (count < MOST_BYTES) pieces.push(Uint8Array.from(bytes));
        count += bytes.length;
      });
      const lines = life === 'kept' ? await port.lines() : undefined;
      const all = (): Uint8Array => Uint8Array.from(Buffer.concat(pieces));
      let lookedAt = 0;
      const enough = (): boolean => {
        if (count === lookedAt) return false;
        lookedAt = count;
        return this.#understood(all()) !== undefined;
      };
      await this.#waitFor(port, {
        question: language?.question?.ask,
        listenMs,
        enough,
      });
      const heard = all();
      if (language?.question !== undefined && count > 0) {
        port.write(language.question.leave);
        // Lets it leave before the port is closed.
        await sleep(clock, 100, signal).catch(() => undefined);
      }
      return { bytes: heard, lines };
    } finally {
      await port.close();
    }
  }

  /** Listens until it has heard enough or the time is over; asks now and then where the language has a question. */
  async #waitFor(
    port: OpenPort,
    how: { readonly question: Uint8Array | undefined; readonly listenMs: number; readonly enough: () => boolean },
  ): Promise<void> {
    const { clock } = this.#system;
    const endsMs = clock.nowMs() + how.listenMs;
    let askMs = clock.nowMs();
    while (!this.#what.signal.aborted && clock.nowMs() < endsMs && !how.enough()) {
      if (how.question !== undefined && clock.nowMs() >= askMs) {
        port.write(how.question);
        askMs += ASK_EVERY_MS;
      }
      await sleep(clock, Math.min(100, Math.max(1, endsMs - clock.nowMs())), this.#what.signal).catch(() => undefined);
    }
  }

  #speaks(language: SerialLanguage, settings: SerialSettings): SerialReport {
    return this.#report(
      'ok',
      { id: 'serial.language', level: 'ok', text: `${language.id} is understood at ${settingsText(settings)}` },
      { language: language.id, settings: settingsText(settings) },
    );
  }

  #wrongSettings(language: SerialLanguage, right: SerialSettings): SerialReport {
    const { settings } = this.#what;
    const verdict = right.baudRate === settings.baudRate ? 'wrongParity' : 'wrongSpeed';
    const what = verdict === 'wrongSpeed' ? 'speed' : 'data bits, parity or stop bits';
    return this.#report(
      verdict,
      {
        id: 'serial.settings',
        level: 'failed',
        text: `wrong ${what}: the PBX speaks ${language.id} at ${settingsText(right)}, the port is set to ${settingsText(settings)}`,
        fix: `set the port to ${settingsText(right)}, or the PBX to ${settingsText(settings)}`,
      },
      { language: language.id, settings: settingsText(right) },
    );
  }

  #otherLanguage(language: SerialLanguage, settings: SerialSettings): SerialReport {
    return this.#report(
      'wrongLanguage',
      {
        id: 'serial.language',
        level: 'failed',
        text: `the device speaks ${language.id} at ${settingsText(settings)}, not ${this.#what.language?.id ?? 'that'}: the wrong profile, or the wrong port`,
        fix: `--profile ${language.id}, or another port`,
      },
      { language: language.id, settings: settingsText(settings) },
    );
  }

  #report(verdict: SerialVerdict, finding: Finding, speaks?: SerialReport['speaks']): SerialReport {
    const findings = [...this.#findings, finding];
    return { verdict, findings, tried: this.#tried, ...(speaks === undefined ? {} : { speaks }) };
  }
}

/** What is tried where no language is given: rates and shapes of all of them, the usual ones first. */
const ANY: Pick<SerialLanguage, 'rates' | 'shapes'> = {
  rates: [9_600, 2_400, 1_200, 4_800, 19_200, 38_400, 57_600, 115_200],
  shapes: [
    { dataBits: 8, parity: 'none', stopBits: 1 },
    { dataBits: 7, parity: 'even', stopBits: 1 },
    { dataBits: 7, parity: 'odd', stopBits: 1 },
  ],
};

function garbledFinding(bytes: number): Finding {
  return {
    id: 'serial.settings',
    level: 'unknown',
    text: `${bytes} bytes came, and at none of the settings that were tried do they make sense: another speed, another device, or a bad cable`,
    fix: 'give the settings of the PBX with --baud and --line, or listen longer with --wait',
  };
}
