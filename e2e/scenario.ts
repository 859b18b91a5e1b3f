import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsteriskLab } from './lab/asterisk.js';
import { LabBrowser } from './lab/browser.js';
import { type AnyPhone, AsteriskSwitch, FreeswitchSwitch, type LabSwitch } from './lab/lab-switch.js';
import type { LabCaller } from './lab/party.js';
import { Phone, type PhoneOptions } from './lab/phone.js';
import type { PhoneEvent } from './lab/phone-control.js';
import { SipPhone } from './lab/sip-phone.js';
import { type SippCallOptions, SippParty, type SippProviderOptions } from './lab/sipp.js';

/**
 * What a scenario needs beside Node. `switch`: any switch of {@link LabSwitch}, which a run of the suite chooses; `restart`: one that may be restarted;
 * `callWaiting`: phones that ring while they talk; `sipPhone`: phones of the laboratory's own on a real network; `recordedSound`: recordings that sound as
 * what was recorded.
 */
export type Need =
  | 'asterisk'
  | 'switch'
  | 'restart'
  | 'callWaiting'
  | 'sipPhone'
  | 'recordedSound'
  | 'sipp'
  | 'baresip'
  | 'chromium';

/** One thing that is shown on a real switch. */
export interface Scenario {
  /** Short, unique, `area: what`. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** Bound in ms; default 240,000: what a machine may take that is busy with other work too. */
  readonly boundMs?: number;
  /** `deep`: only in the long run. Default `test`. */
  readonly runIn?: 'test' | 'deep';
  /** A text that it answers is printed in its line, such as counts. */
  run(lab: ScenarioLab): Promise<unknown>;
}

interface Closable {
  close(): void | Promise<void>;
}

/**
 * What one scenario is played on: a switch of its own, and whatever it opens; all of it is closed with the scenario, and told about when it
 * fails.
 */
export class ScenarioLab {
  /** Notes in the order of the scenario, kept with a failure. */
  readonly notes: string[] = [];
  readonly phones: Phone[] = [];
  readonly parties: SippParty[] = [];
  readonly #sipPhones: SipPhone[] = [];
  readonly #open: Closable[] = [];
  readonly #told: (() => string)[] = [];
  readonly #extra = new Map<string, () => string | Promise<string>>();
  readonly #start: () => Promise<LabSwitch>;
  #switch: LabSwitch | undefined;
  #browser: LabBrowser | undefined;

  /** @param start - the switch to play on; default a private Asterisk */
  constructor(start: () => Promise<LabSwitch> = async () => new AsteriskSwitch(await AsteriskLab.start())) {
    this.#start = start;
  }

  /** The switch, started at the first call. */
  async switch(): Promise<LabSwitch> {
    this.#switch ??= await this.#start();
    return this.#switch;
  }

  /** The switch of a scenario that is about Asterisk alone. */
  async asterisk(): Promise<AsteriskLab> {
    const found = await this.switch();
    if (!(found instanceof AsteriskSwitch)) throw new Error('this scenario needs Asterisk');
    return found.lab;
  }

  /** The browser, started at the first call. */
  async browser(): Promise<LabBrowser> {
    this.#browser ??= await LabBrowser.start();
    return this.#browser;
  }

  /** A caller of the outside, on its way. */
  async caller(options: SippCallOptions): Promise<LabCaller> {
    const party = await (await this.switch()).caller(options);
    if (party instanceof SippParty) this.parties.push(party);
    return this.keep(party);
  }

  /** The outside world, for one call over the trunk. */
  async provider(options: SippProviderOptions = {}): Promise<SippParty> {
    const party = await SippParty.provider(await this.asterisk(), options);
    this.parties.push(party);
    return this.keep(party);
  }

  /** A registered phone. */
  async phone(options: PhoneOptions): Promise<AnyPhone> {
    const phone = await (await this.switch()).phone(options);
    if (phone instanceof Phone) this.phones.push(phone);
    return this.keep(phone);
  }

  /** A registered phone whose sound is judged in every call at once. */
  async deskPhone(options: PhoneOptions): Promise<AnyPhone> {
    const found = await this.switch();
    return found instanceof AsteriskSwitch ? this.sipPhone(options) : this.phone(options);
  }

