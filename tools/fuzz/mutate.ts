const MAX_EDITS = 6;
const MAX_PIECES = 3;

/** Some inputs of a corpus in a row, damaged in a few places. */
export function mutate(
  corpus: readonly Uint8Array[],
  dictionary: readonly Uint8Array[],
  random: () => number,
): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const pieces = Array.from({ length: 1 + below(MAX_PIECES) }, () => pick(corpus) ?? new Uint8Array());
  let bytes: Buffer = Buffer.concat(pieces);
  for (let edits = 1 + below(MAX_EDITS); edits > 0; edits--) {
    const at = below(bytes.length + 1);
    const end = Math.min(bytes.length, at + below(12));
    const put = (piece: Uint8Array, to: number): void => {
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(to)]);
    };
    switch (below(7)) {
      case 0:
        put(Uint8Array.of(below(256)), Math.min(bytes.length, at + 1));
        break;
      case 1:
        put(pick(dictionary) ?? new Uint8Array(), at);
        break;
      case 2:
        // In place of as many bytes, so that lengths told before still fit.
        put(...replacing(pick(dictionary) ?? new Uint8Array(), at, bytes.length));
        break;
      case 3:
        put(new Uint8Array(), end);
        break;
      case 4:
        put(Buffer.concat([bytes.subarray(at, end), bytes.subarray(at, end)]), end);
        break;
      case 5: {
        const other = pick(corpus) ?? new Uint8Array();
        const from = below(other.length);
        put(other.subarray(from, from + below(64)), at);
        break;
      }
      default:
        if (random() < 0.2) bytes = bytes.subarray(0, at);
        else put(Uint8Array.of((bytes[at] ?? 0) ^ (1 << below(8))), Math.min(bytes.length, at + 1));
    }
  }
  return bytes;
}

function replacing(piece: Uint8Array, at: number, length: number): [piece: Uint8Array, to: number] {
  const room = Math.min(piece.length, length - at);
  return [piece.subarray(0, room), at + room];
}
