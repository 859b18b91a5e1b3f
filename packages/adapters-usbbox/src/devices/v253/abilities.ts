import type { Detection, LineAbilities } from '../../device/port.js';
import type { V253Options } from './options.js';
import type { ModemFacts } from './start-up.js';

/** What a modem can do: as far as its options say, and when it has been asked, as it says itself. */
export function abilitiesOf(options: V253Options, facts: ModemFacts | undefined): LineAbilities {
  const detects = new Set<Detection>(['ring', 'polarity', 'dtmf']);
  const listens = options.listensOnHook === 'listens';
  // A modem reads FSK alone. What it gives the sound of on-hook is read by the signal code, which knows every kind.
  if (!listens && (facts === undefined ? options.callerId : facts.callerId) !== 'none') detects.add('callerId');
  if (options.phone === 'parallel') detects.add('phoneHook');
  const duplex = facts?.duplex ?? (options.duplex === 'full' ? 'full' : 'half');
  return {
    detects,
    sound: facts !== undefined && facts.format === undefined ? 'none' : duplex,
    listensOnHook: listens ? 'listens' : 'deaf',
    hook: 'soft',
    dials: options.dials === 'modem' ? 'itself' : 'sound',
    phone: options.phone,
    ringsPhone: 'silent',
  };
}
