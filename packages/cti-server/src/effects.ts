import type {
  ClientCommandId,
  ClientOutcome,
  EngineEffect,
  Logger,
  RecordEffect,
  StreamId,
  UserId,
} from '@cordboard/cti-core';
import type { VoiceBoxes } from './boxes/voice-boxes.js';
import type { FlowServices } from './flow-services.js';
import type { Metrics } from './observe/metrics.js';
import type { RecordingLibrary } from './recordings/library.js';
import type { Lookups } from './shell/lookups.js';
import type { EffectSink } from './shell/ports.js';
import type { RecordStore } from './store/port.js';
import type { StreamHub } from './streams/hub.js';

/** Where effects go. Those that need the shell itself come later than the sink. */
export interface EffectTargets {
  readonly hub: StreamHub;
  readonly store: RecordStore;
  readonly log: Logger;
  readonly metrics: () => Metrics | undefined;
  /** Driver commands pass it on their way. */
  readonly flows: () => Pick<FlowServices, 'execute'> | undefined;
  readonly lookups: () => Lookups | undefined;
  readonly library: () => RecordingLibrary | undefined;
  readonly boxes: () => Pick<VoiceBoxes, 'see'> | undefined;
  readonly outcome: (userId: UserId, commandId: ClientCommandId, outcome: ClientOutcome) => void;
  readonly drained: () => void;
}

/** Sends each effect where it belongs. */
export function effectSink(targets: EffectTargets): EffectSink {
  const { hub, store, log } = targets;
  const keep = (record: RecordEffect): void => {
    store.put(record);
    if (record.table === 'recording' && record.value.state === 'done') targets.library()?.fetch(record.value);
    if (record.table !== 'message') return;
    if (record.value.state === 'discarded') targets.library()?.discard(record.key);
    else targets.boxes()?.see(record.value);
  };
  const publish = (effect: Extract<EngineEffect, { kind: 'publish' }>, how: 'publish' | 'recall'): void => {
    const { seq, atWallMs, event } = effect;
    hub[how](effect.stream as StreamId, { seq, atWallMs, event });
  };
  // An outcome is a client's leave to look at the state: the events that made it so must have been sent before.
  let outcomes: Extract<EngineEffect, { kind: 'outcome' }>[] = [];
  return {
    carryOut(effect) {
      switch (effect.kind) {
        case 'driver':
          return targets.flows()?.execute(effect.switchId, effect.command);
        case 'publish':
          return publish(effect, 'publish');
        case 'record':
          return keep(effect.record);
        case 'lookup':
          return targets.lookups()?.begin(effect.lookupId, effect.lookup);
        case 'outcome':
          return void outcomes.push(effect);
        case 'note':
          targets.metrics()?.note(effect.code, effect.level);
          return log[effect.level](effect.code, effect.callId === undefined ? {} : { callId: effect.callId });
        case 'drained':
          return targets.drained();
        case 'setTimer':
        case 'cancelTimer':
          return undefined;
      }
    },
    recall(effect) {
      if (effect.kind === 'publish') publish(effect, 'recall');
      if (effect.kind === 'record') keep(effect.record);
    },
    settle() {
      hub.settle();
      const settled = outcomes;
      outcomes = [];
      for (const { userId, commandId, outcome } of settled) targets.outcome(userId, commandId, outcome);
    },
    flush: () => store.sync(),
  };
}
