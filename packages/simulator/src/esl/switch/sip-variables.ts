import type { RandomStream } from '../../random.js';
import { stampOfUs } from '../identity.js';
import type { Channel } from './channel.js';
import { q850Of } from './hangup-cause.js';

/** Domain of the users of this switch, and the address at which all of its SIP seems to live. */
export const DOMAIN = '127.0.0.1';
const SOFIA_URL = `sip:mod_sofia@${DOMAIN}:5060`;

type Values = Readonly<Record<string, string>>;

const digitsOf = (random: RandomStream, count: number): string => {
  let text = '';
  for (let n = 0; n < count; n++) text += random.int(n === 0 ? 1 : 0, 9);
  return text;
};

function sdp(owner: string, port: number): string {
  const lines = ['v=0', `o=${owner} IN IP4 ${DOMAIN}`, `s=${owner.split(' ')[0]}`, `c=IN IP4 ${DOMAIN}`, 't=0 0'];
  const media = [`m=audio ${port} RTP/AVP 0 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000'];
  return `${[...lines, ...media, 'a=ptime:20'].join('\r\n')}\r\n`;
}

/** Variables that the directory gives to a user. */
export function userVariables(user: string): Values {
  return {
    record_stereo: 'true',
    default_gateway: 'example.com',
    default_areacode: '918',
    transfer_fallback_extension: 'operator',
    toll_allow: 'domestic,international,local',
    accountcode: user,
    user_context: 'default',
    effective_caller_id_name: `Extension ${user}`,
    effective_caller_id_number: user,
    outbound_caller_id_name: 'FreeSWITCH',
    outbound_caller_id_number: '0000000000',
    callgroup: 'techsupport',
  };
}

/** What a channel that the switch dials has when it is made, up to where the variables of the originate come in. */
export function outgoingFirst(channel: Channel, sessionId: number, contact: string): Values {
  return {
    direction: 'outbound',
    is_outbound: 'true',
    uuid: channel.uuid,
    call_uuid: channel.uuid,
    session_id: String(sessionId),
    sip_local_network_addr: DOMAIN,
    sip_profile_name: 'internal',
    video_media_flow: 'disabled',
    text_media_flow: 'disabled',
    channel_name: channel.name,
    sip_destination_url: `sip:${contact}`,
  };
}

/** The rest of it, after the variables of the originate. */
export function outgoingInvite(random: RandomStream, contact: string): Values {
  const port = random.int(16_384, 32_768) & ~1;
  return {
    rtp_use_codec_string: 'PCMU,PCMA',
    local_media_ip: DOMAIN,
    local_media_port: String(port),
    advertised_media_ip: DOMAIN,
    audio_media_flow: 'sendrecv',
    rtp_local_sdp_str: sdp(`FreeSWITCH ${digitsOf(random, 10)} ${digitsOf(random, 10)}`, port),
    sip_outgoing_contact_uri: `<${SOFIA_URL}>`,
    sip_req_uri: contact,
    sip_to_host: contact.slice(contact.indexOf('@') + 1),
    sip_from_host: DOMAIN,
    sofia_profile_name: 'internal',
    recovery_profile_name: 'internal',
    sofia_profile_url: SOFIA_URL,
  };
}

/** What the first answer of the phone brings. */
export function ringingVariables(channel: Channel, random: RandomStream, contact: string): Values {
  const { callerIdName: name, callerIdNumber: number } = channel.profile;
  const user = contact.slice(0, contact.indexOf('@'));
  const port = contact.slice(contact.indexOf(':') + 1);
  const tag = digitsOf(random, 8);
  const via = `SIP/2.0/UDP ${DOMAIN};rport;branch=z9hG4bK${digitsOf(random, 12)}`;
  return {
    sip_reply_host: DOMAIN,
    sip_reply_port: port,
    sip_network_ip: DOMAIN,
    sip_network_port: port,
    sip_user_agent: 'cordboard-simulator',
    sip_recover_contact: `<sip:phone@${DOMAIN}:${port}>`,
    sip_full_via: via,
    sip_recover_via: via,
    ...(name === '' ? {} : { sip_from_display: name }),
    sip_full_from: `${name === '' ? '' : `"${name}" `}<sip:${number}@${DOMAIN}>;tag=${tag}`,
    sip_full_to: `<sip:${contact}>;tag=s${tag}`,
    sip_from_user: number,
    sip_from_uri: `${number}@${DOMAIN}`,
    sip_from_host: DOMAIN,
    sip_to_user: user,
    sip_to_port: port,
    sip_to_uri: contact,
    sip_to_host: DOMAIN,
    sip_contact_user: 'phone',
    sip_contact_port: port,
    sip_contact_uri: `phone@${DOMAIN}:${port}`,
    sip_contact_host: DOMAIN,
    sip_to_tag: `s${tag}`,
    sip_from_tag: tag,
    sip_cseq: digitsOf(random, 9),
    sip_call_id: `${digitsOf(random, 8)}-${digitsOf(random, 12)}`,
  };
}

/** What the answer with its media brings. */
export function answeredVariables(random: RandomStream): Values {
  return {
    switch_r_sdp: sdp('phone 1 2', 40_000),
    ep_codec_string: 'CORE_PCM_MODULE.PCMU@8000h@20i@64000b',
    remote_video_media_flow: 'inactive',
    remote_text_media_flow: 'inactive',
    remote_audio_media_flow: 'sendrecv',
    rtp_audio_recv_pt: '0',
    rtp_use_codec_name: 'PCMU',
    rtp_use_codec_rate: '8000',
    rtp_use_codec_ptime: '20',
    rtp_use_codec_channels: '1',
    rtp_last_audio_codec_string: 'PCMU@8000h@20i@1c',
    read_codec: 'PCMU',
    original_read_codec: 'PCMU',
    read_rate: '8000',
    original_read_rate: '8000',
    write_codec: 'PCMU',
    write_rate: '8000',
    dtmf_type: 'rfc2833',
    rtp_use_timer_name: 'soft',
    rtp_use_pt: '0',
    rtp_use_ssrc: digitsOf(random, 10),
    rtp_2833_send_payload: '101',
    rtp_2833_recv_payload: '101',
    remote_media_ip: DOMAIN,
    remote_media_port: '40000',
  };
}

/** What an INVITE from a phone brings: `user` is set for an extension, absent for a caller from a trunk. */
export function incomingVariables(
  channel: Channel,
  how: { readonly sessionId: number; readonly random: RandomStream; readonly user: string | undefined },
): Values {
  const { callerIdName: name, callerIdNumber: number, destination: to } = channel.profile;
  const { random, user, sessionId } = how;
  const tag = digitsOf(random, 8);
  const port = String(random.int(20_000, 60_000));
  return {
    direction: 'inbound',
    uuid: channel.uuid,
    call_uuid: channel.uuid,
    session_id: String(sessionId),
    sip_from_user: number,
    sip_from_uri: `${number}@${DOMAIN}`,
    sip_from_host: DOMAIN,
    video_media_flow: 'disabled',
    audio_media_flow: 'disabled',
    text_media_flow: 'disabled',
    channel_name: channel.name,
    sip_call_id: `${tag}@${DOMAIN}`,
    sip_local_network_addr: DOMAIN,
    sip_network_ip: DOMAIN,
    sip_network_port: port,
    sip_invite_stamp: String(channel.createdUs),
    sip_received_ip: DOMAIN,
    sip_received_port: port,
    sip_via_protocol: 'udp',
    ...(user === undefined ? {} : { sip_authorized: 'true', ...authorised(user) }),
    sip_from_user_stripped: number,
    sip_from_tag: tag,
    sofia_profile_name: 'internal',
    sofia_profile_url: SOFIA_URL,
    recovery_profile_name: 'internal',
    sip_full_via: `SIP/2.0/UDP ${DOMAIN}:${port};branch=z9hG4bK-${tag}`,
    ...(name === '' ? {} : { sip_from_display: name }),
    sip_full_from: `${name === '' ? '' : `"${name}" `}<sip:${number}@${DOMAIN}>;tag=${tag}`,
    sip_full_to: `<sip:${to}@${DOMAIN}>`,
    sip_req_user: to,
    sip_req_port: '5060',
    sip_req_uri: `${to}@${DOMAIN}:5060`,
    sip_req_host: DOMAIN,
    sip_to_user: to,
    sip_to_uri: `${to}@${DOMAIN}`,
    sip_to_host: DOMAIN,
    sip_contact_user: number,
    sip_contact_port: port,
    sip_contact_uri: `${number}@${DOMAIN}:${port}`,
    sip_contact_host: DOMAIN,
    rtp_use_codec_string: 'PCMU,PCMA',
    sip_user_agent: 'cordboard-simulator',
    sip_via_host: DOMAIN,
    sip_via_port: port,
    max_forwards: '70',
    ...(user === undefined ? {} : { presence_id: `${user}@${DOMAIN}` }),
    switch_r_sdp: sdp('phone 1 1', 6_000),
    ep_codec_string: 'CORE_PCM_MODULE.PCMU@8000h@20i@64000b',
    endpoint_disposition: 'DELAYED NEGOTIATION',
  };
}

function authorised(user: string): Values {
  return {
    sip_number_alias: user,
    sip_auth_username: user,
    sip_auth_realm: DOMAIN,
    number_alias: user,
    requested_user_name: user,
    requested_domain_name: DOMAIN,
    ...userVariables(user),
    user_name: user,
    domain_name: DOMAIN,
  };
}

/** What reporting adds at the end: stamps, durations and counts of packets. `transferred` legs know less. */
export function reportVariables(channel: Channel): Values {
  const { times } = channel.profile;
  const end = times.hangup;
  const part = (from: number, to: number): number => (from === 0 || to === 0 ? 0 : Math.max(0, to - from));
  const us = {
    duration: part(times.created, end),
    bill: part(times.answered, end),
    progress: part(times.created, times.progress),
    answer: part(times.created, times.answered),
    wait: part(times.created, times.bridged),
    progress_media: part(times.created, times.progressMedia),
    flow_bill: part(times.created, end),
  };
  const stamps: Record<string, string> = {};
  const stamp = (name: string, at: number): void => {
    if (at > 0) stamps[`${name}_stamp`] = stampOfUs(at);
  };
  stamp('start', times.created);
  stamp('profile_start', times.profileCreated);
  stamp('answer', times.answered);
  stamp('bridge', times.bridged);
  stamp('progress', times.progress);
  stamp('progress_media', times.progressMedia);
  stamp('end', end);
  const epochs: Record<string, string> = {};
  const epoch = (name: string, at: number): void => {
    epochs[`${name}_epoch`] = String(Math.floor(at / 1_000_000));
    epochs[`${name}_uepoch`] = String(at);
  };
  epoch('start', times.created);
  epoch('profile_start', times.profileCreated);
  epoch('answer', times.answered);
  epoch('bridge', times.bridged);
  epoch('last_hold', times.lastHold);
  const hold = {
    hold_accum_seconds: String(Math.floor(times.holdAccum / 1_000_000)),
    hold_accum_usec: String(times.holdAccum),
    hold_accum_ms: String(Math.floor(times.holdAccum / 1_000)),
  };
  const late: Record<string, string> = {};
  const lateEpoch = (name: string, at: number): void => {
    late[`${name}_epoch`] = String(Math.floor(at / 1_000_000));
    late[`${name}_uepoch`] = String(at);
  };
  lateEpoch('resurrect', 0);
  lateEpoch('progress', times.progress);
  lateEpoch('progress_media', times.progressMedia);
  lateEpoch('end', end);
  const cause = channel.hangupCause ?? 'NORMAL_CLEARING';
  const { name, data } = channel.lastApp;
  return {
    hangup_cause: cause,
    hangup_cause_q850: String(q850Of(cause)),
    digits_dialed: 'none',
    ...stamps,
    ...epochs,
    ...hold,
    ...late,
    ...(name === '' ? {} : { last_app: name }),
    ...(name === '' || data === '' ? {} : { last_arg: data }),
    caller_id: callerIdOf(channel),
    ...durations(us),
  };
}

function callerIdOf(channel: Channel): string {
  const { callerIdName: name, callerIdNumber: number } = channel.profile;
  return `"${name}" <${number}>`;
}

function durations(us: Readonly<Record<string, number>>): Values {
  const out: Record<string, string> = {};
  const units = [
    ['sec', 1_000_000],
    ['msec', 1_000],
    ['usec', 1],
  ] as const;
  for (const [unit, size] of units) {
    for (const [name, value] of Object.entries(us)) {
      const whole = String(Math.floor(value / size));
      if (name === 'duration') out[unit === 'sec' ? 'duration' : `${unit[0]}duration`] = whole;
      else out[`${name}${unit}`] = whole;
    }
  }
  return out;
}

/** Counts of packets, as they stand after a call without a sound. */
export function mediaCounts(): Values {
  const out: Record<string, string> = { sip_hangup_disposition: 'send_bye' };
  const input =
    'raw_bytes media_bytes packet_count media_packet_count skip_packet_count jitter_packet_count dtmf_packet_count cng_packet_count flush_packet_count largest_jb_size';
  for (const name of input.split(' ')) out[`rtp_audio_in_${name}`] = '0';
  for (const name of ['min_variance', 'max_variance', 'loss_rate', 'burst_rate'])
    out[`rtp_audio_in_jitter_${name}`] = '0.00';
  Object.assign(out, {
    rtp_audio_in_mean_interval: '0.00',
    rtp_audio_in_flaw_total: '0',
    rtp_audio_in_quality_percentage: '100.00',
    rtp_audio_in_mos: '4.50',
  });
  const output =
    'raw_bytes media_bytes packet_count media_packet_count skip_packet_count dtmf_packet_count cng_packet_count';
  for (const name of output.split(' ')) out[`rtp_audio_out_${name}`] = '0';
  out.rtp_audio_rtcp_packet_count = '0';
  out.rtp_audio_rtcp_octet_count = '0';
  return out;
}
