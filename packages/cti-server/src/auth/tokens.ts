import { type AgentId, asId, CtiError, ROLES, type Role, type UserId } from '@cordboard/cti-core';
import { MASK_CLASSES, type MaskClass } from '@cordboard/cti-protocol/types';
import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';

/** Who somebody is, as a token says. */
export interface Identity {
  readonly userId: UserId;
  readonly role: Role;
  readonly agentId?: AgentId;
  readonly tenant: string;
  /** Takes away what the role would show; never gives more. */
  readonly numbers?: MaskClass;
  /** Epoch ms. */
  readonly endsWallMs: number;
}

/** What a token is made from. `ttlS`: seconds that it is good for, 1 to 31 days. */
export interface TokenRequest {
  readonly userId: string;
  readonly role: Role;
  readonly agentId?: string;
  readonly ttlS: number;
  readonly numbers?: MaskClass;
}

const ISSUER = 'cordboard';
const LEEWAY_S = 5;

const claims = z.object({
  sub: z.string().min(1).max(64),
  role: z.enum(ROLES),
  agentId: z.string().min(1).max(64).exactOptional(),
  tenant: z.string().min(1).max(32),
  numbers: z.enum(MASK_CLASSES).exactOptional(),
  exp: z.number(),
});

/** Makes and checks tokens: JWT signed with HS256, one secret per server. */
export class Tokens {
  readonly #secret: Uint8Array;
  readonly #tenant: string;
  readonly #wallMs: () => number;

  constructor(options: { readonly secret: Uint8Array; readonly tenant: string; readonly wallMs: () => number }) {
    this.#secret = options.secret;
    this.#tenant = options.tenant;
    this.#wallMs = options.wallMs;
  }

  /** A new token of this tenant. */
  async make(request: TokenRequest): Promise<{ token: string; endsWallMs: number }> {
    const nowS = Math.floor(this.#wallMs() / 1000);
    const endsS = nowS + Math.max(1, Math.floor(request.ttlS));
    const token = await new SignJWT({
      role: request.role,
      tenant: this.#tenant,
      ...(request.agentId === undefined ? {} : { agentId: request.agentId }),
      ...(request.numbers === undefined ? {} : { numbers: request.numbers }),
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(request.userId)
      .setIssuer(ISSUER)
      .setIssuedAt(nowS)
      .setExpirationTime(endsS)
      .sign(this.#secret);
    return { token, endsWallMs: endsS * 1000 };
  }

  /**
   * Checks a token.
   *
   * @throws {CtiError} `auth.missing`, `auth.expired`, `auth.invalid` (signature, form, another tenant's)
   */
  async check(token: string | undefined): Promise<Identity> {
    if (token === undefined || token === '') throw new CtiError('auth.missing', 'no token was given');
    const payload = await this.#verify(token);
    const result = claims.safeParse(payload);
    if (!result.success || result.data.tenant !== this.#tenant) {
      throw new CtiError('auth.invalid', 'the token lacks a claim of this server or is of another tenant');
    }
    const { sub, role, agentId, numbers, tenant, exp } = result.data;
    return {
      userId: asId(sub),
      role,
      tenant,
      endsWallMs: exp * 1000,
      ...(agentId === undefined ? {} : { agentId: asId<AgentId>(agentId) }),
      ...(numbers === undefined ? {} : { numbers }),
    };
  }

  async #verify(token: string): Promise<unknown> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.#wallMs()),
        clockTolerance: LEEWAY_S,
      });
      return payload;
    } catch (error) {
      // The library's text may quote the token: only its kind goes on.
      if (error instanceof errors.JWTExpired) throw new CtiError('auth.expired', 'the token has ended: get a new one');
      throw new CtiError('auth.invalid', 'the token is not one of this server');
    }
  }
}
