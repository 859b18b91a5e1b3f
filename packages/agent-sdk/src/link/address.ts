import { CtiError } from '@cordboard/cti-core';

const defaultPath = '/v1/ws';

/**
 * The address of the server's WebSocket: `http:` becomes `ws:`, and an address without a path gets the server's own.
 * @throws {CtiError} `argument.invalid` when it is no `ws:`, `wss:`, `http:` or `https:` address
 */
export function socketAddress(url: string, base?: string): string {
  let address: URL;
  try {
    address = new URL(url, base);
  } catch (cause) {
    throw new CtiError('argument.invalid', 'the server address is no URL', { cause });
  }
  if (address.protocol === 'http:') address.protocol = 'ws:';
  if (address.protocol === 'https:') address.protocol = 'wss:';
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:') {
    throw new CtiError('argument.invalid', 'the server address must begin with wss:, ws:, https: or http:');
  }
  if (address.pathname === '/' || address.pathname === '') address.pathname = defaultPath;
  return address.href;
}
