export type { OnSilence } from './channel.js';
export { FiasLink, type FiasLinkOptions, type FiasLinkSink } from './fias-link.js';
export { listenTcp, type TcpListener } from './listen-tcp.js';
export type { FiasWishes } from './pms-role.js';
export { FIAS_TIMINGS, type FiasTimings } from './timings.js';
export { type FiasDescription, PBX_DESCRIPTION } from './vendor-role.js';
