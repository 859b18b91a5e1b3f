import { detailOf, type EslValue, textOf } from './charset.js';
import { type EslEvent, type EslHeader, type EventContext, PlainEvent } from './esl-event.js';

const SAMPLE_BYTES = 256;

/** Headers of a frame that is no event: not encoded, in any charset. */
abstract class HeaderFrame {
  /** @internal */
  protected readonly block: string;
  /** @internal */
  protected readonly context: EventContext;

  /** @internal */
  constructor(block: string, context: EventContext) {
    this.block = block;
    this.context = context;
  }

  /** The first value of a header, spelled as FreeSWITCH spells it; `undefined` when there is none. */
  get(name: string): string | undefined {
    const { charset, plain } = this.context;
    const from = plain.find(this, this.block, name);
    return from < 0 ? undefined : textOf(this.block.slice(from, plain.to), charset);
  }

  /** All headers in wire order, `Content-Type` and `Content-Length` too. */
  headers(): readonly EslHeader[] {
    const headers: EslHeader[] = [];
    const { charset, plain } = this.context;
    plain.each(
      this.block,
      (value) => value,
      (name, value) => headers.push([textOf(name, charset), textOf(value, charset)]),
    );
    return headers;
  }
}

/** `auth/request`: FreeSWITCH asks for the log-in; the first frame of a connection that we dialled. */
export class EslAuthRequest extends HeaderFrame {
  readonly type = 'authRequest';
}

/** `command/reply`: the answer to any command but `api`, and to an `api` that was refused. */
export class EslReply extends HeaderFrame {
  readonly type = 'reply';

  /** `Reply-Text`: `+OK ...`, `-ERR ...`, or the value that was asked for. Empty when there is none. */
  get text(): string {
    return this.get('Reply-Text') ?? '';
  }

  /** Does the text begin with `-ERR` or `-USAGE`? Any other text is a success, a value for instance. */
  get isRefusal(): boolean {
    return isRefusalText(this.text);
  }

  /** The reply to `connect` holds the channel's headers in the form of an event; any other has none. */
  asEvent(): EslEvent {
    return new PlainEvent(this.block, this.context);
  }
}

/** A frame with headers and a body. */
abstract class BodyFrame extends HeaderFrame {
  /** @internal */
  protected readonly bodyBytes: string;

  /** @internal */
  constructor(block: string, bodyBytes: string, context: EventContext) {
    super(block, context);
    this.bodyBytes = bodyBytes;
  }

  /** The body as text; empty when there is none. */
  get text(): string {
    return textOf(this.bodyBytes, this.context.charset);
  }

  /** The body with its bytes and its charset. */
  get value(): EslValue {
    return detailOf(this.bodyBytes, this.context.charset);
  }
}

/** `api/response`: what an `api` command printed, whatever that is. */
export class EslApiResponse extends BodyFrame {
  readonly type = 'apiResponse';

  /** Does the text begin with `-ERR` or `-USAGE`? FreeSWITCH knows no other sign of failure, and some commands fail with other words. */
  get isRefusal(): boolean {
    return isRefusalText(this.bodyBytes);
  }
}

/** `log/data`: one line of the log. */
export class EslLog extends BodyFrame {
  readonly type = 'log';

  /** 0 (console) to 7 (debug), or `undefined`. */
  get level(): number | undefined {
    const level = Number(this.get('Log-Level'));
    return Number.isInteger(level) && level >= 0 ? level : undefined;
  }
}

/** `text/disconnect-notice`: FreeSWITCH is about to close, or lingers to send what is left. */
export class EslDisconnectNotice extends BodyFrame {
  readonly type = 'disconnectNotice';

  /** `linger`: the call is over and more frames follow. `disconnect`: nothing follows. */
  get disposition(): 'linger' | 'disconnect' {
    return this.get('Content-Disposition') === 'linger' ? 'linger' : 'disconnect';
  }

  /** How long it lingers in seconds; `undefined` when it does not, or without end. */
  get lingerSeconds(): number | undefined {
    const seconds = this.get('Linger-Time');
    return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) : undefined;
  }
}

/** `text/rude-rejection`: FreeSWITCH's access list does not let this address in; it closes. */
export class EslRejection extends BodyFrame {
  readonly type = 'rejection';
}

/** A frame of a kind that is not known, or one that is none. */
export class EslUnknown extends BodyFrame {
  readonly type = 'unknown';

  /** Its `Content-Type`, or empty. */
  get contentType(): string {
    return this.get('Content-Type') ?? '';
  }

  /** The first bytes as they came, at most 256. */
  get sample(): Uint8Array {
    return Buffer.from(`${this.block}\n${this.bodyBytes}`.slice(0, SAMPLE_BYTES), 'latin1');
  }
}

/** What FreeSWITCH sends. */
export type EslFrame =
  | EslAuthRequest
  | EslReply
  | EslApiResponse
  | EslEvent
  | EslLog
  | EslDisconnectNotice
  | EslRejection
  | EslUnknown;

function isRefusalText(text: string): boolean {
  return text.startsWith('-ERR') || text.startsWith('-USAGE');
}
