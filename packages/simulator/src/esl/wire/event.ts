/** The three forms in which a client may ask for events. */
export type EventFormat = 'plain' | 'json' | 'xml';

/** One value of a header: a text, or a list (`ARRAY::a|:b` in plain form). */
export type HeaderValue = string | readonly string[];

/** An event: its headers in the order in which they go out, repeated ones as often as they stand there, and perhaps a body. */
export interface EslEvent {
  /** The kind: `Event-Name`, absent for the odd event that a client sends under a live channel's id (freeswitch.md 43). */
  readonly name: string;
  /** `Event-Subclass` of a CUSTOM event. */
  readonly subclass?: string;
  readonly headers: readonly (readonly [name: string, value: HeaderValue])[];
  readonly body?: string;
}

/** The first value of a header; names count without regard to case. */
export function headerOf(event: Pick<EslEvent, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [given, value] of event.headers) {
    if (given.toLowerCase() === wanted) return typeof value === 'string' ? value : plainList(value);
  }
  return undefined;
}

/** A list as plain form writes it. */
export function plainList(values: readonly string[]): string {
  return `ARRAY::${values.join('|:')}`;
}

/** A variable's text as a header value: `ARRAY::a|:b` is a list. */
export function listOf(value: string): HeaderValue {
  return value.startsWith('ARRAY::') ? value.slice('ARRAY::'.length).split('|:') : value;
}
