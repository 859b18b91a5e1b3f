export { executeOn, hangUp } from '../link/channel-control.js';
export { connectEsl } from '../link/connect-esl.js';
export type { DeliveryLimits } from '../link/delivery.js';
export { dialEsl, type EslAddress } from '../link/dial.js';
export { EslCall } from '../link/esl-call.js';
export { EslClient, type EslContext, type EslLinkEvent } from '../link/esl-client.js';
export { type EslCallHandler, EslServer, listenEsl } from '../link/esl-server.js';
export {
  type EslJobResult,
  type EslReader,
  EslSession,
  type EslSessionOptions,
  type EslSocket,
} from '../link/esl-session.js';
export type { EslGap, EslStreamOptions } from '../link/event-stream.js';
export type { EslListener, EslListenOptions, EslTopic } from '../link/listeners.js';
export type { EslAnswer, EslWait } from '../link/reply-queue.js';
export { type EslSubscription, filterLine, hearJobs, subscribeTo } from '../link/subscribe.js';
export type { EslOptionsInput, EslServerOptionsInput } from '../options.js';
export type { EslCharset, EslValue } from '../wire/charset.js';
export { EslDecoder, type EslDecoderOptions } from '../wire/esl-decoder.js';
export {
  type EslCommand,
  type EslCommandHeader,
  type EslExecute,
  encodeEslCommand,
  eslWord,
  executeCommand,
  hangupCommand,
  MAX_COMMAND_BODY_BYTES,
  MAX_JOB_UUID_LENGTH,
} from '../wire/esl-encoder.js';
export { EslEvent, type EslHeader } from '../wire/esl-event.js';
export {
  EslApiResponse,
  EslAuthRequest,
  EslDisconnectNotice,
  type EslFrame,
  EslLog,
  EslRejection,
  EslReply,
  EslUnknown,
} from '../wire/esl-frames.js';
export { ESL_EVENT_NAMES, type EslEventName } from '../wire/event-names.js';
