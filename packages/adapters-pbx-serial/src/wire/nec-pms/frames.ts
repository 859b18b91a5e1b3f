/** A text of the hotel link: feature and function code, and what stands behind them. */
export interface NecText {
  readonly kind: 'text';
  /** Two hexadecimal digits; 80 and above: the PBX could not carry out the text whose feature is 80 (hex) less. */
  readonly feature: string;
  /** One character. */
  readonly function: string;
  readonly body: string;
}

/** A call record: 128 characters in fixed places. */
export interface NecRecordFrame {
  readonly kind: 'record';
  readonly data: string;
}

/** The words of the line: who may send, what became of it. `pause`, `interrupt` and `abort` are DLE and a second character. */
export type NecControl = 'query' | 'ack' | 'nak' | 'eot' | 'interrupt' | 'abort' | 'pause';

/** What a decoder finds on the line. */
export type NecFrame =
  | NecText
  | NecRecordFrame
  | { readonly kind: NecControl }
  /** The start (selecting) sequence: the other side asks to send. */
  | { readonly kind: 'start'; readonly address: 'hotel' | 'records' }
  /** `check`: the block check is wrong; `length`: it does not say its own length; `form`: no text that this link has; `gap`: it stopped in the middle. */
  | { readonly kind: 'damaged'; readonly why: 'check' | 'length' | 'form' | 'gap'; readonly sample: Uint8Array };
