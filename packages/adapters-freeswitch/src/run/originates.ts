import type { DriverCommand, DriverReply } from '@cordboard/cti-core';
import { ACCEPTED, refused } from '@cordboard/driver-kit';
import { commandText } from '../map/command-text.js';
import { header, type SwitchEvent } from '../map/event.js';
import { originateText } from '../map/from-core.js';
import type { Leg } from '../map/leg.js';
import { causeOfName, NAME_OF_CAUSE, nativeOfName } from '../map/release-cause.js';
import { answerOf } from '../map/reply.js';
import type { Kit } from './kit.js';

type Originate = Extract<DriverCommand, { type: 'originate' }>;

/** Starts a job. @returns what FreeSWITCH replied @throws {CtiError} as `Kit.api` */
export type StartJob = (
  line: string,
  options: { readonly jobId: string; readonly signal: AbortSignal },
) => Promise<string>;

/** How long an originated channel may stay unseen after its job was lost, before it is forgotten. */
export const UNSEEN_MS = 10_000;

/**
 * The calls that we make. Each is a job of FreeSWITCH: `+OK` says only that it was begun; its result, told as an event, is all that there is when no
 * channel was made (a phone that is not registered, a gateway that does not exist).
 */
export class Originates {
  readonly #kit: Kit;
  readonly #startJob: StartJob;
  /** Job -> the leg that it is to make. */
  readonly #jobs = new Map<string, Leg>();
  readonly #ringing = new Map<Leg, () => void>();

  constructor(kit: Kit, startJob: StartJob) {
    this.#kit = kit;
    this.#startJob = startJob;
  }

  async start(command: Originate, leg: Leg, signal: AbortSignal): Promise<DriverReply> {
    const { kit } = this;
    const jobId = `originate-${leg.id}`;
    this.#jobs.set(jobId, leg);
    try {
      const body = await this.#startJob(originateText(command, kit.options), { jobId, signal });
      if (answerOf(body).kind === 'error') {
        this.#jobs.delete(jobId);
        if (kit.model.leg(leg.id) === leg && leg.told === 'no') kit.model.drop(leg.id);
        return refused('rejected');
      }
    } catch (error) {
      kit.later(UNSEEN_MS, () => {
        this.#jobs.delete(jobId);
        if (leg.told === 'no' && kit.model.leg(leg.id) === leg) kit.model.drop(leg.id);
      });
      throw error;
    }
    // FreeSWITCH's own bound has a grain of a second, fires early, and for `user/...` not always.
    if (kit.model.leg(leg.id) === leg && leg.state !== 'connected') {
      const cancel = kit.later(command.ringTimeoutMs, () => this.#noAnswer(leg));
      this.#ringing.set(leg, cancel);
    }
    return ACCEPTED;
  }

  /** `BACKGROUND_JOB`: how an originate ended. Results of other jobs, ours and other people's, are not for us. */
  apply(event: SwitchEvent, body: string): void {
    const leg = this.#jobs.get(header(event, 'Job-UUID') ?? '');
    if (leg === undefined) return;
    this.#jobs.delete(header(event, 'Job-UUID') ?? '');
    const answer = answerOf(body);
    if (answer.kind === 'ok' || this.#kit.model.leg(leg.id) !== leg) return;
    if (leg.told === 'yes') {
      // A channel was made, and its own end tells: `-ERR` comes beside it.
      return;
    }
    const word = /^[A-Z0-9_]+/.exec(answer.text)?.[0] ?? 'NONE';
    const cause = leg.clearing ?? causeOfName(word);
    this.stopped(leg);
    this.#kit.follow(this.#kit.model.end(leg, { cause, native: nativeOfName(word) }));
  }

  /** It no longer rings: answered, or over. */
  stopped(leg: Leg): void {
    this.#ringing.get(leg)?.();
    this.#ringing.delete(leg);
  }

  /** The link is down: the snapshot decides. */
  clear(): void {
    for (const cancel of this.#ringing.values()) cancel();
    this.#ringing.clear();
    this.#jobs.clear();
  }

  get kit(): Kit {
    return this.#kit;
  }

  #noAnswer(leg: Leg): void {
    this.#ringing.delete(leg);
    if (this.#kit.model.leg(leg.id) !== leg || leg.place.kind !== 'before') return;
    leg.clearing ??= 'noAnswer';
    void this.#kit.tidy(commandText('uuid_kill', leg.id, NAME_OF_CAUSE.noAnswer));
  }
}
