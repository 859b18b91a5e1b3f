import { type DeviceId, deviceId, type SwitchId } from '../contract/ids.js';
import { compactNumber, inRange } from '../numbers/dialled-text.js';
import type { Run } from './run.js';

/** An extension of a PBX behind the lines of a switch (V13). */
export interface Behind {
  readonly switchId: SwitchId;
  readonly number: string;
  /** As a device of that switch, which never tells anything of it. */
  readonly device: DeviceId;
}

/** What was dialled, as an extension of a PBX behind somebody's lines. Extensions that are configured themselves go before. */
export function behindOf(run: Run, to: string): Behind | undefined {
  const { switches, devices } = run.s.config;
  const number = compactNumber(to);
  for (const { id: switchId, behind } of switches) {
    if (behind?.some((range) => inRange(number, range)) !== true) continue;
    const device = deviceId(switchId, 'extension', number);
    return devices.some((one) => one.id === device) ? undefined : { switchId, number, device };
  }
  return undefined;
}
