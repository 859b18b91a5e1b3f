import type { ConnectionId, DriverEvent, LinkId } from '@cordboard/cti-core';

/** A sentence of the contract that holds for every sequence of events, whatever the scenario. */
export interface Law {
  readonly id: string;
  readonly says: string;
}

/** The laws; each is judged over all cases of a run. */
export const LAWS = [
  { id: 'DRV-ORDER-01', says: 'the first event of a connection is `created`, unless a snapshot showed it' },
  { id: 'DRV-ORDER-02', says: 'exactly one `cleared` ends a connection, and nothing follows' },
  { id: 'DRV-ORDER-03', says: 'nothing is told of connections between `linkDown` and the next `snapshot`' },
  { id: 'DRV-ORDER-04', says: 'an ended id never comes back' },
  {
    id: 'DRV-ORDER-05',
    says: '`alerting` comes before `connected`, each at most once, and rings only what was dialled',
  },
  {
    id: 'DRV-MEDIA-07',
    says: 'each playback that started ends with exactly one `playbackFinished`, before its connection ends',
  },
  {
    id: 'DRV-REC-05',
    says: 'each recording that started ends with exactly one `recordingFinished`, before its connection ends',
  },
  { id: 'HB-SNAPSHOT', says: '`linkUp` happens before `snapshot`' },
  { id: 'HB-SYNCED', says: '`snapshot` happens before `linkSynced`' },
  { id: 'HB-REPLACE', says: '`created` of the newcomer happens before `replaced`' },
  { id: 'HB-REPLACED-CLEARED', says: '`replaced` happens before `cleared` of the old connection' },
  { id: 'HB-MONITOR', says: '`connected` of the supervisor happens before `monitoring`' },
  { id: 'HB-MONITOR-END', says: '`monitoring` with mode `null` happens before `cleared` of the target' },
  { id: 'HB-LIFTED', says: '`created` of a lifted phone, as incoming, happens before `lifted`, and its target lives' },
  { id: 'HB-CONSULT-REFER', says: '`connected` of the consultation happens before an attended `transferRequested`' },
] as const satisfies readonly Law[];

/** The id of a {@link LAWS | law}. */
export type LawId = (typeof LAWS)[number]['id'];

/** A law that did not hold. `at` is the index of the event that broke it. */
export interface LawBreak {
  readonly law: LawId;
  readonly at: number;
  readonly what: string;
}

interface Known {
  stage: 'initiated' | 'alerting' | 'connected';
  direction?: 'incoming' | 'outgoing';
  readonly playing: Set<string>;
  readonly recording: Set<string>;
  monitors?: ConnectionId;
}

/** Holds a sequence of events against the laws. Feed it event by event; `reached` counts how often a law could have been broken. */
export class LawChecker {
  readonly breaks: LawBreak[] = [];
  readonly reached = new Map<LawId, number>();
  readonly #live = new Map<ConnectionId, Known>();
  readonly #ended = new Set<ConnectionId>();
  readonly #endedPlaybacks = new Set<string>();
  readonly #replaced = new Set<ConnectionId>();
  /** Targets whose monitoring was told to be over. */
  readonly #watched = new Set<ConnectionId>();
  /** The links that are there, each with how far it has come. */
  readonly #links = new Map<LinkId, 'up' | 'snapshot' | 'synced'>();
  #at = -1;

  /** The next event. */
  take(event: DriverEvent): void {
    this.#at++;
    switch (event.type) {
      case 'linkUp':
        this.#links.set(event.linkId, 'up');
        return;
      case 'snapshot':
        this.#hold('HB-SNAPSHOT', this.#links.size > 0, 'snapshot without linkUp before it');
        // It does not say whose it is: that of each link that has not shown one yet.
        for (const [id, stage] of this.#links) if (stage === 'up') this.#links.set(id, 'snapshot');
        this.#live.clear();
        for (const { connectionId, state, direction } of event.snapshot.connections) {
          this.#live.set(connectionId, { stage: state, direction, playing: new Set(), recording: new Set() });
        }
        for (const { connectionId, recordingId } of event.snapshot.recordings) {
          this.#live.get(connectionId)?.recording.add(recordingId);
        }
        for (const { connectionId, targetId } of event.snapshot.monitors) {
          const known = this.#live.get(connectionId);
          if (known) known.monitors = targetId;
        }
        return;
      case 'linkSynced':
        this.#hold(
          'HB-SYNCED',
          this.#links.get(event.linkId) === 'snapshot',
          'linkSynced without a snapshot before it',
        );
        this.#links.set(event.linkId, 'synced');
        return;
      case 'linkDown':
        this.#links.delete(event.linkId);
        return;
      case 'devicePresence':
      case 'unreadable':
        return;
      default:
        this.#connection(event);
    }
  }