  /** A registered phone of the laboratory's own. */
  async sipPhone(options: PhoneOptions): Promise<SipPhone> {
    const pbx = await this.switch();
    return this.#kept(
      await SipPhone.start(pbx instanceof FreeswitchSwitch ? pbx.phones : await this.asterisk(), options),
    );
  }

  /** The outside world, for as many calls over the trunk as come. */
  async outside(): Promise<SipPhone> {
    return this.#kept(await SipPhone.outside(await this.asterisk()));
  }

  /** A folder that goes with the scenario. */
  folder(): string {
    const path = mkdtempSync(join(tmpdir(), 'cb-e2e-'));
    this.keep({ close: () => rmSync(path, { recursive: true, force: true }) });
    return path;
  }

  /** Closes `thing` with the scenario, the youngest first. */
  keep<T extends Closable>(thing: T): T {
    this.#open.push(thing);
    return thing;
  }

  /** Keeps what `text` tells in the file `name` when the scenario fails. */
  onFailure(name: string, text: () => string | Promise<string>): void {
    this.#extra.set(name, text);
  }

  /** What `words` tells in a line or few goes into the output of the run when the scenario fails. */
  tells(words: () => string): void {
    this.#told.push(words);
  }

  /** The end of everything that was told, for the output of the run: whoever reads it may have no files of it. */
  story(): string {
    const lines = [
      ...this.notes,
      ...this.#told.map((words) => words()),
      ...this.phones.map((phone) => `phone ${eventsOf(phone)}`),
      ...this.#sipPhones.map((phone) => `phone ${eventsOf(phone)}`),
      ...this.parties.map((party) => {
        const said = party.messages.map((m) => `${m.by === 'party' ? '>' : '<'} ${wordOf(m.sip.start)}`);
        const heard = party.hearing.segments().slice(-8);
        return `outside ${said.slice(-10).join(', ')}; heard ${heard.map((part) => `${Math.round(part.toMs - part.fromMs)}:${part.freqs.join('+')}`).join(' ')}`;
      }),
    ];
    return lines.map((line) => line.slice(-700)).join('\n');
  }

  /** A remark with its time. */
  note(text: string): void {
    this.notes.push(`${new Date().toISOString().slice(11, 23)} ${text}`);
  }

  /** Writes down what there is to know about a failure. */
  async report(dir: string, error: unknown): Promise<void> {
    mkdirSync(dir, { recursive: true });
    const put = (name: string, text: string): void => writeFileSync(join(dir, name), text);
    put(
      'error.txt',
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n\n${this.notes.join('\n')}\n`,
    );
    if (this.#switch !== undefined) put('switch.log.txt', this.#switch.log());
    for (const phone of this.phones) {
      put(
        `phone-${phone.extension}.txt`,
        `${ladder(phone.tap.messages)}\n${JSON.stringify(phone.events, null, 1)}\n${phone.output()}`,
      );
    }
    for (const [index, party] of this.parties.entries()) {
      put(
        `sipp-${index}.txt`,
        `${ladder(party.messages)}\n${JSON.stringify(party.hearing.segments())}\n${party.complaints()}`,
      );
    }
    for (const [name, text] of this.#extra) put(name, await text());
    if (this.#browser !== undefined) {
      await this.#browser.screenshots(dir);
      put('browser-console.txt', this.#browser.consoles());
    }
  }

  #kept(phone: SipPhone): SipPhone {
    this.#sipPhones.push(phone);
    this.onFailure(`sip-phone-${phone.extension}.txt`, () => {
      const events = phone.events.map((event) => `${new Date(event.atMs).toISOString().slice(11, 23)} ${event.type}`);
      return `${ladder(phone.messages)}\n${events.join('\n')}`;
    });
    return this.keep(phone);
  }

  /** Ends everything; may be called twice. */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    const step = async (thing: Closable): Promise<void> => {
      try {
        await thing.close();
      } catch (error) {
        errors.push(error);
      }
    };
    for (const thing of this.#open.splice(0).reverse()) await step(thing);
    if (this.#browser !== undefined) await step(this.#browser);
    await this.#switch?.stop();
    if (errors.length > 0) throw errors[0];
  }
}

/** What came of the calls at a phone, with times. */
function eventsOf(phone: { readonly extension: string; readonly events: readonly PhoneEvent[] }): string {
  const words = phone.events.slice(-14).map(({ atMs, type }) => `${clockOf(atMs)} ${type.replace('CALL_', '')}`);
  return `${phone.extension}: ${words.join(', ')}`;
}

/** Minutes, seconds and milliseconds of a time of the wall clock. */
function clockOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(14, 23);
}

/** A start line without its address. */
function wordOf(start: string): string {
  return start.replace(/^SIP\/2\.0 /, '').replace(/ sip:.*$/, '');
}

function ladder(
  messages: readonly {
    readonly atMs: number;
    readonly by: string;
    readonly sip: { readonly start: string; readonly callId: string };
  }[],
): string {
  return messages
    .map(
      (m) =>
        `${new Date(m.atMs).toISOString().slice(11, 23)} ${m.by.padEnd(6)} ${m.sip.callId.slice(0, 8)} ${m.sip.start}`,
    )
    .join('\n');
}
