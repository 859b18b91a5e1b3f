import { type AgentDesk, connectAgent, type SocketConstructor } from '@cordboard/agent-sdk';
import type { Clock, Logger } from '@cordboard/cti-core';
import type { VirtualSwitch } from '@cordboard/simulator';
import { WebSocket } from 'ws';

/** A simulated colleague: a phone that answers, and a desk of the same kind as anybody's. */
export interface ColleagueOptions {
  readonly id: string;
  readonly seat: string;
  readonly url: string;
  readonly getToken: () => Promise<string>;
  readonly pbx: VirtualSwitch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
}

/** The phone picks up by itself after a moment. */
export function answersByItself(pbx: VirtualSwitch, seat: string, afterMs: () => number): void {
  pbx.party(seat).hooks = {
    ringing: (leg) =>
      void pbx.clock.setTimer(afterMs(), () => {
        if (leg.state === 'alerting') pbx.lift(leg);
      }),
  };
}

/** Sits down, becomes ready, takes a short break now and then. @returns the desk; close it to end the day */
export async function startColleague(options: ColleagueOptions): Promise<AgentDesk> {
  const { id, seat, url, getToken, pbx, clock, random, log } = options;
  answersByItself(pbx, seat, () => 1_500 + random() * 2_500);
  const desk = await connectAgent({
    url,
    getToken,
    clientName: `demo colleague ${id}`,
    WebSocket: WebSocket as unknown as SocketConstructor,
  });
  const attempt = (work: Promise<unknown>): void => {
    work.catch(() => log.debug('a demo colleague was refused'));
  };
  let resting: (() => void) | undefined;
  desk.on('agentChanged', ({ agent, before }) => {
    if (before.state === 'wrapUp' && agent.state === 'ready' && random() < 0.15) attempt(desk.notReady('break'));
    if (agent.state !== 'notReady' || agent.state === before.state) return;
    // Also when a supervisor or a missed call made it so: the floor never dries out.
    resting?.();
    resting = clock.setTimer(15_000 + random() * 20_000, () => attempt(desk.ready()));
  });
  const close = desk.close.bind(desk);
  desk.close = () => {
    resting?.();
    return close();
  };
  await desk.ready();
  return desk;
}