  #hold(law: LawId, holds: unknown, what: string): void {
    this.reached.set(law, (this.reached.get(law) ?? 0) + 1);
    if (!holds) this.breaks.push({ law, at: this.#at, what });
  }

  #connection(event: Extract<DriverEvent, { connectionId: ConnectionId }>): void {
    const { connectionId: id, type } = event;
    // A driver of several links goes on telling what the others carry.
    const tells = [...this.#links.values()].some((stage) => stage !== 'up');
    this.#hold('DRV-ORDER-03', tells, `${type} while the link was down`);
    if (type === 'created') {
      this.#hold('DRV-ORDER-04', !this.#ended.has(id) && !this.#live.has(id), 'created for an id that was used before');
      this.#live.set(id, { stage: 'initiated', direction: event.direction, playing: new Set(), recording: new Set() });
      return;
    }
    const known = this.#live.get(id);
    if (this.#ended.has(id)) {
      this.#hold('DRV-ORDER-02', false, `${type} after cleared`);
      return;
    }
    this.#hold('DRV-ORDER-01', known, `${type} before created`);
    if (known === undefined) return;
    this.#known(event, known);
  }

  #known(
    event: Exclude<Extract<DriverEvent, { connectionId: ConnectionId }>, { type: 'created' }>,
    known: Known,
  ): void {
    const { connectionId: id } = event;
    switch (event.type) {
      case 'alerting':
        this.#hold(
          'DRV-ORDER-05',
          known.stage === 'initiated' && known.direction === 'outgoing',
          'alerting out of order',
        );
        known.stage = 'alerting';
        return;
      case 'connected':
        this.#hold('DRV-ORDER-05', known.stage !== 'connected', 'connected twice');
        known.stage = 'connected';
        return;
      case 'playbackStarted':
        known.playing.add(event.playbackId);
        return;
      case 'playbackFinished':
        this.#hold('DRV-MEDIA-07', !this.#endedPlaybacks.has(event.playbackId), 'playbackFinished twice');
        this.#endedPlaybacks.add(event.playbackId);
        known.playing.delete(event.playbackId);
        return;
      case 'recordingStarted':
        known.recording.add(event.recordingId);
        return;
      case 'recordingFinished':
        this.#hold(
          'DRV-REC-05',
          known.recording.delete(event.recordingId),
          'recordingFinished without recordingStarted, or twice',
        );
        return;
      case 'monitoring':
        if (event.mode === null) {
          delete known.monitors;
          this.#watched.add(event.targetId);
        } else {
          known.monitors = event.targetId;
          this.#hold('HB-MONITOR', known.stage === 'connected', 'monitoring before connected of the supervisor');
        }
        return;
      case 'replaced':
        this.#hold('HB-REPLACE', this.#live.has(event.by), 'replaced before created of the newcomer');
        this.#replaced.add(id);
        return;
      case 'transferRequested': {
        if (event.kind === 'blind') return;
        const consult = this.#live.get(event.consultId);
        this.#hold(
          'HB-CONSULT-REFER',
          consult?.stage === 'connected',
          'attended transfer before connected of the consultation',
        );
        return;
      }
      case 'lifted':
        this.#hold(
          'HB-LIFTED',
          known.direction === 'incoming' && this.#live.has(event.targetId),
          'lifted without its phone or its target',
        );
        return;
      case 'cleared':
        this.#cleared(id, { known, cause: event.release.cause });
        return;
      case 'heldByDevice':
      case 'retrievedByDevice':
      case 'digit':
      case 'bridged':
      case 'unbridged':
        return;
    }
  }

  #cleared(id: ConnectionId, how: { readonly known: Known; readonly cause: string }): void {
    this.#hold('DRV-ORDER-02', true, '');
    this.#hold('DRV-MEDIA-07', how.known.playing.size === 0, 'cleared with a playback that did not finish');
    this.#hold('DRV-REC-05', how.known.recording.size === 0, 'cleared with a recording that did not finish');
    if (how.cause === 'replaced')
      this.#hold('HB-REPLACED-CLEARED', this.#replaced.has(id), 'cleared as replaced without replaced before it');
    if (this.#watched.delete(id)) this.#hold('HB-MONITOR-END', true, '');
    for (const { monitors } of this.#live.values()) {
      if (monitors === id) this.#hold('HB-MONITOR-END', false, 'cleared of a target that is monitored still');
    }
    this.#live.delete(id);
    this.#ended.add(id);
  }
}
