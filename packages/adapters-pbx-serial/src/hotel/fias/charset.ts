import { CtiError } from '@cordboard/cti-core';

/** How names are written on the line; what the hotel's system is set to. */
export const FIAS_CHARSETS = ['windows-1252', 'latin1', 'cp850', 'utf-8', 'gb18030', 'ascii'] as const;
/** One of {@link FIAS_CHARSETS}. */
export type FiasCharset = (typeof FIAS_CHARSETS)[number];

/** Text to bytes and back. Neither way throws: what has no place becomes `?`, what cannot be read U+FFFD. */
export interface FiasCoder {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

/** Characters of code page 850 from 80h on; the platform's decoders do not have it. */
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';
/** Characters of windows-1252 from 80h to 9Fh. Written out: `TextDecoder` of Node 20 reads them as ISO 8859-1. */
const CP1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const QUESTION = 0x3f;
const UNREADABLE = '\ufffd';

/** A coder of a charset. @throws {CtiError} `config.invalid` for a charset that this platform cannot read */
export function fiasCoder(charset: FiasCharset): FiasCoder {
  if (charset === 'utf-8') {
    const decoder = new TextDecoder('utf-8');
    return { encode: (text) => Buffer.from(text, 'utf8'), decode: (bytes) => decoder.decode(bytes) };
  }
  if (charset === 'gb18030') return doubleByte();
  return singleByte(upperHalf(charset));
}

/** The 128 characters from 80h on. */
function upperHalf(charset: 'windows-1252' | 'latin1' | 'cp850' | 'ascii'): string {
  const codes = Uint8Array.from({ length: 128 }, (_, at) => at + 128);
  if (charset === 'cp850') return CP850;
  const latin1 = String.fromCharCode(...codes);
  if (charset === 'latin1') return latin1;
  return charset === 'ascii' ? UNREADABLE.repeat(128) : CP1252 + latin1.slice(CP1252.length);
}

function singleByte(upper: string): FiasCoder {
  const places = new Map([...upper].map((character, at) => [character, at + 128]));
  places.delete(UNREADABLE);
  return {
    encode: (text) =>
      Uint8Array.from([...text.normalize('NFC')], (character) => {
        const code = character.codePointAt(0) ?? QUESTION;
        return code < 128 ? code : (places.get(character) ?? QUESTION);
      }),
    decode: (bytes) =>
      Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : upper.charAt(byte - 128))).join(''),
  };
}

/** GB 18030, written with its one- and two-byte forms; characters that only four bytes can say become `?`. */
function doubleByte(): FiasCoder {
  const decoder = decoderOf('gb18030');
  let places: Map<string, number> | undefined;
  return {
    decode: (bytes) => decoder.decode(bytes),
    encode(text) {
      places ??= doublePlaces(decoder);
      const bytes: number[] = [];
      for (const character of text) {
        const code = character.codePointAt(0) ?? QUESTION;
        const place = code < 128 ? undefined : places.get(character);
        if (code < 128) bytes.push(code);
        else if (place === undefined) bytes.push(QUESTION);
        else bytes.push(place >> 8, place & 0xff);
      }
      return Uint8Array.from(bytes);
    },
  };
}

function doublePlaces(decoder: InstanceType<typeof TextDecoder>): Map<string, number> {
  const places = new Map<string, number>();
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if ([...character].length === 1 && character !== UNREADABLE) places.set(character, (lead << 8) | trail);
    }
  }
  return places;
}

function decoderOf(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch (cause) {
    throw new CtiError('config.invalid', `this platform cannot read the charset ${label}`, { cause });
  }
}
