import { asterisk } from '@cordboard/adapters-asterisk';
import { freeswitch } from '@cordboard/adapters-freeswitch';
import type { DriverFactory } from '@cordboard/cti-core';
import { LAB_SECRET } from './asterisk.js';

/** Where a driver reaches the scenario's switch on this machine: its own ports, or those of cables. Plain data, so that it can go to another process. */
export type SwitchLink =
  | { readonly kind: 'asterisk'; readonly ariPort: number; readonly amiPort: number }
  | {
      readonly kind: 'freeswitch';
      readonly eslPort: number;
      readonly password: string;
      /** Folder of the recordings; absent: the switch's own. */
      readonly recordings?: string;
    };

const BACKOFF = { backoffFirst: '50ms', backoffMax: '400ms' } as const;

/** The driver of the floor's switch. */
export function labDriver(link: SwitchLink): DriverFactory {
  if (link.kind === 'freeswitch') {
    const { eslPort: port, password, recordings: path } = link;
    return freeswitch({
      esl: { host: '127.0.0.1', port, password },
      ...(path === undefined ? {} : { recordings: { path } }),
      ...BACKOFF,
    });
  }
  return asterisk({
    ari: { url: `http://127.0.0.1:${link.ariPort}`, user: 'cordboard', password: LAB_SECRET },
    ami: { host: '127.0.0.1', port: link.amiPort, user: 'cordboard', secret: LAB_SECRET },
    trunks: ['trunk'],
    promptPrefix: 'cordboard/',
    ...BACKOFF,
  });
}

/** Name of the trunk to the outside. */
export function trunkOf(link: SwitchLink): string {
  return link.kind === 'asterisk' ? 'trunk' : 'carrier';
}
