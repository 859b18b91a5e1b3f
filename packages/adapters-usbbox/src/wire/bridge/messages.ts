import { z } from 'zod';

/** Most bytes of a control message. */
export const MAX_CONTROL_BYTES = 16_384;

const digit = z.string().regex(/^[0-9*#A-D]$/);
const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const text = z.string().max(256);

const abilities = z.object({
  detects: z
    .array(z.enum(['ring', 'callerId', 'dtmf', 'progress', 'answer', 'polarity', 'phoneHook', 'voice']))
    .max(16)
    .transform((list) => new Set(list)),
  sound: z.enum(['full', 'half', 'none']),
  listensOnHook: z.enum(['listens', 'deaf']),
  hook: z.enum(['soft', 'none']),
  dials: z.enum(['sound', 'itself', 'none']),
  phone: z.enum(['none', 'parallel', 'switched', 'separate']),
  ringsPhone: z.enum(['rings', 'silent']),
});

const callerId = z.object({
  method: z.enum(['fsk', 'dtmf']),
  number: z
    .string()
    .regex(/^[0-9*#A-D]{1,64}$/)
    .exactOptional(),
  absence: z.enum(['O', 'P', 'C', 'I', 'S']).exactOptional(),
  name: z.string().max(128).exactOptional(),
  nameAbsence: z.enum(['O', 'P', 'C', 'I', 'S']).exactOptional(),
  datetime: z
    .string()
    .regex(/^\d{8}$/)
    .exactOptional(),
});

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('signal'), signal: z.enum(['polarity', 'ringStart', 'ringEnd']) }),
  z.object({ type: z.literal('line'), state: z.enum(['present', 'absent']) }),
  z.object({ type: z.literal('callerId'), callerId }),
  z.object({
    type: z.literal('digit'),
    from: z.enum(['line', 'phone']),
    digit,
    toneMs: z.number().min(0).max(60_000).exactOptional(),
  }),
  z.object({
    type: z.literal('tone'),
    tone: z.enum(['dial', 'ringback', 'busy', 'congestion', 'fax', 'modem']),
    state: z.enum(['begins', 'ends']),
  }),
  z.object({ type: z.literal('answer'), by: z.enum(['polarity', 'modem']) }),
  z.object({ type: z.literal('callFailed'), why: z.enum(['busy', 'noAnswer', 'noDialTone', 'noCarrier']) }),
  z.object({ type: z.literal('remoteHangup'), by: z.enum(['polarity', 'modem', 'current']) }),
  z.object({ type: z.literal('phoneHook'), hook: z.enum(['on', 'off']) }),
  z.object({ type: z.literal('phoneFlash') }),
  z.object({ type: z.literal('voice'), state: z.enum(['voice', 'silence']) }),
  z.object({ type: z.literal('lost'), reason: z.enum(['removed', 'failed']) }),
]);

const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.literal('cordboard-box'),
    versions: z.array(z.number().int().min(1)).min(1).max(16),
    nonce: hex(16),
  }),
  z.object({ type: z.literal('opened'), proof: hex(32), abilities }),
  z.object({
    type: z.literal('error'),
    code: z.enum(['version', 'token', 'line', 'busy', 'device', 'protocol']),
    text: text.exactOptional(),
  }),
  z.object({ type: z.literal('event'), event }),
  z.object({ type: z.literal('done'), id: z.number().int() }),
  z.object({ type: z.literal('failed'), id: z.number().int(), code: z.enum(['refused', 'notSupported', 'lost']) }),
  z.object({ type: z.literal('ping'), n: z.number().int() }),
  z.object({ type: z.literal('pong'), n: z.number().int() }),
]);

/** A control message of a host. */
export type HostMessage = z.output<typeof message>;

/** What a line can be told to do. */
export type BridgeOrder =
  | { readonly what: 'hook'; readonly state: 'on' | 'off' }
  | { readonly what: 'flash'; readonly forMs: number }
  | { readonly what: 'dial'; readonly digits: string }
  | { readonly what: 'direct'; readonly way: 'hear' | 'play' | 'idle' }
  | { readonly what: 'switchPhone'; readonly way: 'joined' | 'cut' }
  | { readonly what: 'ringPhone'; readonly way: 'start' | 'stop' };

/** A control message of ours. */
export type ClientMessage =
  | {
      readonly type: 'open';
      readonly version: 1;
      readonly line: string;
      readonly nonce: string;
      readonly proof: string;
    }
  | ({ readonly type: 'do'; readonly id: number } & BridgeOrder)
  | { readonly type: 'ping'; readonly n: number }
  | { readonly type: 'pong'; readonly n: number }
  | { readonly type: 'close' };

/** What a control frame holds. `unknown`: well-formed, of a type or with an event that this version does not know, to be passed over. `broken`: no JSON object. */
export type ControlRead =
  | { readonly outcome: 'message'; readonly message: HostMessage }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'broken' };

/** Reads a control frame; never throws. */
export function readControl(payload: Uint8Array): ControlRead {
  if (payload.length > MAX_CONTROL_BYTES) return { outcome: 'broken' };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return { outcome: 'broken' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { outcome: 'broken' };
  const parsed = message.safeParse(value);
  return parsed.success ? { outcome: 'message', message: parsed.data } : { outcome: 'unknown' };
}

/** A control message as the payload of its frame. */
export function writeControl(one: ClientMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(one));
}

/** Samples as the payload of a sound frame: 16 bit, little-endian. */
export function readSound(payload: Uint8Array): Int16Array | undefined {
  if (payload.length < 160 || payload.length > 640 || payload.length % 2 !== 0) return undefined;
  const samples = new Int16Array(payload.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = (payload[2 * i] ?? 0) | ((payload[2 * i + 1] ?? 0) << 8);
  return samples;
}

/** What both sides prove with: the words that are signed with the token. */
export function proofText(
  side: 'client' | 'host',
  said: { readonly hostNonce: string; readonly clientNonce: string; readonly line: string },
): string {
  return `cordboard-box/1 ${side} ${said.hostNonce} ${said.clientNonce} ${said.line}`;
}
