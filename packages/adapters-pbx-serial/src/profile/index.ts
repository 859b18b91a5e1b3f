export { KTS_ASCII, KTS_BIN, KTS_TIMINGS, type KtsProfile } from './kts.js';
export { openSerial } from './open-serial.js';
export { openTcp } from './open-tcp.js';
export type { LineDecoder, LinkTimings, ProfileCapability, ProtocolProfile } from './profile.js';
export { DEFAULT_SERIAL, type OpenTransport, type SerialSettings, type Transport } from './transport.js';
