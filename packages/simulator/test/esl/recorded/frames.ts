/** A frame: its headers in order, and its body. */
export interface SeenFrame {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** An event of plain form, as compared. */
export interface SeenEvent {
  /** What it is: name, subclass or direction where several kinds share a name. */
  readonly kind: string;
  readonly uuid: string | undefined;
  /** Names in their order, variables apart. */
  readonly names: readonly string[];
  readonly variables: readonly string[];
}

/** Cuts a stream of bytes into frames. */
export function framesOf(bytes: Buffer): readonly SeenFrame[] {
  const frames: SeenFrame[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\n\n');
    if (end < 0) return frames;
    const headers = pairs(rest.subarray(0, end).toString('latin1'));
    const length = Number(headers.find(([name]) => name === 'Content-Length')?.[1] ?? 0) || 0;
    if (rest.length < end + 2 + length) return frames;
    frames.push({ headers, body: rest.subarray(end + 2, end + 2 + length) });
    rest = rest.subarray(end + 2 + length);
  }
}

export function fieldOf(frame: { readonly headers: SeenFrame['headers'] }, name: string): string | undefined {
  return frame.headers.find(([given]) => given === name)?.[1];
}

function pairs(text: string): (readonly [string, string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(': ');
      return at < 0 ? ([line, ''] as const) : ([line.slice(0, at), line.slice(at + 2)] as const);
    });
}

/** The plain events among frames. */
export function eventsOf(frames: readonly SeenFrame[]): readonly SeenEvent[] {
  return frames.filter((frame) => fieldOf(frame, 'Content-Type') === 'text/event-plain').map(eventOf);
}

function eventOf(frame: SeenFrame): SeenEvent {
  const end = frame.body.indexOf('\n\n');
  const headers = pairs(frame.body.subarray(0, end).toString('latin1'));
  const value = (name: string): string | undefined => headers.find(([given]) => given === name)?.[1];
  const parts = [value('Event-Name') ?? '?'];
  if (parts[0] === 'CUSTOM') parts.push(value('Event-Subclass') ?? '', value('Action') ?? '');
  if (parts[0] === 'CALL_UPDATE') parts.push(value('Direction') ?? '');
  if (parts[0] === 'PRESENCE_IN') parts.push(value('proto') ?? '');
  if (parts[0] === 'CODEC') parts.push(value('Event-Calling-Function') ?? '');
  return {
    kind: parts.join(' ').trim(),
    uuid: value('Unique-ID'),
    names: headers.map(([name]) => name).filter((name) => !name.startsWith('variable_')),
    variables: headers.map(([name]) => name).filter((name) => name.startsWith('variable_')),
  };
}
