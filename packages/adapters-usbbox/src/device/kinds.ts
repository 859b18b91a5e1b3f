import type { Clock, Logger } from '@cordboard/cti-core';
import type { LineDeviceFactory } from './port.js';

/** What a kind of device may use of the world. */
export interface DeviceContext {
  readonly clock: Clock;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly log: Logger;
}

/**
 * Makes the factory of one kind of device from the options of a line (`device: { kind, ... }`, all of it), and checks them.
 * @throws {CtiError} `config.invalid` with what is wrong with them
 */
export type DeviceKind = (options: Readonly<Record<string, unknown>>, context: DeviceContext) => LineDeviceFactory;

/** Kinds of device by the name that configurations use. */
export type DeviceKinds = Readonly<Record<string, DeviceKind>>;
