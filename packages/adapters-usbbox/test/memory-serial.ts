import { Duplex } from 'node:stream';

/** A serial port without a cable: what is written is collected, what the other side says is pushed. */
export class MemorySerial extends Duplex {
  /** Everything written so far, as text. */
  written = '';

  /** The other side says something. */
  says(data: string | Uint8Array): void {
    if (!this.destroyed) this.push(typeof data === 'string' ? new TextEncoder().encode(data) : data);
  }

  /** It is pulled out. */
  pull(): void {
    this.destroy();
  }

  override _read(): void {
    // Pushed when there is something.
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.written += new TextDecoder('latin1').decode(chunk);
    done();
  }
}
