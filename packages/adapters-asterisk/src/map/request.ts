/** One REST request to Asterisk, as data. */
export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below `/ari`, already percent-encoded: `/channels/1.2/answer`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Encodes one part of a path; ids of channels and bridges may hold anything. */
export function part(text: string): string {
  return encodeURIComponent(text);
}
