import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses of the machine itself, of private and of other networks that are not the public internet (RFC 6890 and its successors). */
const NOT_PUBLIC = blockList(
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ],
  [
    ['::', 128],
    ['::1', 128],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['fec0::', 10],
    ['ff00::', 8],
  ],
);

function blockList(v4: readonly (readonly [string, number])[], v6: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of v6) list.addSubnet(net, prefix, 'ipv6');
  return list;
}

/** Is this an address that anybody on the internet could have? What is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (family === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  const mapped = mappedIpv4(address);
  return mapped === undefined ? !NOT_PUBLIC.check(address, 'ipv6') : isPublicAddress(mapped);
}

/** The IPv4 address within `::ffff:0:0/96` and the deprecated `::/96`, which lead to the same machine. */
function mappedIpv4(address: string): string | undefined {
  const canonical = new URL(`http://[${address.replace(/%.*$/u, '')}]`).hostname.slice(1, -1);
  const groups = /^::(?:ffff:)?(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/u.exec(canonical);
  if (groups === null || canonical === '::1') return undefined;
  const high = Number.parseInt(groups[1] ?? '0', 16);
  const low = Number.parseInt(groups[2] ?? '0', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Looks a name up; for tests to put another in its place. */
export type AddressLookup = typeof systemLookup;

/**
 * A look-up for sockets that gives public addresses alone. The address that was checked is the one that is dialled: a name that leads elsewhere the second
 * time it is asked gains nothing.
 */
export function publicLookup(lookup: AddressLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 4);
      const addresses = found.filter(({ address }) => isPublicAddress(address));
      const [first] = addresses;
      if (first === undefined) {
        const refused: NodeJS.ErrnoException = new Error('the name leads to no public address');
        refused.code = 'EADDRNOTPUBLIC';
        return callback(refused, '', 4);
      }
      if (options.all === true) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
