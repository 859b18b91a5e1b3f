import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { RtpVoice } from './rtp.js';
import { RtpRelay } from './rtp-relay.js';
import { openRtp } from './rtp-socket.js';
import { SipTap } from './sip-tap.js';
import { until, within } from './wait.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const thing of open.splice(0).reverse()) thing.close();
});

async function udp(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  open.push(socket);
  return socket;
}

function portOf(socket: Socket): number {
  return socket.address().port;
}

/** The text of the next datagram. */
async function heard(socket: Socket, what: string): Promise<string> {
  return String((await within(once(socket, 'message'), { what }))[0]);
}

/** One packet of RTP: 20 ms of G.711 mu-law. */
function rtp(sequence: number): Buffer {
  const packet = Buffer.alloc(172, 0xff);
  packet.writeUInt16BE(0x8000, 0);
  packet.writeUInt16BE(sequence, 2);
  packet.fill(0, 4, 12);
  return packet;
}

const INVITE = 'INVITE sip:8005@127.0.0.1 SIP/2.0\r\nCall-ID: a\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n';

describe('SipTap', () => {
  it('leads the switch to its party whoever else sends to the port', async () => {
    const [party, switched, stranger] = [await udp(), await udp(), await udp()];
    const tap = await SipTap.open({ switchPort: portOf(switched), partyPort: portOf(party), relayMedia: false });
    open.push(tap);
    party.send('REGISTER sip:127.0.0.1 SIP/2.0\r\n\r\n', tap.portForParty, '127.0.0.1');
    expect(await heard(switched, 'the registration')).toContain('REGISTER');
    // RTP of a call that had the port before, or its RTCP.
    stranger.send(rtp(1), tap.portForParty, '127.0.0.1');
    party.send('OPTIONS sip:127.0.0.1 SIP/2.0\r\n\r\n', tap.portForParty, '127.0.0.1');
    expect(await heard(switched, 'what came behind the packet, which is not passed')).toContain('OPTIONS');
    stranger.send(rtp(2), tap.portForParty, '127.0.0.1');
    switched.send(INVITE, tap.portForSwitch, '127.0.0.1');
    expect(await heard(party, 'the call')).toContain('INVITE');
  });
});

describe('RtpRelay', () => {
  it('hears the two whom it stands between and nobody else', async () => {
    const [phone, switched, stranger] = [await udp(), await udp(), await udp()];
    const relay = await RtpRelay.open();
    open.push(relay);
    relay.phoneAt(portOf(phone));
    relay.switchAt(portOf(switched));
    for (const port of [relay.portForPhone, relay.portForSwitch]) stranger.send(rtp(1), port, '127.0.0.1');
    phone.send(rtp(2), relay.portForPhone, '127.0.0.1');
    const [toSwitch] = (await within(once(switched, 'message'), { what: 'the packet of the phone' })) as [Buffer];
    switched.send(rtp(3), relay.portForSwitch, '127.0.0.1');
    const [toPhone] = (await within(once(phone, 'message'), { what: 'the packet of the switch' })) as [Buffer];
    expect([toSwitch.readUInt16BE(2), toPhone.readUInt16BE(2)]).toEqual([2, 3]);
    expect([relay.phoneSays.packets, relay.phoneHears.packets]).toEqual([1, 1]);
  });
});

describe('RtpVoice', () => {
  it('hears whom it speaks to and nobody else', async () => {
    const [far, stranger] = [await udp(), await udp()];
    const voice = await RtpVoice.open();
    open.push(voice);
    voice.sendTo(portOf(far));
    stranger.send(rtp(1), voice.port, '127.0.0.1');
    far.send(rtp(2), voice.port, '127.0.0.1');
    await until(() => voice.hearing.packets > 0, { what: 'the packet', everyMs: 5 });
    expect(voice.hearing.packets).toBe(1);
  });
});

describe('openRtp', () => {
  it('holds the port above its own, to which the far end sends RTCP, until it is closed', async () => {
    const socket = await openRtp();
    const above = portOf(socket) + 1;
    const other = createSocket('udp4');
    open.push(other);
    other.bind(above, '127.0.0.1');
    await expect(once(other, 'listening')).rejects.toThrow('EADDRINUSE');
    const closed = once(socket, 'close');
    socket.close();
    await closed;
    const later = createSocket('udp4');
    open.push(later);
    later.bind(above, '127.0.0.1');
    await within(once(later, 'listening'), { what: 'the port' });
  });
});
