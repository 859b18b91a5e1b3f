/** What the map reads of one event: its name, and headers by name, already decoded. */
export interface SwitchEvent {
  /** `CHANNEL_PARK`; events of modules are `CUSTOM` and say which by `Event-Subclass`. */
  readonly name: string;
  /** The value of a header; `undefined` when it is absent. Names are matched as written. */
  get(header: string): string | undefined;
}

/** The switch's own stamp (microseconds since 1970) as epoch ms; nothing when it is absent or not readable. */
export function stamp(event: SwitchEvent): { nativeAtMs?: number } {
  const micros = Number(event.get('Event-Date-Timestamp'));
  return Number.isSafeInteger(micros) && micros > 0 ? { nativeAtMs: Math.floor(micros / 1_000) } : {};
}

/** A channel variable; FreeSWITCH writes an empty or missing one as `_undef_` in places. */
export function variable(event: SwitchEvent, name: string): string | undefined {
  const value = event.get(`variable_${name}`);
  return value === undefined || value === '' || value === '_undef_' ? undefined : value;
}

/** A header that says something. */
export function header(event: SwitchEvent, name: string): string | undefined {
  const value = event.get(name);
  return value === undefined || value === '' || value === '_undef_' ? undefined : value;
}
