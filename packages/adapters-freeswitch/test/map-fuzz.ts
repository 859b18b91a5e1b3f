import type { DriverEvent } from '@cordboard/cti-core';
import { header, type SwitchEvent } from '../src/map/event.js';
import { answerOf, replyOf } from '../src/map/reply.js';
import {
  channelRows,
  conferenceMembers,
  directoryUsers,
  dumpOf,
  ourChannels,
  registeredUsers,
} from '../src/map/survey.js';
import type { EslEvent } from '../src/wire/esl-event.js';
import { changed, Maps } from './recorded.js';

/** What a fuzz of the map came to. */
export interface MapFuzzReport {
  readonly events: number;
  /** Events that were told to the core. */
  readonly told: number;
  /** Most channels that were held at a time. */
  readonly peak: number;
}

/** Values that somebody may write where the map reads. */
const VALUES = [
  '',
  '_undef_',
  '0',
  '-1',
  '99999999999999999999',
  'trunk:',
  'trunk:carrier',
  'phone',
  'out',
  'BLIND_TRANSFER',
  'ATTENDED_TRANSFER',
  'blind:',
  'blind:8002',
  'PICKED_OFF',
  'SYSTEM_SHUTDOWN',
  'answered',
  'outbound',
  'inbound',
  'cb-x',
  'add-member',
  'del-member',
  'conference::maintenance',
  'sofia::expire',
  'a'.repeat(100_000),
  '\u0000\r\n{}^^\'",',
  '%zz%ff',
  '张三',
  '__proto__',
] as const;

/** Headers that the map reads. */
const HEADERS = [
  'Event-Name',
  'Event-Subclass',
  'Unique-ID',
  'Other-Leg-Unique-ID',
  'Bridge-A-Unique-ID',
  'Bridge-B-Unique-ID',
  'Answer-State',
  'Call-Direction',
  'Hangup-Cause',
  'Channel-Name',
  'Channel-Presence-ID',
  'Caller-Caller-ID-Name',
  'Caller-Caller-ID-Number',
  'Caller-Destination-Number',
  'Conference-Name',
  'Action',
  'DTMF-Digit',
  'DTMF-Duration',
  'Event-Date-Timestamp',
  'from-user',
  'variable_cordboard',
  'variable_cordboard_call',
  'variable_cordboard_bridge',
  'variable_cordboard_device',
  'variable_endpoint_disposition',
  'variable_transfer_destination',
  'variable_hangup_cause_q850',
  'variable_sip_term_status',
] as const;

/** Numbers of a seed: mulberry32. */
function draws(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/**
 * Feeds the map with recorded dialogues in which events are lost, doubled, moved and rewritten, `count` events in all.
 *
 * @throws whatever the map throws, which is a defect; `Error` when it holds more than what it was shown
 */
export function fuzzMap(
  dialogues: readonly (readonly EslEvent[])[],
  options: { readonly count: number; readonly seed: number },
): MapFuzzReport {
  const draw = draws(options.seed);
  const report = { events: 0, told: 0, peak: 0 };
  while (report.events < options.count) {
    const dialogue = dialogues[draw(dialogues.length)] ?? [];
    if (dialogue.length === 0) continue;
    const maps = new Maps();
    const shown = new Set<string>();
    for (let at = 0; at < dialogue.length && report.events < options.count; at++) {
      for (const event of mutated(dialogue, at, draw)) {
        report.events += 1;
        for (const name of ['Unique-ID', 'Other-Leg-Unique-ID', 'Bridge-A-Unique-ID', 'Bridge-B-Unique-ID']) {
          const id = header(event, name);
          if (id !== undefined) shown.add(id);
        }
        maps.take(event);
        if (draw(50) === 0) for (const leg of maps.model.legs) leg.joining = 'fuzz' as never;
      }
      const held = [...maps.model.legs].length + maps.observe.size;
      report.peak = Math.max(report.peak, held);
      if (held > 2 * shown.size) throw new Error(`the map holds ${held} channels of ${shown.size}`);
    }
    check(maps.told);
    report.told += maps.told.length;
    texts(dialogue[draw(dialogue.length)], draw);
  }
  return report;
}

function mutated(dialogue: readonly EslEvent[], at: number, draw: (below: number) => number): SwitchEvent[] {
  const event = dialogue[at];
  if (event === undefined) return [];
  switch (draw(12)) {
    case 0:
      return [];
    case 1:
      return [event, event];
    case 2:
      return [dialogue[draw(dialogue.length)] ?? event, event];
    case 3:
    case 4:
    case 5: {
      const headers: Record<string, string | undefined> = {};
      for (let n = draw(3); n >= 0; n--) headers[HEADERS[draw(HEADERS.length)] ?? ''] = value(dialogue, draw);
      return [changed(event, headers)];
    }
    case 6:
      return [changed(event, { variable_cordboard: 'phone', 'Event-Name': 'CHANNEL_PARK' })];
    default:
      return [event];
  }
}

function value(dialogue: readonly EslEvent[], draw: (below: number) => number): string | undefined {
  const kind = draw(4);
  if (kind === 0) return undefined;
  // The id or the word of another event of the same dialogue.
  if (kind === 1) return dialogue[draw(dialogue.length)]?.get(HEADERS[draw(HEADERS.length)] ?? '');
  return VALUES[draw(VALUES.length)];
}

/** What may be told holds to its bounds whatever was said. */
function check(told: readonly DriverEvent[]): void {
  for (const event of told) {
    if (event.type !== 'created') continue;
    const { number, name = '' } = event.calling;
    if (number.length > 64 || name.length > 128 || event.device.length > 200)
      throw new Error('a party passes its bounds');
  }
}

/** What the switch answers to questions is read with the same care. */
function texts(event: EslEvent | undefined, draw: (below: number) => number): void {
  const text = event === undefined ? '' : JSON.stringify(Object.fromEntries(event.headers()));
  const cut = text.slice(0, draw(text.length + 1));
  for (const body of [
    text,
    cut,
    `{"rows":[${cut}]}`,
    `[${text},{"members":[${text}]}]`,
    `userid|\n${cut}`,
    `-ERR ${cut}`,
  ]) {
    const dump = dumpOf(body);
    const rows = channelRows(body);
    const dumps = new Map(dump === undefined ? [] : rows.map(({ uuid }) => [uuid, dump] as const));
    const conferences = conferenceMembers(body);
    ourChannels({ rows, dumps, conferences, users: directoryUsers(body), registered: registeredUsers(body) });
    answerOf(body);
    replyOf(body);
  }
}
