import { join, resolve } from 'node:path';
import type {
  Clock,
  DriverCommand,
  DriverEvent,
  EngineInputBody,
  Logger,
  SwitchId,
  TenantConfig,
} from '@cordboard/cti-core';
import type { ResolvedConfig } from '@cordboard/cti-protocol';
import type { AddressLookup } from './questions/addresses.js';
import { AreaFile } from './questions/area-file.js';
import { type FlowServices as Needed, resolveNeeds } from './questions/needs.js';
import type {
  AreaProvider,
  FaxService,
  HostFunction,
  SpeechRecogniser,
  SpeechSynthesiser,
} from './questions/providers.js';
import { type QuestionOptions, Questions } from './questions/questions.js';
import { Secrets } from './questions/secrets.js';
import type { SpokenSource } from './questions/spoken.js';
import { Zones } from './shell/zones.js';
import type { VoiceTable } from './store/voice-table.js';
import { VoiceLibrary } from './voice/library.js';
import { Playable } from './voice/playable.js';
import { Player } from './voice/player.js';
import { SpeechCache } from './voice/speech-cache.js';

/** What the services of flows work with. */
export interface FlowServicePorts extends SpokenSource {
  readonly resolved: Pick<ResolvedConfig, 'ivr' | 'functions' | 'voice'>;
  /** Functions registered by code, beside the configuration's. */
  readonly functions: Readonly<Record<string, HostFunction>> | undefined;
  /** The data folder. */
  readonly dir: string;
  readonly voiceTable: VoiceTable;
  readonly config: () => TenantConfig;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly submit: (input: EngineInputBody) => void;
  readonly execute: (switchId: SwitchId, command: DriverCommand) => void;
  /** Counts something that a person should see. */
  readonly note: (code: string) => void;
  /** Counts questions by type and outcome. */
  readonly count: NonNullable<QuestionOptions['count']>;
  readonly lookup?: AddressLookup;
}

const SPEECH_TIMEOUT_MS = 4000;
const SPEECH_BYTES = 512 * 1024 * 1024;
const SPEECH_KEEP_MS = 30 * 86_400_000;

/** All that flows need beyond the engine: answers, sounds, and the time in other zones. */
export class FlowServices {
  readonly questions: Questions;
  readonly voice: VoiceLibrary;
  readonly #zones: Zones;
  readonly #player: Player;
  readonly #speech: SpeechCache | undefined;
  readonly #area: AreaFile | undefined;
  readonly #needed: Needed;

  /** Starts nothing. @throws {CtiError} `config.invalid` for a secret without a value */
  constructor(ports: FlowServicePorts) {
    const { resolved, clock, log, submit, config, store, driver, random } = ports;
    const { ivr, voice } = resolved;
    const secrets = new Secrets(ivr.secrets ?? {});
    const allow = ivr.http?.allow ?? [];
    const functions = new Map(Object.entries({ ...(resolved.functions as object), ...ports.functions }));
    this.#needed = { functions: new Set(functions.keys()), secrets: secrets.names, allow };
    this.#area =
      typeof ivr.area === 'object'
        ? new AreaFile({ file: ivr.area.file, dialPlan: () => config().dialPlan, clock, log })
        : undefined;
    this.questions = new Questions({
      http: { allow, secrets, ...(ports.lookup === undefined ? {} : { lookup: ports.lookup }) },
      functions: functions as ReadonlyMap<string, HostFunction>,
      area: this.#area?.find ?? (ivr.area as AreaProvider | undefined),
      recognise: ivr.speech?.recognise as SpeechRecogniser | undefined,
      fax: ivr.fax as FaxService | undefined,
      ...{ store, driver, clock, random, log, count: ports.count },
    });
    const folder = resolve(voice.folder ?? join(ports.dir, 'voice'));
    const seenAs = (voice.seenAs ?? folder).replace(/\/+$/u, '');
    this.voice = new VoiceLibrary({ folder, seenAs, table: ports.voiceTable, clock, log });
    const synthesise = ivr.speech?.synthesise as SpeechSynthesiser | undefined;
    this.#speech =
      synthesise === undefined
        ? undefined
        : new SpeechCache({
            dir: join(folder, 'speech'),
            synthesise,
            voice: ivr.speech?.voice ?? '',
            timeoutMs: ivr.speech?.timeout ?? SPEECH_TIMEOUT_MS,
            maxBytes: voice.speechBytes ?? SPEECH_BYTES,
            keepMs: voice.speechKeep ?? SPEECH_KEEP_MS,
            clock,
            log,
          });
    const playable = new Playable({
      voice: (language, name) => this.voice.state(language, name),
      speech: this.#speech && speechPaths(this.#speech, `${seenAs}/speech`),
      config,
      onDraft: (file) => {
        ports.note('voice.draft');
        log.warn('a sound that is not approved was asked for on a call', { sound: file });
      },
    });
    this.#player = new Player({ playable, execute: ports.execute, submit });
    this.#zones = new Zones({ clock, log, submit });
  }

  /** Refuses a configuration whose flows need what is not there. @throws {CtiError} `config.unresolved` with both places */
  check(config: TenantConfig): void {
    resolveNeeds(config, this.#needed);
  }

  /** A configuration comes into force: the time in its zones goes before it. */
  follow(config: TenantConfig): void {
    this.#zones.follow(config);
  }

  /** Carries out a driver command, with sounds that switches can play. */
  execute(switchId: SwitchId, command: DriverCommand): void {
    this.#player.execute(switchId, command);
  }

  /** Looks at what a switch tells. */
  see(switchId: SwitchId, event: DriverEvent): void {
    if (event.type === 'linkDown') this.#player.linkLost(switchId);
  }

  /** Reads the files and begins to tell the time. */
  async start(): Promise<void> {
    await this.voice.start();
    await this.#speech?.start();
    void this.#area?.refresh();
    this.#zones.start();
  }

  /** Ends all waiting. After the shell has stopped: what is not answered is asked again by the next run. Twice is once. */
  async stop(): Promise<void> {
    this.#zones.stop();
    this.questions.stop();
    await this.#speech?.stop();
    await this.voice.settled();
  }
}

function speechPaths(cache: SpeechCache, folder: string) {
  const path = (name: string | undefined): string | undefined => (name === undefined ? undefined : `${folder}/${name}`);
  return {
    ready: (text: string, language: string) => path(cache.ready(text, language)),
    make: (text: string, language: string) => cache.fileOf(text, language).then(path),
  };
}
