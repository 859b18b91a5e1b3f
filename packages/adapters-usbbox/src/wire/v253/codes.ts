/** Shields a code in both directions (V.253 clause 9): 0x10. */
export const DLE = 0x10;
/** After DLE: the end of a stream of sound. */
export const ETX = 0x03;
/** After DLE: two bytes 0x10 in one. */
export const SUB = 0x1a;
/** After DLE, to the modem: forget what is still to be played. */
export const CAN = 0x18;
/** After DLE: the head of a packet begins, and ends with DLE and a full stop. */
export const PACKET_BEGIN = 0x58;
/** See {@link PACKET_BEGIN}. */
export const PACKET_END = 0x2e;
export const CR = 0x0d;
export const LF = 0x0a;
