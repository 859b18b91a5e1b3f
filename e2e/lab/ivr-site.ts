import type { ConfigInput } from '@cordboard/cti-protocol';
import { bankAt } from '../../examples/ivr-bank/bank.js';
import { site as bankSite } from '../../examples/ivr-bank/site.js';
import { clinic } from '../../examples/ivr-clinic/clinic.js';
import { site as clinicSite } from '../../examples/ivr-clinic/site.js';

/** Numbers that lead into the examples' flows. */
export const CLINIC_NUMBER = '4011';
export const BANK_NUMBER = '4012';

/** Which example a floor has. Plain data, so that it can go to another process. */
export type IvrSite =
  | { readonly example: 'clinic'; readonly day: OpenDay }
  /** `origin` of the bank's service, and the file that holds its key. */
  | { readonly example: 'bank'; readonly origin: string; readonly keyFile: string };

/** A zone in which it is about ten o'clock now, and the date there: the clinic is open, whenever the laboratory runs. */
export interface OpenDay {
  readonly zone: string;
  readonly date: string;
}

/** See {@link OpenDay}. */
export function openDay(wallMs: number): OpenDay {
  const ahead = 10 - new Date(wallMs).getUTCHours();
  const hours = ahead < -11 ? ahead + 24 : ahead;
  const date = new Date(wallMs + hours * 3_600_000).toISOString().slice(0, 10);
  // The sign of these names is that of the way to Greenwich.
  return { zone: hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`, date };
}

/** The floor with an example's flow on it, which ann serves. */
export function withExample(config: ConfigInput, site: IvrSite): ConfigInput {
  const parts = partsOf(site);
  const ann = config.agents?.ann;
  return {
    ...config,
    ...parts,
    queues: { ...config.queues, ...parts.queues },
    agents: { ...config.agents, ...(ann === undefined ? {} : { ann: { ...ann, queues: Object.keys(parts.queues) } }) },
    routes: [
      ...(config.routes ?? []),
      site.example === 'clinic'
        ? { number: CLINIC_NUMBER, to: { ivr: clinic } }
        : { number: BANK_NUMBER, to: { ivr: 'bank' } },
    ],
    flows: [...(Array.isArray(config.flows) ? config.flows : []), ...parts.flows],
  };
}

function partsOf(site: IvrSite) {
  if (site.example === 'clinic') {
    const { zone, date } = site.day;
    // A special working day: whatever weekday it is.
    return { ...clinicSite, timeZone: zone, calendars: { clinic: { holidays: [], workdays: [date] } } };
  }
  const { origin, keyFile } = site;
  return {
    ...bankSite,
    flows: [bankAt(origin)],
    ivr: { http: { allow: [origin] }, secrets: { BANK_KEY: { file: keyFile, for: [origin] } } },
  };
}
