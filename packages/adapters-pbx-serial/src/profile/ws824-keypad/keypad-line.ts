/** What a switch says to somebody at its keypad. `longBeep`: one tone that ends by itself. */
export type KeypadTone = 'dial' | 'busy' | 'longBeep';

/**
 * An analog line or extension that can be lifted, dialled on and listened to: a voice box, a voice modem, an extension of the switch. One user at a time. Commands reject with
 * `CtiError` `device.lost` when it is gone, `wait.aborted` by the signal, `device.refused`, `device.timeout`.
 */
export interface KeypadLine {
  /** Lifts it. Resolves when it is off-hook; dial tone may follow. */
  offHook(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Sends `0-9*#`. Resolves when the last has sounded. */
  dial(digits: string, options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * Listens from the end of the last dialling on until one of these is heard.
   * @returns it, or `nothing` when none was within `timeoutMs`
   */
  listen(
    until: ReadonlySet<KeypadTone>,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
  ): Promise<KeypadTone | 'nothing'>;
  /** Lays it down. Never rejects; may be called again. */
  onHook(): Promise<void>;
}
