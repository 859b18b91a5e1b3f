/** The two bytes that a frame of kts-bin/1 begins with. */
export const SOF = [0xaa, 0x55] as const;
/** Version in bits 7-4 of the flags. */
export const VERSION = 1;
/** Bits of the flags. */
export const FLAG = { ackWanted: 0x01, answer: 0x02, event: 0x04, repeat: 0x08 } as const;
/** Bytes before the payload. */
export const HEAD_BYTES = 8;
/** Longest payload. */
export const MAX_PAYLOAD_BYTES = 1024;
/** Longest frame: head, payload, CRC. */
export const MAX_FRAME_BYTES = HEAD_BYTES + MAX_PAYLOAD_BYTES + 2;
