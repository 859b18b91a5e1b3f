import type { ResolvedConfig } from '@cordboard/cti-protocol';
import { dayIn, zoneClock } from '../shell/zone-offset.js';
import type { FlowRecordRules } from './flow-statements.js';

/** What a configuration lays down for what flows keep. */
export function recordRules({ tenant, ivr }: ResolvedConfig, timeZone: string): FlowRecordRules {
  const days = ivr.messageRetentionDays ?? tenant.recording.retentionDays;
  return { messageKeepMs: days * 86_400_000, dayOf: dayIn(zoneClock(timeZone)) };
}
