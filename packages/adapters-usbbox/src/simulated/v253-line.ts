import { ExchangeLine } from './exchange-line.js';
import type { FarStep } from './far-end.js';
import type { VirtualModemOptions } from './v253-options.js';

/** The exchange behind a virtual modem. `signal`: what the line does beside its sound. */
export function exchangeBehind(
  options: VirtualModemOptions,
  ports: {
    readonly dialled: (number: string) => readonly FarStep[] | undefined;
    readonly signal: (signal: 'polarity' | 'ringStart' | 'ringEnd') => void;
  },
): ExchangeLine {
  const { seed = 1, noiseDbm0 = -60 } = options;
  const noise = noiseDbm0 ?? undefined;
  return new ExchangeLine({ seed, noiseDbm0: noise, dialled: ports.dialled, datetime: () => '11220930' }, ports.signal);
}
