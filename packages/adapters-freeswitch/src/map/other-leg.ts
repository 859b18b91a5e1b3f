import { header, type SwitchEvent } from './event.js';

/** The bridge event tells the A leg whole and the B leg under `Other-Leg-...`: the same names, so that either reads alike. */
export function otherLegOf(event: SwitchEvent, id: string): SwitchEvent {
  if (header(event, 'Unique-ID') === id) return event;
  const names: Readonly<Record<string, string>> = {
    'Caller-Caller-ID-Number': 'Other-Leg-Caller-ID-Number',
    'Caller-Caller-ID-Name': 'Other-Leg-Caller-ID-Name',
    'Caller-Destination-Number': 'Other-Leg-Destination-Number',
    'Channel-Name': 'Other-Leg-Channel-Name',
    'Event-Date-Timestamp': 'Event-Date-Timestamp',
  };
  return {
    name: event.name,
    get: (wanted) => {
      const told = names[wanted];
      return told === undefined ? undefined : event.get(told);
    },
  };
}
