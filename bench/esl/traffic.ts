import { pick, randomOf } from '../lib/random.js';

/** Names of the events sent; every library in the bench can be told to hear them. */
export const eventNames = [
  'CHANNEL_CREATE',
  'CHANNEL_ANSWER',
  'CHANNEL_BRIDGE',
  'CHANNEL_EXECUTE',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_HANGUP_COMPLETE',
] as const;
const people = ['Ann Example', 'Müller & Söhne', '王小明', 'José Ñandú', 'Support 2'] as const;
const causes = ['NORMAL_CLEARING', 'USER_BUSY', 'NO_ANSWER', 'ORIGINATOR_CANCEL'] as const;
const applications = ['playback', 'bridge', 'answer', 'set', 'park'] as const;

/** Headers of one event, in wire order, as an application must see them. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** Different events; they come again and again with a rising `Seq`. */
const DISTINCT = 200;

function headersOf(random: () => number): Headers {
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const uuid = (): string => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`;
  const own = uuid();
  const stamp = (): string => `17952${String(Math.floor(random() * 1e11)).padStart(11, '0')}`;
  const number = `1390000${String(Math.floor(random() * 10_000)).padStart(4, '0')}`;
  const extension = String(1_000 + Math.floor(random() * 200));
  const name = pick(random, people);
  const channel = `sofia/internal/${extension}@pbx-one.example.net:5060`;
  const created = stamp();
  const caller: Headers = [
    ['Caller-Direction', 'inbound'],
    ['Caller-Logical-Direction', 'inbound'],
    ['Caller-Username', extension],
    ['Caller-Dialplan', 'XML'],
    ['Caller-Caller-ID-Name', name],
    ['Caller-Caller-ID-Number', number],
    ['Caller-Orig-Caller-ID-Name', name],
    ['Caller-Orig-Caller-ID-Number', number],
    ['Caller-Callee-ID-Name', 'Outbound Call'],
    ['Caller-Callee-ID-Number', extension],
    ['Caller-Network-Addr', '192.0.2.17'],
    ['Caller-ANI', number],
    ['Caller-Destination-Number', extension],
    ['Caller-Unique-ID', own],
    ['Caller-Source', 'mod_sofia'],
    ['Caller-Context', 'default'],
    ['Caller-Channel-Name', channel],
    ['Caller-Profile-Index', '1'],
    ['Caller-Profile-Created-Time', created],
    ['Caller-Channel-Created-Time', created],
    ['Caller-Channel-Answered-Time', stamp()],
    ['Caller-Channel-Progress-Time', '0'],
    ['Caller-Channel-Progress-Media-Time', '0'],
    ['Caller-Channel-Hangup-Time', '0'],
    ['Caller-Channel-Transfer-Time', '0'],
    ['Caller-Channel-Resurrect-Time', '0'],
    ['Caller-Channel-Bridged-Time', '0'],
    ['Caller-Channel-Last-Hold', '0'],
    ['Caller-Channel-Hold-Accum', '0'],
    ['Caller-Screen-Bit', 'true'],
    ['Caller-Privacy-Hide-Name', 'false'],
    ['Caller-Privacy-Hide-Number', 'false'],
  ];
  const sdp = `v=0\r\no=FreeSWITCH ${hex(10)} ${hex(10)} IN IP4 192.0.2.2\r\ns=FreeSWITCH\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\nm=audio 23672 RTP/AVP 8 0 101\r\n`;
  const variables: Headers = [
    ['variable_direction', 'inbound'],
    ['variable_uuid', own],
    ['variable_call_uuid', own],
    ['variable_session_id', String(Math.floor(random() * 100_000))],
    ['variable_sip_from_user', number],
    ['variable_sip_from_uri', `${number}@pbx-one.example.net`],
    ['variable_sip_from_host', 'pbx-one.example.net'],
    ['variable_channel_name', channel],
    ['variable_sip_call_id', `${uuid()}@192.0.2.17`],
    ['variable_sip_local_network_addr', '192.0.2.2'],
    ['variable_sip_network_ip', '192.0.2.17'],
    ['variable_sip_network_port', '5060'],
    ['variable_sip_received_ip', '192.0.2.17'],
    ['variable_sip_received_port', '5060'],
    ['variable_sip_via_protocol', 'udp'],
    ['variable_sip_to_user', extension],
    ['variable_sip_to_uri', `${extension}@pbx-one.example.net`],
    ['variable_sip_contact_user', number],
    ['variable_sip_contact_uri', `${number}@192.0.2.17:5060`],
    ['variable_sip_user_agent', 'Example Phone 2.1 (build 7)'],
    ['variable_sip_full_from', `"${name}" <sip:${number}@pbx-one.example.net>;tag=${hex(10)}`],
    ['variable_sip_full_to', `<sip:${extension}@pbx-one.example.net>;tag=${hex(12)}`],
    ['variable_switch_r_sdp', sdp],
    ['variable_ep_codec_string', 'CORE_PCM_MODULE.PCMA@8000h@20i@64000b'],
    ['variable_read_codec', 'PCMA'],
    ['variable_write_codec', 'PCMA'],
    ['variable_read_rate', '8000'],
    ['variable_write_rate', '8000'],
    ['variable_dtmf_type', 'rfc2833'],
    ['variable_current_application', pick(random, applications)],
    ['variable_hangup_cause', pick(random, causes)],
  ];
  return [
    ['Event-Name', pick(random, eventNames)],
    ['Core-UUID', '5d680cc8-fd74-4967-8ad6-532c7f6255f1'],
    ['FreeSWITCH-Hostname', 'pbx-one'],
    ['FreeSWITCH-Switchname', 'pbx-one'],
    ['FreeSWITCH-IPv4', '192.0.2.2'],
    ['FreeSWITCH-IPv6', '::1'],
    ['Event-Date-Local', '2026-11-21 20:20:47'],
    ['Event-Date-GMT', 'Sat, 21 Nov 2026 20:20:47 GMT'],
    ['Event-Date-Timestamp', stamp()],
    ['Event-Calling-File', 'switch_channel.c'],
    ['Event-Calling-Function', 'switch_channel_perform_mark_answered'],
    ['Event-Calling-Line-Number', '3888'],
    ['Event-Sequence', '0'],
    ['Channel-State', 'CS_EXECUTE'],
    ['Channel-Call-State', 'ACTIVE'],
    ['Channel-State-Number', '4'],
    ['Channel-Name', channel],
    ['Unique-ID', own],
    ['Call-Direction', 'inbound'],
    ['Presence-Call-Direction', 'inbound'],
    ['Channel-HIT-Dialplan', 'true'],
    ['Channel-Presence-ID', `${extension}@pbx-one.example.net`],
    ['Channel-Call-UUID', own],
    ['Answer-State', 'answered'],
    ['Hangup-Cause', pick(random, causes)],
    ...caller,
    ...variables,
  ];
}

/** Where the rising number stands among the headers. */
export const SEQUENCE = 'Event-Sequence';

/** The events that differ, the same in every process. */
export function distinctEvents(): readonly Headers[] {
  const random = randomOf(20_261_122);
  return Array.from({ length: DISTINCT }, () => headersOf(random));
}

/** FreeSWITCH leaves letters, digits and these as they are (switch_utils.c). */
const percent = (value: string): string =>
  Buffer.from(value)
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9._~,'/()*!-]/g,
      (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );

/** One event on the wire. */
export function frameOf(headers: Headers, format: 'plain' | 'json'): Buffer {
  const body = Buffer.from(
    format === 'plain'
      ? `${headers.map(([name, value]) => `${name}: ${percent(value)}\n`).join('')}\n`
      : JSON.stringify(Object.fromEntries(headers)),
  );
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\nContent-Type: text/event-${format}\n\n`), body]);
}

/** `count` events, each with its number. */
export function syntheticFrames(count: number, format: 'plain' | 'json'): Buffer[] {
  const distinct = distinctEvents();
  return Array.from({ length: count }, (_, seq) => {
    const headers = distinct[seq % DISTINCT] ?? [];
    return frameOf(
      headers.map(([name, value]) => [name, name === SEQUENCE ? String(seq) : value] as const),
      format,
    );
  });
}
