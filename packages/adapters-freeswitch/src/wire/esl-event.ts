import { detailOf, type EslValue, isAscii, textOf } from './charset.js';
import type { EslEventName } from './event-names.js';
import { membersOf } from './json-object.js';
import { JsonScanner } from './json-scanner.js';
import { ARRAY, jsonBytes, jsonValue } from './json-text.js';
import { percentDecode } from './percent.js';
import { endOfBlock, PlainScanner } from './plain-scanner.js';
import { readXml, type XmlBlock } from './xml-block.js';

/** One header as an application sees it: name as FreeSWITCH spells it, value decoded. */
export type EslHeader = readonly [name: string, value: string];

/** What the events of one socket share. */
export interface EventContext {
  /** Charset of values that are not UTF-8. */
  readonly charset: string;
  readonly plain: PlainScanner;
  readonly json: JsonScanner;
}

/** A context for one socket. */
export function newEventContext(charset: string): EventContext {
  return { charset, plain: new PlainScanner(charset), json: new JsonScanner(charset) };
}

const SAMPLE_BYTES = 256;

/**
 * One event of FreeSWITCH, read lazily: it holds the bytes of its body, and a value is looked for and decoded when it is asked for.
 *
 * Names are spelled as FreeSWITCH spells them (`Unique-ID`). A value that is UTF-8 is decoded as such, else by the configured charset,
 * else each byte becomes one character; {@link value} tells which. Nothing in an event makes any method throw.
 */
export abstract class EslEvent {
  readonly type = 'event';
  /** In which form it came. */
  abstract readonly format: 'plain' | 'json' | 'xml';
  /** @internal */
  protected readonly raw: string;
  /** @internal */
  protected readonly context: EventContext;

  /** @internal */
  constructor(raw: string, context: EventContext) {
    this.raw = raw;
    this.context = context;
  }

  /** `Event-Name`, such as `CHANNEL_ANSWER`. Empty where FreeSWITCH left it out, as it does with events sent to a live channel. */
  get name(): EslEventName {
    return this.get('Event-Name') ?? '';
  }

  /** `Event-Subclass` of a `CUSTOM` event, such as `sofia::register`. */
  get subclass(): string | undefined {
    return this.get('Event-Subclass');
  }

  /**
   * The first value of a header. A list of values reads `ARRAY::a|:b`, as in FreeSWITCH itself; {@link all} takes it apart.
   *
   * @returns `undefined` when there is no such header
   */
  get(name: string): string | undefined {
    const bytes = this.bytesOf(name);
    return bytes === undefined ? undefined : textOf(bytes, this.context.charset);
  }

  /** As {@link get}, with the bytes and the charset that was found. */
  value(name: string): EslValue | undefined {
    const bytes = this.bytesOf(name);
    return bytes === undefined ? undefined : detailOf(bytes, this.context.charset);
  }

  /** Every value of a header in wire order: of repeated headers and of lists. */
  all(name: string): readonly string[] {
    const values: string[] = [];
    this.each((each, value) => {
      if (each !== name) return;
      if (value.startsWith(ARRAY)) values.push(...value.slice(ARRAY.length).split('|:'));
      else values.push(value);
    });
    return values;
  }

  /** All headers in wire order, repeated ones too. A body is not among them. */
  headers(): readonly EslHeader[] {
    const headers: EslHeader[] = [];
    this.each((name, value) => headers.push([name, value]));
    return headers;
  }

  /** Calls back for each header in wire order. */
  abstract each(take: (name: string, value: string) => void): void;

  /** The body: result of a job, text of a message. `undefined` when there is none. */
  get body(): string | undefined {
    const bytes = this.bodyBytes();
    return bytes === undefined ? undefined : textOf(bytes, this.context.charset);
  }

  /** The body with its bytes and charset. */
  get bodyValue(): EslValue | undefined {
    const bytes = this.bodyBytes();
    return bytes === undefined ? undefined : detailOf(bytes, this.context.charset);
  }

  /** The first bytes of the event as they came, at most 256, for reports of what nobody could read. */
  get sample(): Uint8Array {
    return Buffer.from(this.raw.slice(0, SAMPLE_BYTES), 'latin1');
  }

  /** Size on the wire without the outer headers, in bytes. */
  get size(): number {
    return this.raw.length;
  }

