import type { DriverHost, LinkDownReason, LinkId, SwitchId } from '@cordboard/cti-core';
import { DEFAULT_LINK_POLICY, LinkLoop, linkLog } from '@cordboard/driver-kit';
import type { FreeswitchOptions } from '../driver-options.js';
import { dialEsl } from '../link/dial.js';
import type { EslSession } from '../link/esl-session.js';

/** Keeps the event socket of one switch open. */
export function eslLoop(
  parts: {
    readonly switchId: SwitchId;
    readonly host: DriverHost;
    readonly options: FreeswitchOptions;
    readonly linkId: LinkId;
  },
  on: { readonly up: (session: EslSession) => void; readonly down: (reason: LinkDownReason) => void },
): LinkLoop<EslSession> {
  const { host, options, switchId, linkId } = parts;
  const { clock, random } = host;
  const { esl } = options;
  const tls = esl.tls === undefined ? {} : { tls: tlsOf(esl.tls) };
  return new LinkLoop<EslSession>({
    clock,
    random,
    policy: {
      ...DEFAULT_LINK_POLICY,
      connectTimeoutMs: options.connectTimeout,
      probeEveryMs: options.probeEvery,
      probeTimeoutMs: options.probeTimeout,
      backoffFirstMs: options.backoffFirst,
      backoffMaxMs: options.backoffMax,
    },
    dial: (signal) =>
      dialEsl(
        { host: esl.host, port: esl.port, ...tls },
        {
          clock,
          random,
          signal,
          decoder: { charset: options.charset },
          limits: { maxQueuedEvents: options.maxWaitingEvents },
        },
      ),
    logIn: async (session, signal) => {
      const user = esl.user === undefined ? {} : { user: esl.user };
      await session.logIn({ ...user, password: esl.password }, { timeoutMs: options.connectTimeout, signal });
    },
    probe: (session, signal) => session.probe({ timeoutMs: options.probeTimeout, signal }),
    heardAtMs: (session) => session.heardAtMs,
    up: on.up,
    down: on.down,
    state: linkLog({ log: host.log, switchId, linkId }),
  });
}

function tlsOf(tls: NonNullable<FreeswitchOptions['esl']['tls']>): { ca?: string; servername?: string } {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
  };
}
