/** Content of sipp scenarios. sipp does the signalling; the session descriptions name the port of an RTP voice of the laboratory. */

/** What the laboratory says to a running sipp: an INFO that never comes from the switch. */
export function steer(callId: string, word: 'go' | 'end' | 'refuse'): string {
  return [
    'INFO sip:sipp@127.0.0.1 SIP/2.0',
    'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK-steer',
    `From: <sip:lab@127.0.0.1>;tag=lab`,
    `To: <sip:sipp@127.0.0.1>`,
    `Call-ID: ${callId}`,
    `CSeq: 1 INFO`,
    `Subject: ${word}`,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** A caller: INVITE, then talk until told to end or until the switch ends it; told to end before the answer it cancels. */
export interface CallerScript {
  readonly to: string;
  readonly from: string;
  readonly name: string | undefined;
  /** Number for P-Asserted-Identity when it differs from From. */
  readonly asserted: string | undefined;
  readonly callId: string;
  readonly mediaPort: number;
  /** How keys are told; default as events (RFC 4733). */
  readonly keys?: 'asEvents' | 'asSound';
}

const FAILURES = [400, 403, 404, 408, 410, 480, 481, 484, 486, 488, 500, 501, 502, 503, 504, 600, 603, 604, 606];

/** Scenario of a caller (UAC). */
export function callerXml(script: CallerScript): string {
  const branch = `z9hG4bK-inv-${script.callId}`;
  const from = `${script.name === undefined ? '' : `"${script.name}" `}<sip:${script.from}@127.0.0.1:[local_port]>;tag=[pid]c[call_number]`;
  const asserted = script.asserted === undefined ? [] : [`P-Asserted-Identity: <sip:${script.asserted}@127.0.0.1>`];
  const common = (method: string): readonly string[] => [
    `From: ${from}`,
    method === 'INVITE' || method === 'CANCEL'
      ? `To: <sip:${script.to}@127.0.0.1:[remote_port]>`
      : `To: <sip:${script.to}@127.0.0.1:[remote_port]>[peer_tag_param]`,
    'Call-ID: [call_id]',
    'Max-Forwards: 70',
    `Contact: <sip:${script.from}@127.0.0.1:[local_port]>`,
  ];
  const target = `sip:${script.to}@127.0.0.1:[remote_port]`;
  return scenario([
    send(
      [
        `INVITE ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=${branch};rport`,
        ...common('INVITE'),
        'CSeq: 1 INVITE',
        ...asserted,
        'Allow: INVITE, ACK, CANCEL, BYE, UPDATE',
        'Supported: replaces',
      ],
      { sdp: sdp(script.mediaPort, script.keys), attributes: 'retrans="500"' },
    ),
    label(1),
    '<recv response="100" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="183" optional="true"/>',
    '<recv request="INFO" optional="true" next="20"/>',
    // A forked Dial tells who answered by UPDATE in the early dialogue.
    '<recv request="UPDATE" optional="true" next="6"/>',
    ...FAILURES.map((status) => `<recv response="${status}" optional="true" next="10"/>`),
    '<recv response="200"/>',
    send([
      `ACK ${target} SIP/2.0`,
      'Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=[branch];rport',
      ...common('ACK'),
      'CSeq: 1 ACK',
      'Content-Length: 0',
    ]),
    ...talking({ target, common: common('BYE'), mediaPort: script.mediaPort }),
    label(6),
    send(
      [
        'SIP/2.0 200 OK',
        '[last_Via:]',
        '[last_From:]',
        '[last_To:]',
        '[last_Call-ID:]',
        '[last_CSeq:]',
        `Contact: <sip:${script.from}@127.0.0.1:[local_port]>`,
        'Content-Length: 0',
      ],
      { attributes: 'next="1"' },
    ),
    label(10),
    send(
      [
        `ACK ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=${branch};rport`,
        ...common('ACK'),
        'CSeq: 1 ACK',
        'Content-Length: 0',
      ],
      { attributes: 'next="99"' },
    ),
    label(20),
    send(
      [
        `CANCEL ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=${branch};rport`,
        ...common('CANCEL'),
        'CSeq: 1 CANCEL',
        'Content-Length: 0',
      ],
      { attributes: 'retrans="500"' },
    ),
    '<recv response="200" optional="true"/>',
    '<recv response="180" optional="true"/>',
    '<recv response="487" next="10"/>',
    label(99),
    '<nop/>',
  ]);
}

/** How a callee takes the call that the switch sends it. */
export interface CalleeScript {
  readonly mediaPort: number;
  /** Status that {@link steer} `refuse` answers with. */
  readonly refuseWith: number;
}

/** Scenario of a callee (UAS): rings until told to answer (`go`) or to refuse. */
export function calleeXml(script: CalleeScript): string {
  const reply = (status: string): readonly string[] => [
    `SIP/2.0 ${status}`,
    '[last_Via:]',
    '[last_From:]',
    '[last_To:];tag=[pid]u[call_number]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:callee@127.0.0.1:[local_port]>',
  ];
  // `last_` is the INFO that steered, when the INVITE is answered; so the INVITE's headers are kept by name.
  const kept = (status: string): readonly string[] => [
    `SIP/2.0 ${status}`,
    'Via:[$via]',
    'From:[$from]',
    'To:[$to];tag=[pid]u[call_number]',
    'Call-ID: [call_id]',
    'CSeq:[$cseq]',
    'Contact: <sip:callee@127.0.0.1:[local_port]>',
    'Allow: INVITE, ACK, CANCEL, BYE, UPDATE',
  ];
  const keep = ['Via', 'From', 'To', 'CSeq', 'Contact']
    .map((name) => `<ereg regexp=".*" search_in="hdr" header="${name}:" assign_to="${name.toLowerCase()}"/>`)
    .join('');
  return scenario([
    `<recv request="INVITE"><action>${keep}<ereg regexp="sip:[^>]*" search_in="hdr" header="Contact:" assign_to="target"/></action></recv>`,
    send([...reply('180 Ringing'), 'Content-Length: 0']),
    '<recv request="CANCEL" optional="true" next="30"/>',
    `<recv request="INFO"><action><ereg regexp="refuse" search_in="hdr" header="Subject:" assign_to="refuse"/></action></recv>`,
    '<nop next="40" test="refuse"/>',
    send(kept('200 OK'), { sdp: sdp(script.mediaPort), attributes: 'retrans="500"' }),
    '<recv request="ACK"/>',
    ...talking({
      target: '[$target]',
      common: ['From:[$to];tag=[pid]u[call_number]', 'To:[$from]', 'Call-ID: [call_id]', 'Max-Forwards: 70'],
      mediaPort: script.mediaPort,
    }),
    label(30),
    send([...reply('200 OK'), 'Content-Length: 0']),
    send([...kept('487 Request Terminated'), 'Content-Length: 0'], { attributes: 'retrans="500"' }),
    '<recv request="ACK" next="99"/>',
    label(40),
    send([...kept(`${script.refuseWith} Refused`), 'Content-Length: 0'], { attributes: 'retrans="500"' }),
    '<recv request="ACK"/>',
    label(99),
    '<nop><action><assign assign_to="refuse" variable="contact"/><assign assign_to="contact" variable="target"/></action></nop>',
  ]);
}

interface Talk {
  readonly target: string;
  readonly common: readonly string[];
  readonly mediaPort: number;
}

/** An answered call: takes re-INVITE and UPDATE, ends with the BYE of either side. Ends at label 99. */
function talking(talk: Talk): readonly string[] {
  const ok = (extra: readonly string[]): readonly string[] => [
    'SIP/2.0 200 OK',
    '[last_Via:]',
    '[last_From:]',
    '[last_To:]',
    '[last_Call-ID:]',
    '[last_CSeq:]',
    'Contact: <sip:sipp@127.0.0.1:[local_port]>',
    ...extra,
  ];
  return [
    label(2),
    '<recv request="BYE" optional="true" next="3"/>',
    '<recv request="INVITE" optional="true" next="4"/>',
    '<recv request="UPDATE" optional="true" next="5"/>',
    '<recv request="ACK" optional="true" next="2"/>',
    '<recv request="INFO"/>',
    send(
      [
        `BYE ${talk.target} SIP/2.0`,
        'Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=[branch];rport',
        ...talk.common,
        'CSeq: 7 BYE',
        'Content-Length: 0',
      ],
      { attributes: 'retrans="500"' },
    ),
    '<recv request="BYE" optional="true" next="3"/>',
    '<recv request="INVITE" optional="true"/>',
    '<recv response="200" next="99"/>',
    label(3),
    send(ok(['Content-Length: 0']), { attributes: 'next="99"' }),
    label(4),
    send(ok([]), { sdp: sdp(talk.mediaPort), attributes: 'next="2"' }),
    label(5),
    send(ok(['Content-Length: 0']), { attributes: 'next="2"' }),
  ];
}

function scenario(steps: readonly string[]): string {
  return ['<?xml version="1.0" encoding="UTF-8" ?>', '<scenario name="cordboard">', ...steps, '</scenario>', ''].join(
    '\n',
  );
}

function label(id: number): string {
  return `<label id="${id}"/>`;
}

function send(
  lines: readonly string[],
  options: { readonly sdp?: readonly string[]; readonly attributes?: string } = {},
): string {
  const body =
    options.sdp === undefined ? [''] : ['Content-Type: application/sdp', 'Content-Length: [len]', '', ...options.sdp];
  return `<send ${options.attributes ?? ''}><![CDATA[\n\n${[...lines, ...body].join('\n')}\n\n]]></send>`;
}

function sdp(port: number, keys: CallerScript['keys'] = 'asEvents'): readonly string[] {
  const events = ['a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15'];
  return [
    'v=0',
    'o=sipp 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${keys === 'asEvents' ? '0 101' : '0'}`,
    'a=rtpmap:0 PCMU/8000',
    ...(keys === 'asEvents' ? events : []),
    'a=ptime:20',
    'a=sendrecv',
  ];
}
