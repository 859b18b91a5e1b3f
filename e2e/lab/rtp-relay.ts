import type { Socket } from 'node:dgram';
import { Hearing } from './hearing.js';
import { openRtp } from './rtp-socket.js';

/**
 * Stands between a phone and the switch in the path of the media and listens to both directions without changing a byte. Once
 * it is known where the two listen, what comes from elsewhere is dropped: it was meant for who had the port before.
 */
export class RtpRelay {
  /** What the phone hears. */
  readonly phoneHears = new Hearing();
  /** What the phone says. */
  readonly phoneSays = new Hearing();
  /** Port that the switch is told. */
  readonly portForSwitch: number;
  /** Port that the phone is told. */
  readonly portForPhone: number;
  readonly #toSwitch: Socket;
  readonly #toPhone: Socket;
  #switchPort: number | undefined;
  #phonePort: number | undefined;

  private constructor(toSwitch: Socket, toPhone: Socket) {
    this.#toSwitch = toSwitch;
    this.#toPhone = toPhone;
    this.portForSwitch = toSwitch.address().port;
    this.portForPhone = toPhone.address().port;
    toSwitch.on('message', (datagram, from) => {
      if (this.#switchPort !== undefined && from.port !== this.#switchPort) return;
      this.phoneHears.packet(datagram);
      if (this.#phonePort !== undefined) toPhone.send(datagram, this.#phonePort, '127.0.0.1', () => undefined);
    });
    toPhone.on('message', (datagram, from) => {
      if (this.#phonePort !== undefined && from.port !== this.#phonePort) return;
      this.phoneSays.packet(datagram);
      if (this.#switchPort !== undefined) toSwitch.send(datagram, this.#switchPort, '127.0.0.1', () => undefined);
    });
    for (const socket of [toSwitch, toPhone]) socket.on('error', () => undefined);
  }

  /** Opens both sockets. */
  static async open(): Promise<RtpRelay> {
    return new RtpRelay(await openRtp(), await openRtp());
  }

  /** Where the phone really listens. */
  phoneAt(port: number): void {
    this.#phonePort = port === 0 ? undefined : port;
  }

  /** Where the switch really listens. */
  switchAt(port: number): void {
    this.#switchPort = port === 0 ? undefined : port;
  }

  /** Closes both sockets; may be called twice. */
  close(): void {
    for (const socket of [this.#toSwitch, this.#toPhone]) {
      try {
        socket.close();
      } catch {
        // Closed before.
      }
    }
  }
}
