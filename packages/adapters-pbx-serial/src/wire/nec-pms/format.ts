/** Control codes of the asynchronous line. Source: NEC NDA-30115, tables 2-2 and 2-4. */
export const STX = 0x02;
export const ETX = 0x03;
export const EOT = 0x04;
export const ENQ = 0x05;
export const ACK = 0x06;
export const DLE = 0x10;
export const NAK = 0x15;

/** System address of the hotel link, unit address of both, system address of call records (NDA-30115 p. 6, NDA-24238 p. 405). */
export const SA_HOTEL = 0x31;
export const SA_RECORDS = 0x30;
export const UA = 0x21;
/** Entry index: `L` in texts of the hotel link. Records have a `K` in its place. */
export const EI_HOTEL = 0x4c;
export const K = 0x4b;

/** Longest text of the hotel link, STX and ETX counted (NDA-30115 p. 4). */
export const MAX_TEXT = 128;
/** Bytes of data in a call record, behind the addresses (NDA-24238 p. 404). */
export const RECORD_DATA = 128;
/** STX, two addresses, the data, ETX, parity. */
export const MAX_FRAME = RECORD_DATA + 5;
