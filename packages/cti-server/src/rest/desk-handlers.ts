import { CtiError, streamOf } from '@cordboard/cti-core';
import { OPERATION_IDS, operation, type tokenBody } from '@cordboard/cti-protocol';
import type * as z from 'zod';
import { maskCall } from '../streams/mask.js';
import { agentOf } from '../ws/desk.js';
import type { Handlers, RestDesk } from './context.js';

/** Handlers of the server itself, of the desk and of live calls. */
export function deskHandlers(desk: RestDesk): Handlers {
  const { engine, keeper, masker, references, tokens } = desk;
  return {
    health: ({ reply }) => {
      const { status, links, disk } = desk.health();
      if (status === 'failed') reply.code(503);
      return { status, links, disk };
    },
    ready: ({ reply }) => {
      const { status, links, switches, disk } = desk.health();
      const readiness = status === 'ok' && switches === 'awaited' ? 'linkDown' : status;
      if (readiness !== 'ok') reply.code(503);
      return { status: readiness, links, disk };
    },
    openapi: () => desk.openapi(),
    metrics: async ({ reply }) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await desk.metrics()),
    journal: () => desk.journal(),
    makeToken: async ({ body }) => {
      const { userId, role, agentId, ttlS, numbers } = body as z.output<typeof tokenBody>;
      return tokens.make({
        userId,
        role,
        ttlS,
        ...(agentId === undefined ? {} : { agentId }),
        ...(numbers === undefined ? {} : { numbers }),
      });
    },
    resolveReferences: ({ body }) => {
      const asked = (body as { readonly references: readonly string[] }).references;
      const found = asked.map((reference) => [reference, references.resolve(reference)] as const);
      return { numbers: Object.fromEntries(found.filter(([, number]) => number !== undefined)) };
    },
    me: ({ who, maskClass }) => {
      const agentId = agentOf(who);
      const allowed = OPERATION_IDS.filter((id) => {
        const { roles } = operation(id);
        return roles === 'anyone' || roles.includes(who.role);
      });
      return {
        userId: who.userId,
        role: who.role,
        ...(agentId === undefined ? {} : { agentId }),
        tenant: who.tenant,
        maskClass,
        operations: allowed,
        tokenEndsWallMs: who.endsWallMs,
      };
    },
    directory: ({ maskClass }) => {
      const { agents, queues, devices } = keeper.current;
      const rules = masker.rules(maskClass);
      return {
        agents: agents.map(({ id, name }) => ({ id, name, state: engine.agent(id)?.state ?? 'loggedOff' })),
        queues: queues.map(({ id, name }) => {
          const live = engine.queue(id);
          return { id, name, waiting: live?.waitingCount ?? 0, agentsReady: live?.agentsReady ?? 0 };
        }),
        devices: devices.map(({ id, label }) => ({ id: rules === undefined ? id : rules.device(id), label })),
      };
    },
    listCalls: ({ maskClass }) => {
      const snapshot = engine.snapshotOf(streamOf('board'));
      return { items: snapshot === undefined ? [] : masker.snapshot(snapshot, maskClass).calls };
    },
    getCall: ({ params, maskClass }) => {
      const call = engine.call(params.callId as never);
      if (call === undefined) throw new CtiError('call.notFound', 'no call of this id lives now');
      const rules = masker.rules(maskClass);
      return rules === undefined ? call : maskCall(call, rules);
    },
  };
}
