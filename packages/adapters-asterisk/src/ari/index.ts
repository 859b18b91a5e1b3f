export { type AriAddress, type AriAnswer, AriRest } from '../link/ari-rest.js';
export type { AriRequest } from '../map/request.js';
export { type AriUnreadable, decodeAriEvent } from '../wire/ari-decoder.js';
export type {
  AriBridge,
  AriChannel,
  AriEndpoint,
  AriEvent,
  AriEventType,
  AriParty,
  AriPlayback,
  AriRecording,
  AriReferTo,
} from '../wire/ari-messages.js';
