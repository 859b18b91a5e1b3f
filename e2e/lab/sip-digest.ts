import { createHash, randomBytes } from 'node:crypto';

/** Who asks for what, in the words of RFC 2617. */
export interface DigestRequest {
  readonly method: string;
  readonly uri: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Value of `Authorization` that answers the challenge of a 401 or 407 (digest with MD5, with `qop=auth` where it is offered, RFC 2617).
 * @throws {Error} when the challenge asks for something else
 */
export function digestOf(challenge: string, request: DigestRequest): string {
  const part = (name: string): string | undefined =>
    new RegExp(`[\\s,]${name}=(?:"([^"]*)"|([^\\s,]*))`, 'i')
      .exec(challenge)
      ?.slice(1)
      .find((value) => value !== undefined);
  const [realm, nonce, opaque, algorithm] = [part('realm'), part('nonce'), part('opaque'), part('algorithm')];
  if (realm === undefined || nonce === undefined || (algorithm ?? 'MD5').toUpperCase() !== 'MD5') {
    throw new Error('a challenge that is not answered here');
  }
  const quality = part('qop')?.split(',').includes('auth') === true ? 'auth' : undefined;
  const secret = md5(`${request.user}:${realm}:${request.password}`);
  const asked = md5(`${request.method}:${request.uri}`);
  const cnonce = randomBytes(8).toString('hex');
  const count = '00000001';
  const response = md5(
    quality === undefined ? `${secret}:${nonce}:${asked}` : `${secret}:${nonce}:${count}:${cnonce}:${quality}:${asked}`,
  );
  return [
    `Digest username="${request.user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
    ...(quality === undefined ? [] : [`qop=${quality}`, `nc=${count}`, `cnonce="${cnonce}"`]),
  ].join(', ');
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
