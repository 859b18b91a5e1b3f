import type { DriverCommand, DriverEvent, DriverReply } from '@cordboard/cti-core';

/** From the server's process to the switch's. */
export type ToSwitch =
  | { readonly type: 'start' }
  | { readonly type: 'settled' }
  | { readonly type: 'execute'; readonly command: DriverCommand }
  | {
      readonly type: 'listening';
      readonly url: string;
      readonly ws: string;
      readonly tokens: Readonly<Record<string, string>>;
    };

/** From the switch's process to the server's. */
export type ToServer =
  | { readonly type: 'event'; readonly event: DriverEvent }
  | { readonly type: 'reply'; readonly commandId: string; readonly reply: DriverReply }
  | { readonly type: 'settle' };
