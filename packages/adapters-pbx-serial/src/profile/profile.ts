import type { FrameDecoder } from '@cordboard/driver-kit';
import type { SerialSettings } from './transport.js';

/** What a profile can do with a PBX. */
export type ProfileCapability = 'state' | 'cdr' | 'param' | 'clock' | 'call' | 'hotel';

/** A decoder that also knows what to do when the line falls silent inside a frame. */
export interface LineDecoder<F> extends FrameDecoder<F> {
  /** Gives up the unfinished frame and hands out what whole frames stand behind its start. */
  giveUp(sink: (frame: F) => void): void;
  /** Bytes that were part of no frame since it was made. */
  readonly skippedBytes: number;
}

/** Times of a link, ms. All are reckoned on the injected clock. */
export interface LinkTimings {
  /** Constant part of the wait for an acknowledgement. */
  readonly ackMs: number;
  /** Repeats of a frame before the link is given up. */
  readonly repeats: number;
  /** Silence of our own after which a heartbeat is sent. */
  readonly heartbeatMs: number;
  /** Silence of the peer after which the link is down. */
  readonly deadMs: number;
  /** Silence inside a frame after which it is given up; 0: never. */
  readonly gapMs: number;
  /** Between two HELLOs that were not answered. */
  readonly helloMs: number;
  /** Bound of the answer to a request. */
  readonly answerMs: number;
}

/** A language that a PBX speaks on its line: all that the link needs to know of it. Adding one is a folder that makes one of these. */
export interface ProtocolProfile<F, M, H> {
  /** Name in configuration, `kts-bin/1`. */
  readonly id: string;
  readonly serial: SerialSettings;
  readonly capabilities: ReadonlySet<ProfileCapability>;
  readonly timings: LinkTimings;
  /** A new decoder, for one life of the line. */
  createDecoder(): LineDecoder<F>;
  /** @throws {CtiError} `wire.unsafeValue`, `wire.frameTooLarge` */
  encode(message: M, header: H): Uint8Array;
  /** `hello`: the host opens a session before anything else. `none`: the PBX just talks. */
  readonly handshake: 'hello' | 'none';
}
