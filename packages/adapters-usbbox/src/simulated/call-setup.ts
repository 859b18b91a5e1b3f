/** What an exchange says of a caller. */
export interface CallSetup {
  /** `MMDDhhmm`. */
  readonly datetime: string;
  readonly number?: string;
  readonly absence?: 'P' | 'O';
  readonly name?: string;
}

/** The call set-up message of an exchange (GR-30 MDMF, type 0x80), written from its table alone: parameters 01 time, 02 number, 04 its absence, 07 name. */
export function callSetup(call: CallSetup): Uint8Array {
  const text = new TextEncoder();
  const parts: readonly (readonly [number, string | undefined])[] = [
    [0x01, call.datetime],
    [0x02, call.number],
    [0x04, call.number === undefined ? (call.absence ?? 'O') : undefined],
    [0x07, call.name],
  ];
  const body = parts.flatMap(([parameter, value]) => {
    if (value === undefined) return [];
    const bytes = [...text.encode(value)].slice(0, 50);
    return [parameter, bytes.length, ...bytes];
  });
  const message = [0x80, body.length, ...body];
  const sum = message.reduce((all, byte) => all + byte, 0);
  return Uint8Array.from([...message, -sum & 0xff]);
}
