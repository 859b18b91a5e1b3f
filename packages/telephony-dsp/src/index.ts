export { createDtmfCallerId, type DtmfCallerIdOptions } from './cid/dtmf-caller-id.js';
export { DtmfCallerIdCollector, type DtmfCallerIdCollectorOptions } from './cid/dtmf-collector.js';
export { type DtmfCallerIdCodes, type DtmfCallerIdFields, readDtmfCallerId } from './cid/dtmf-digits.js';
export {
  type CallerIdToEncode,
  encodeCallerIdMessage,
  type MessageWaitingToEncode,
} from './cid/encode.js';
export { bytesToHex, hexToBytes } from './cid/hex.js';
export {
  CALLER_ID_MESSAGE_TYPES,
  type CallerIdFault,
  type CallerIdFields,
  type CallerIdParse,
  MAX_CALLER_ID_BYTES,
  type MessageWaitingFields,
  parseCallerIdMessage,
} from './cid/message.js';
export { decodeCallerName } from './cid/name.js';
export * from './contract.js';
export { createDtmf, type DtmfOptions } from './dtmf/dtmf.js';
export { createFax, type FaxOptions } from './fax/index.js';
export { createFskCallerId, type FskCallerIdDetector, type FskCallerIdOptions } from './fsk/caller-id.js';
export { alawToLinear, decodeAlaw, encodeAlaw, linearToAlaw } from './g711/alaw.js';
export { decodeUlaw, encodeUlaw, linearToUlaw, ulawToLinear } from './g711/ulaw.js';
export { type GenerateDtmfOptions, generateDtmf } from './generate/dtmf.js';
export {
  type DtmfCallerIdMessage,
  type DtmfCallerIdStyle,
  dtmfCallerIdDigits,
  generateDtmfCallerId,
} from './generate/dtmf-caller-id.js';
export * from './generate/fax-tone.js';
export { type FskCallerIdSignalOptions, generateFskCallerId } from './generate/fsk-caller-id.js';
export * from './generate/melody.js';
export * from './generate/noise.js';
export * from './generate/progress-tone.js';
export { amplitudeOf, render, type SampleSource } from './generate/source.js';
export { createGsmDecoder, type GsmDecoder } from './gsm/decoder.js';
export { createGsmEncoder, type GsmEncoder } from './gsm/encoder.js';
export { GSM_FRAME_SAMPLES, GSM_PARAMETERS } from './gsm/frame.js';
export {
  createWav49Decoder,
  createWav49Encoder,
  packWav49,
  unpackWav49,
  WAV49_BLOCK_BYTES,
  WAV49_BLOCK_SAMPLES,
  type Wav49Decoder,
  type Wav49Encoder,
} from './gsm/wav49.js';
export {
  createLevelMeter,
  dbm0OfRms,
  type Level,
  type LevelMeter,
  peakOf,
  rmsOf,
  rmsOfDbm0,
  SILENCE_DBM0,
} from './level/level.js';
export { createLineDsp, type LineDspOptions } from './line-dsp.js';
export { createResampler, RESAMPLE_RATES, type Resampler, type ResamplerOptions } from './resample/resample.js';
export * from './tones/index.js';
export { createVoice, type VoiceOptions } from './voice/index.js';
export type { WavEncoding, WavFormat, WavProblem } from './wav/format.js';
export { readWav, type WavAudio, type WavRead } from './wav/read.js';
export {
  createWavWriter,
  type WavPatch,
  type WavWriter,
  type WavWriterEncoding,
  type WavWriterOptions,
} from './wav/write.js';
