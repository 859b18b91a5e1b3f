import { BLOCKING_WORK, WORK_KINDS } from '@cordboard/cti-core';
import * as z from 'zod';
import { duration } from './duration.js';
import { firewallInput, groupsInput, listsInput, modesInput } from './named-input.js';
import { boxesInput, functionsInput, ivrInput, voiceInput } from './services-input.js';
import { calendar, dialPlan, MAX_SPEED_DIAL, popConfig, recordingRules, speedCode } from './tenant.js';

const DAY_MS = 86_400_000;
const text = (max: number): z.ZodString => z.string().min(1).max(max);
const ids = z.array(text(64)).max(1000);
/** An extension's number on the first switch, or a whole device id. */
const deviceText = z
  .string()
  .max(170)
  .regex(/^([0-9*#]{1,20}|[a-z0-9-]{1,32}:(extension|line|trunk|external):[^\p{Cc}]{1,128})$/u, {
    message: "expected an extension such as '8001', or a device id such as 'main:extension:8001'",
  });
const numberText = z
  .string()
  .max(60)
  .transform((value) => value.replace(/[\s().-]/gu, ''))
  .pipe(z.string().regex(/^\+?[0-9*#]{1,39}$/u, 'expected a number: digits, *, #, a leading +'));

/** A flow: its name, or the graph itself, which keeps its identity here and is checked by its own schema later. */
const flowText = z.union(
  [
    text(64),
    z.custom<{ readonly id: string }>((value) => typeof value === 'object' && value !== null && 'id' in value),
  ],
  { error: "expected a flow's name or a flow" },
);

/** Where a call goes, as people write it: one key, or `hangup`. */
export const targetInput = z.union(
  [
    z.literal('hangup'),
    z.strictObject({ ivr: flowText }),
    z.strictObject({ queue: text(64) }),
    z.strictObject({ extension: numberText }),
    z.strictObject({ agent: text(64) }),
    z.strictObject({ outside: numberText }),
  ],
  { error: "expected 'hangup' or one of { ivr }, { queue }, { extension }, { agent }, { outside }" },
);

/** A function made by an adapter (`asterisk({...})`), or its registered name with options. */
const driverInput = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'expected a driver made by an adapter, or { driver, options }',
});

const behindDigits = z.string().regex(/^[0-9]{1,12}$/u, 'expected 1-12 digits');
const behindRange = z
  .strictObject({ from: behindDigits, to: behindDigits })
  .refine(
    ({ from, to }) => from.length === to.length && from <= to,
    'expected two numbers of equal length, the smaller first',
  );

/** A trunk of the switch by its name, with its kind in front where it is a single line, or a whole device id. */
const trunkText = z
  .string()
  .regex(
    /^([^:\p{Cc}]{1,128}|([a-z0-9-]{1,32}:)?(line|trunk):[^\p{Cc}]{1,128})$/u,
    "expected a trunk such as 'carrier', 'trunk:city' or 'line:one'",
  );

const switchInput = z.union(
  [
    driverInput,
    z.strictObject({
      driver: z.union([driverInput, text(64)]),
      options: z.unknown().optional(),
      defaultTrunk: trunkText.exactOptional(),
      callerNumber: numberText.exactOptional(),
      /** Extensions of a PBX behind the lines of an analog switch, reached by a flash. */
      behind: z.array(behindRange).max(100).exactOptional(),
    }),
  ],
  { error: 'expected a driver made by an adapter, or { driver, options }' },
);

/** A speed dial list as people write it. */
const speedDialInput = z
  .record(
    speedCode,
    z.union([numberText, z.strictObject({ number: numberText, name: text(128).exactOptional() })], {
      error: 'expected a number, or { number, name }',
    }),
  )
  .refine((list) => Object.keys(list).length <= MAX_SPEED_DIAL, `expected at most ${MAX_SPEED_DIAL} codes`);

const popInput = {
  popUrl: text(2000).exactOptional(),
  popAt: z.enum(['alerting', 'connected']).exactOptional(),
};

const agentInput = z.strictObject({
  name: text(128).exactOptional(),
  seat: deviceText.exactOptional(),
  allowedSeats: z.array(deviceText).max(1000).exactOptional(),
  queues: ids.exactOptional(),
  answer: z.enum(['manual', 'auto']).exactOptional(),
  ring: z.enum(['audible', 'silent']).exactOptional(),
  release: z.enum(['manual', 'auto']).exactOptional(),
  /** The agent's own speed dial list: code -> number, or { number, name }. */
  speedDial: speedDialInput.exactOptional(),
  record: z.enum(['always', 'never', 'byQueue']).exactOptional(),
  numbers: z.enum(['clear', 'masked']).exactOptional(),
  mayDial: z.enum(['any', 'internal', 'none']).exactOptional(),
});

const queueInput = z.strictObject({
  name: text(128).exactOptional(),
  strategy: z.literal('longestIdle').exactOptional(),
  /** Agents of the queue, beside those that name it themselves. */
  agents: ids.exactOptional(),
  ringTimeout: duration(1000, 300_000).exactOptional(),
  waitTimeout: duration(0, DAY_MS).exactOptional(),
  maxWaiting: z.int().min(0).max(100_000).exactOptional(),
  overflow: targetInput.exactOptional(),
  afterCallWork: duration(0, DAY_MS).exactOptional(),
  musicClass: text(64).exactOptional(),
  record: z.enum(['always', 'never']).exactOptional(),
  priority: z.int().min(-1000).max(1000).exactOptional(),
  /** How much waiting a step of priority is worth. */
  ageing: duration(1000, DAY_MS).exactOptional(),
  ringNoAnswer: z.enum(['notReady', 'ready']).exactOptional(),
  routesToReasons: z.array(text(64)).max(100).exactOptional(),
  work: z.enum(WORK_KINDS).exactOptional(),
  blockedBy: z.array(z.enum(BLOCKING_WORK)).max(BLOCKING_WORK.length).exactOptional(),
  /** The flow that the caller is put into when the agent has hung up. */
  survey: flowText.exactOptional(),
  ...popInput,
});

const routeInput = z.strictObject({
  id: text(64).exactOptional(),
  number: z
    .string()
    .max(40)
    .regex(/^(\+?[0-9*#]{1,39}\*?|\*)$/u, "expected a dialled number, or a prefix ending in '*'"),
  switch: text(32).exactOptional(),
  to: targetInput,
  /** Whose screen pops as soon as the call comes, whatever becomes of it. */
  popTo: z.union([z.strictObject({ agent: text(64) }), z.strictObject({ extension: numberText })]).exactOptional(),
  enabled: z.enum(['enabled', 'paused']).exactOptional(),
  maxConcurrent: z.int().min(0).max(100_000).exactOptional(),
  priority: z.int().min(-1000).max(1000).exactOptional(),
  note: z.string().max(1000).exactOptional(),
});

const deviceInput = z.strictObject({
  label: z.string().max(128).exactOptional(),
  /** A fixed or mobile number at which somebody sits, dialled through this trunk. */
  dial: z.strictObject({ trunk: deviceText, number: numberText }).exactOptional(),
  ...popInput,
});

const timersInput = z.strictObject({
  command: duration(100, 60_000).exactOptional(),
  confirm: duration(500, 120_000).exactOptional(),
  clientLease: duration(2000, 600_000).exactOptional(),
  popClaim: duration(200, 60_000).exactOptional(),
  ring: duration(1000, 300_000).exactOptional(),
  maxCall: duration(0, 7 * DAY_MS).exactOptional(),
});

const serverInput = z.strictObject({
  host: text(255).exactOptional(),
  port: z.int().min(0).max(65_535).exactOptional(),
  /** Where browsers reach this server, when it stands behind a proxy. */
  publicUrl: z.url({ protocol: /^https?$/u }).exactOptional(),
  /** Origins of pages that may connect beside the server's own, such as `https://erp.example.com`. */
  origins: z
    .array(z.string().regex(/^https?:\/\/[^/\s]+$/u, "expected an origin such as 'https://erp.example.com'"))
    .max(1000)
    .exactOptional(),
  /** Key of the tokens, HS256; at least 32 characters. Default: made at the first start and kept in the data folder. */
  tokenSecret: z.string().min(32, 'expected at least 32 characters').max(1024).exactOptional(),
  /** Folder of journal, records and recordings; default `./data`. */
  dataDir: text(4096).exactOptional(),
  /** How long old journal files are kept; default `168h`. */
  journalKeep: duration(3_600_000, 31 * DAY_MS).exactOptional(),
  /** Bytes of a journal file before the next one is begun; default 64 MiB. */
  journalFileBytes: z.int().min(4096).max(2_147_483_647).exactOptional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).exactOptional(),
  recordings: z
    .strictObject({
      /** A folder that exists, better on another volume: every recording's files are copied there, and removed there with them. */
      secondCopy: text(4096).exactOptional(),
      /** Less free space than this where recordings go is told: in the log, in `/healthz` and in the metrics. Default 2 GiB. */
      lowDiskBytes: z.int().min(0).max(1_125_899_906_842_624).exactOptional(),
    })
    .exactOptional(),
});

const directoryInput = z.union(
  [
    z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function'),
    z.strictObject({
      /** `{number}` is replaced by the caller's number. The answer is `{ decision, customers: [{ id, name, url? }] }`. */
      url: text(2000),
      headers: z.record(text(64), z.string().max(4096)).exactOptional(),
      timeout: duration(100, 30_000).exactOptional(),
    }),
    z.array(z.strictObject({ number: numberText, id: text(64), name: text(128), url: text(2000).exactOptional() })),
  ],
  { error: 'expected a function, { url }, or a list of { number, id, name }' },
);

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Schema of the configuration as people write it, in TypeScript or JSON. Unknown fields are refused: they are typing mistakes. */
export const configInput = z.strictObject({
  /** Name of the tenant; default `main`. */
  tenant: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/u, 'expected 1-32 of a-z, 0-9 and -')
    .exactOptional(),
  /** IANA name of the site's time zone; default: the machine's. */
  timeZone: text(64).refine(isZone, "expected an IANA time zone such as 'Asia/Shanghai'").exactOptional(),
  server: serverInput.exactOptional(),
  dialPlan: dialPlan.exactOptional(),
  switches: z
    .record(z.string().regex(/^[a-z0-9-]{1,32}$/u, 'expected 1-32 of a-z, 0-9 and -'), switchInput)
    .refine((switches) => Object.keys(switches).length > 0, 'expected at least one switch'),
  devices: z.record(deviceText, deviceInput).exactOptional(),
  /** What phones may dial at which nobody is logged on and which are no agent's seat; default `internal`. */
  phones: z.strictObject({ mayDial: z.enum(['any', 'internal', 'none']) }).exactOptional(),
  agents: z.record(text(64), agentInput).exactOptional(),
  queues: z.record(text(64), queueInput).exactOptional(),
  routes: z.array(routeInput).max(10_000).exactOptional(),
  flows: z.union([z.record(text(64), z.unknown()), z.array(z.unknown())]).exactOptional(),
  calendars: z.record(text(64), calendar).exactOptional(),
  /** Phones that flows ring as one, by name. */
  groups: groupsInput.exactOptional(),
  /** Switches that operators set by hand, by name. */
  modes: modesInput.exactOptional(),
  /** Lists of callers' numbers, by name. */
  lists: listsInput.exactOptional(),
  /** Who is refused, who goes first, and what may be dialled, by lists. */
  firewall: firewallInput.exactOptional(),
  recording: recordingRules.exactOptional(),
  /** The screen pop where neither the device nor the queue says another. */
  pop: popConfig.exactOptional(),
  /** The site's speed dial list: code -> number, or { number, name }. */
  speedDial: speedDialInput.exactOptional(),
  notReadyReasons: z.array(text(64)).max(100).exactOptional(),
  /** What agents file calls under. */
  callCategories: z.array(text(64)).max(100).exactOptional(),
  directory: directoryInput.exactOptional(),
  /** What flows may ask of the world outside. */
  ivr: ivrInput.exactOptional(),
  /** Functions that flows run, by `id@version`. */
  functions: functionsInput.exactOptional(),
  voice: voiceInput.exactOptional(),
  /** Voice boxes by name: PINs for their owners, and whom to call when a message comes. */
  boxes: boxesInput.exactOptional(),
  timers: timersInput.exactOptional(),
});

/** The configuration as people write it. */
export type ConfigInput = z.input<typeof configInput>;
/** The configuration after its fields were checked, before its names were resolved. */
export type CheckedConfig = z.output<typeof configInput>;
