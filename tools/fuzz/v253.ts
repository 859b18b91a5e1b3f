import type { LineDeviceEvent } from '../../packages/adapters-usbbox/src/device/port.js';
import { checkV253Options } from '../../packages/adapters-usbbox/src/devices/v253/options.js';
import { Told } from '../../packages/adapters-usbbox/src/devices/v253/told.js';
import { MAX_LINE, MAX_PACKET, V253Decoder } from '../../packages/adapters-usbbox/src/wire/v253/decoder.js';
import { readFormats } from '../../packages/adapters-usbbox/src/wire/v253/formats.js';
import { readLine } from '../../packages/adapters-usbbox/src/wire/v253/lines.js';
import type { Fed, FuzzSubject } from './subject.js';

/** What is held of sound beside a line and a packet. */
const MAX_SOUND = 1_024;

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const CORPUS: readonly Uint8Array[] = [
  'AT+FCLASS=8\r\r\nOK\r\n',
  '0\r',
  '\nOK\n\nRING\n',
  '\r\nRING\r\n\r\nDATE = 1122\r\nTIME = 0930\r\nNMBR = 13900001111\r\nNAME = ANN\r\n\r\nRING\r\n',
  '\r\nRING\r\nDATE=1122\r\nTIME=0930\r\nNMBR=P\r\nNAME=\xd5\xc5\xc8\xfd\r\nMESG=0601\r\n',
  '\r\nRING\r\n\r\n8012010831313232303933300206313339303030\r\n\r\nRING\r\n',
  'DRON=10\r\nRING\r\nDROF=40\r\n',
  '\r\n128,"8-BIT LINEAR",(7200,8000,11025)\r\n1,"UNSIGNED PCM",8,0,8000,0,0\r\n129,"IMA ADPCM",4,0,8000\r\nOK\r\n',
  '\r\nCONNECT\r\n\x80\x7f\x10\x10\x10\x1a\x81\x10/\x105\x10~\x90\x10\x03\r\nOK\r\n',
  '\r\nCONNECT\r\n\x80\x10b\x80\x10b\x80\x10d\x10r\x10L\x10s\x10q\x10l\x10a\x10R\x10\x03\r\nVCON\r\n',
  '\x10h\x10H\x10p\x10P\x10S\x10Q\x10u\x10o\x10XCID\x10\x10\x10.\r\nBUSY\r\n',
  '\r\nRINGING\r\n\r\nNO CARRIER\r\nNO ANSWER\r\nNO DIALTONE\r\nERROR\r\n',
].map(latin);
const DICTIONARY: readonly Uint8Array[] = [
  ...[
    '\r\n',
    '\r',
    '\n',
    '\x10',
    '\x10\x10',
    '\x10\x03',
    '\x10X',
    '\x10.',
    '\x10\x1a',
    'CONNECT\r\n',
    'RING\r\n',
    'NMBR = ',
  ],
  ...[
    'NAME = ',
    'MESG = ',
    '80',
    '04',
    '"',
    '(',
    ',',
    '-',
    '8000',
    'OK\r\n',
    '\x10b',
    '\x105',
    '\x10R',
    '\x10~',
    '\xff',
    '\0',
  ],
].map(latin);

/** What a decoder tells, sound in one piece. */
function read(pieces: readonly Uint8Array[], tell: (kind: 'line' | 'code', text: string) => void): string {
  let out = '';
  let last = '';
  const put = (kind: string, text: string): void => {
    out += kind === 'sound' && last === 'sound' ? text : `\n${kind} ${text}`;
    last = kind;
  };
  const decoder = new V253Decoder({
    line: (text) => {
      put('line', text);
      tell('line', text);
    },
    code: (code) => {
      put('code', code);
      tell('code', code);
    },
    packet: (text) => put('packet', text),
    sound: (bytes) => put('sound', Buffer.from(bytes).toString('hex')),
    soundEnd: () => put('end', ''),
  });
  decoder.expect('sound');
  for (const piece of pieces) {
    decoder.push(piece);
    if (decoder.pendingBytes > MAX_LINE + MAX_PACKET + MAX_SOUND) return `holds ${decoder.pendingBytes} bytes`;
  }
  return out;
}

/** The stream of a voice modem, and what its lines and codes mean to a line. */
export function v253Subject(): FuzzSubject {
  const options = checkV253Options({
    kind: 'v253',
    path: '/dev/null',
    phone: 'parallel',
    silenceEnds: 50,
    progress: 'modem',
  });
  return {
    about: 'the bytes of a voice modem, damaged',
    corpus: CORPUS,
    dictionary: DICTIONARY,
    leastMapped: 0.3,
    covers: new URL('../../packages/adapters-usbbox/src/wire/v253/', import.meta.url),
    feed(input, random): Fed {
      let timers = 0;
      let nowMs = 0;
      let frames = 0;
      const events: LineDeviceEvent[] = [];
      const told = new Told({
        clock: {
          nowMs: () => nowMs,
          wallMs: () => 0,
          setTimer: () => {
            timers += 1;
            return () => {
              timers -= 1;
            };
          },
        },
        options,
        tell: (event) => void events.push(event),
        flow: () => undefined,
        ears: () => 'ours',
      });
      const whole = read([input], (kind, text) => {
        frames += 1;
        nowMs += 500;
        if (kind === 'code') return told.code(text);
        void readFormats(text);
        told.line(readLine(text));
      });
      told.stop();
      const result = { mapped: events.length > 0, frames };
      if (whole.startsWith('holds')) return { ...result, fault: whole };
      if (timers !== 0) return { ...result, fault: `${timers} timers are left` };
      const wrong = events.find((event) => event.type === 'digit' && !/^[0-9*#A-D]$/.test(event.digit));
      if (wrong !== undefined) return { ...result, fault: 'a key that is none' };
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < input.length; ) {
        const step = 1 + Math.floor(random() * 9);
        pieces.push(input.subarray(at, at + step));
        at += step;
      }
      return read(pieces, () => undefined) === whole ? result : { ...result, fault: 'reads otherwise in pieces' };
    },
  };
}
