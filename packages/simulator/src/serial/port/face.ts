import type { Clock } from '@cordboard/cti-core';
import type { VirtualPbx } from '../pbx/pbx.js';

/** How a port is set, as its face expects it. */
export interface FaceSettings {
  /** Bd. */
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd' | 'mark' | 'space';
  readonly stopBits: 1 | 2;
}

/** How to send. */
export interface SendOptions {
  /** `front`: before everything that waits and has not begun to leave. Default: behind it. */
  readonly place?: 'front';
  /** Called when the last byte has left; never when the power or the cable went before. */
  readonly sent?: () => void;
}

/** The PBX's side of a line: bytes go out at the speed of the line, whole writes one after the other. */
export interface FaceLine {
  readonly clock: Clock;
  /** `tcp`: no speed, no gaps, a host connects and goes. */
  readonly kind: 'serial' | 'tcp';
  /** What the port is set to, Bd. */
  readonly baudRate: number;
  /** Bytes that wait or are leaving. */
  readonly queuedBytes: number;
  /** Sends; without a host, or with the cable pulled, the bytes leave and nobody gets them. */
  write(bytes: Uint8Array, options?: SendOptions): void;
  /** The PBX has lost its power: what was leaving is cut in the middle. For the PBX, not for faces. */
  cut(): void;
}

/** A face at work on one line of one PBX that has power. */
export interface AttachedFace {
  /** Bytes came in, in any portions. Must not throw, whatever they are. */
  receive(bytes: Uint8Array): void;
  /** TCP only: a host is there now, in the place of the one before. */
  connected?(): void;
  /** TCP only: the host has gone. */
  disconnected?(): void;
  /** The power goes or the port is closed: cancels every timer; writes nothing. */
  close(): void;
}

/** What a PBX speaks on a port: one profile. Stateless; {@link SerialFace.attach} makes the state, at each start of the PBX anew. */
export interface SerialFace {
  /** `kts-bin/1`, `smdr-kx-td`, ... */
  readonly profile: string;
  readonly settings: FaceSettings;
  /** The PBX has started (or the port was added to a running one). */
  attach(line: FaceLine, pbx: VirtualPbx): AttachedFace;
}
