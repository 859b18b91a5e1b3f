import type {
  AgentView,
  CallView,
  ClientCommand,
  ClientOutcome,
  PhoneNumber,
  PopView,
  PublishedEvent,
  QueueView,
  StreamSnapshot,
} from '@cordboard/cti-core';
import type * as z from 'zod';
import type {
  agentView,
  ClientFrame,
  callView,
  clientCommand,
  clientFrame,
  clientOutcome,
  phoneNumber,
  popView,
  publishedEvent,
  queueView,
  ServerFrame,
  serverFrame,
  streamSnapshot,
} from '../src/index.js';

/** Readonly marks and the order of unions aside, both types must be one: assignable in each direction, key for key. */
type Plain<T> = T extends string | number | boolean | null | undefined ? T : { -readonly [K in keyof T]: Plain<T[K]> };
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : MutuallyAssignable<A, B>;
type MutuallyAssignable<A, B> = [Plain<A>] extends [Plain<B>] ? ([Plain<B>] extends [Plain<A>] ? true : never) : never;
const same = <A, B>(_proof: Same<A, B>): void => undefined;

same<z.output<typeof clientCommand>, ClientCommand>(true);
same<z.output<typeof clientOutcome>, ClientOutcome>(true);
same<z.output<typeof clientFrame>, ClientFrame>(true);
same<z.output<typeof serverFrame>, ServerFrame>(true);
same<z.output<typeof phoneNumber>, PhoneNumber>(true);
same<z.output<typeof callView>, CallView>(true);
same<z.output<typeof agentView>, AgentView>(true);
same<z.output<typeof queueView>, QueueView>(true);
same<z.output<typeof popView>, PopView>(true);
same<z.output<typeof publishedEvent>, PublishedEvent>(true);
same<z.output<typeof streamSnapshot>, StreamSnapshot>(true);

// A planted difference must be seen, or the lines above prove nothing.
// @ts-expect-error a number is no call
same<z.output<typeof phoneNumber>, CallView>(true);
// @ts-expect-error a missing field is a difference
same<z.output<typeof phoneNumber>, Omit<PhoneNumber, 'display'>>(true);
