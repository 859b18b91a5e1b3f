/** The endpoint that a channel names: `PJSIP/8001-0000002a` gives `8001`; `undefined` for what is no SIP phone or trunk. */
export function endpointOfChannel(name: string): string | undefined {
  return /^PJSIP\/(.+)-[0-9a-f]{8,}$/u.exec(name)?.[1];
}