  /** The first value of a header as bytes, held as Latin-1. @internal */
  protected abstract bytesOf(name: string): string | undefined;
  /** The body as bytes, held as Latin-1. @internal */
  protected abstract bodyBytes(): string | undefined;
}

const NAME = 'Event-Name: ';
const asItIs = (value: string): string => value;

/** `text/event-plain`: header lines, percent-encoded, and a body behind a blank line. */
export class PlainEvent extends EslEvent {
  readonly format = 'plain';

  /** Most events begin with their name. */
  override get name(): EslEventName {
    const { raw } = this;
    if (!raw.startsWith(NAME)) return super.name;
    const end = raw.indexOf('\n', NAME.length);
    return raw.slice(NAME.length, end < 0 ? raw.length : end);
  }

  override get(name: string): string | undefined {
    return this.context.plain.value(this, this.raw, name);
  }

  each(take: (name: string, value: string) => void): void {
    const { raw, context } = this;
    const { charset, plain } = context;
    if (plain.all(raw, take)) return;
    const decode = (value: string): string => textOf(percentDecode(value), charset);
    if (isAscii(raw)) plain.each(raw, decode, take);
    else plain.each(raw, asItIs, (name, value) => take(textOf(name, charset), decode(value)));
  }

  protected bytesOf(name: string): string | undefined {
    const { plain } = this.context;
    const from = plain.find(this, this.raw, name);
    return from < 0 ? undefined : percentDecode(this.raw.slice(from, plain.to));
  }

  /** A sender's own `Content-Length` may stand among the headers; the true one comes last. */
  protected bodyBytes(): string | undefined {
    const from = endOfBlock(this.raw);
    if (from >= this.raw.length) return undefined;
    let length = '';
    this.context.plain.each(this.raw, asItIs, (name, value) => {
      if (name === 'Content-Length') length = value;
    });
    return /^\d+$/.test(length) ? this.raw.slice(from, from + Number(length)) : this.raw.slice(from);
  }
}

const JSON_BODY = '_body';

/** `text/event-json`: one object; the body is the member `_body`. */
export class JsonEvent extends EslEvent {
  readonly format = 'json';

  override get(name: string): string | undefined {
    return name === JSON_BODY ? undefined : this.context.json.value(this, this.raw, name);
  }

  each(take: (name: string, value: string) => void): void {
    const { charset, json } = this.context;
    const isAll = json.all(this.raw, (name, value) => {
      if (name !== JSON_BODY) take(name, value);
    });
    if (isAll) return;
    const members = membersOf(this.raw);
    if (members !== undefined) {
      const isPlain = isAscii(this.raw);
      for (const name in members) {
        const value = members[name] ?? '';
        if (name === JSON_BODY) continue;
        if (isPlain) take(name, value);
        else take(textOf(name, charset), textOf(value, charset));
      }
      return;
    }
    const isPlain = isAscii(this.raw);
    json.each(this.raw, (name, token) => {
      if (name === JSON_BODY) return;
      // Code points become bytes of any charset, in ASCII text too.
      take(isPlain ? name : textOf(name, charset), textOf(jsonValue(token), charset));
    });
  }

  protected bytesOf(name: string): string | undefined {
    const token = name === JSON_BODY ? undefined : this.#token(name);
    return token === undefined ? undefined : jsonValue(token);
  }

  protected bodyBytes(): string | undefined {
    const token = this.#token(JSON_BODY);
    return token === undefined ? undefined : jsonBytes(token);
  }

  #token(name: string): string | undefined {
    const { json } = this.context;
    const from = json.find(this, this.raw, name);
    return from < 0 ? undefined : this.raw.slice(from, json.to);
  }
}

/** `text/event-xml`: values are percent-encoded and then escaped for XML. A list comes as repeated elements. */
export class XmlEvent extends EslEvent {
  readonly format = 'xml';
  #block: XmlBlock | undefined;

  each(take: (name: string, value: string) => void): void {
    const { charset } = this.context;
    for (const [name, value] of this.#read().headers)
      take(textOf(name, charset), textOf(percentDecode(value), charset));
  }

  protected bytesOf(name: string): string | undefined {
    const value = this.#read().headers.find(([each]) => each === name)?.[1];
    return value === undefined ? undefined : percentDecode(value);
  }

  protected bodyBytes(): string | undefined {
    return this.#read().body;
  }

  #read(): XmlBlock {
    this.#block ??= readXml(this.raw);
    return this.#block;
  }
}
