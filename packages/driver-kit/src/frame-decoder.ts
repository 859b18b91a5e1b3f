/**
 * Bytes of one direction of one socket in, whole frames out.
 *
 * The contract, which `feedEveryWay` of `@cordboard/driver-kit/testing` checks:
 *
 * - No socket, timer, logger or clock inside. A silence between bytes is the link's business; it calls `reset()`.
 * - The cut of the bytes into chunks never changes the frames, a character cut in two included.
 * - A frame does not point into the chunk that it came in: the caller may overwrite a chunk after `push` returned.
 * - Frames reach the sink in wire order, and those before a fault reach it before `push` throws.
 * - What is held is bounded by the decoder's caps, whatever the peer sends; unreadable input within the caps is a frame
 *   of its own (a member of `F`) or is skipped and counted, never a throw.
 * - It loops and does not recurse, and it does not scan again what it has scanned.
 */
export interface FrameDecoder<F> {
  /**
   * Takes the next bytes and hands each frame that they complete to `sink`.
   *
   * @throws {CtiError} `wire.frameTooLarge` when a frame passes the cap, `wire.frameInvalid` when the stream can not be
   *   followed any more; the decoder is then unusable until `reset()`, and the link closes the socket
   */
  push(chunk: Uint8Array, sink: (frame: F) => void): void;
  /** Bytes of an unfinished frame held now, 0 to the cap. */
  readonly pendingBytes: number;
  /** Forgets everything held, as for a new socket. */
  reset(): void;
}
