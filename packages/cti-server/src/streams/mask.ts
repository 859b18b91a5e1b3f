import type {
  CallView,
  Cdr,
  ConnectionView,
  CustomerMatch,
  DeviceConfig,
  DeviceId,
  PhoneNumber,
  PopView,
  PublishedEvent,
  QueueView,
  RecordingRecord,
  StreamSnapshot,
} from '@cordboard/cti-core';
import type { MaskRules } from './mask-rules.js';

type Numbers = readonly PhoneNumber[];

/** An event as this mask class sees it. Fields change; the event itself is always told. */
export function maskEvent(event: PublishedEvent, rules: MaskRules): PublishedEvent {
  switch (event.type) {
    case 'call':
      return { ...event, call: maskCall(event.call, rules) };
    case 'pop':
      return {
        ...event,
        pop: maskPop(event.pop, rules, numbersOf(event.call, rules)),
        call: maskCall(event.call, rules),
      };
    case 'queue':
      return { ...event, queue: maskQueue(event.queue, rules) };
    case 'device':
      return { ...event, device: rules.device(event.device) };
    case 'callEnded':
      return event.end.native?.text === undefined
        ? event
        : { ...event, end: { ...event.end, native: withoutText(event.end.native) } };
    case 'agent':
      return event.agent.seat === undefined ? event : { ...event, agent: maskSeats(event.agent, rules) };
    case 'link':
    case 'mode':
      return event;
  }
}

/** A stream's content as this mask class sees it. */
export function maskSnapshot(snapshot: StreamSnapshot, rules: MaskRules): StreamSnapshot {
  const calls = snapshot.calls.map((call) => maskCall(call, rules));
  switch (snapshot.kind) {
    case 'agent': {
      const byId = new Map(snapshot.calls.map((call) => [call.callId, call]));
      const pops = snapshot.pops.map((pop) => {
        const call = byId.get(pop.callId);
        return maskPop(pop, rules, call === undefined ? [] : numbersOf(call, rules));
      });
      return { ...snapshot, calls, pops, agent: maskSeats(snapshot.agent, rules) };
    }
    case 'queue':
      return { ...snapshot, calls, queue: maskQueue(snapshot.queue, rules) };
    case 'board':
      return {
        ...snapshot,
        calls,
        agents: snapshot.agents.map((agent) => maskSeats(agent, rules)),
        queues: snapshot.queues.map((queue) => maskQueue(queue, rules)),
      };
  }
}

/** A call as this mask class sees it. */
export function maskCall(call: CallView, rules: MaskRules): CallView {
  const numbers = numbersOf(call, rules);
  const { match, customer, ...rest } = call;
  return {
    ...rest,
    calling: rules.number(call.calling),
    called: rules.number(call.called),
    ...(customer === undefined ? {} : { customer: rules.number(customer) }),
    data: maskData(call.data, rules, numbers),
    ivrPath: call.ivrPath,
    ...(match === undefined || rules.maskClass === 'hidden' ? {} : { match: maskMatch(match, rules, numbers) }),
    connections: call.connections.map((connection) => maskConnection(connection, rules, numbers)),
  };
}

/** A queue as this mask class sees it. */
export function maskQueue(queue: QueueView, rules: MaskRules): QueueView {
  if (queue.waiting.length === 0) return queue;
  return { ...queue, waiting: queue.waiting.map((entry) => ({ ...entry, caller: rules.number(entry.caller) })) };
}

/** An agent, configured or live, whose seats may be outside numbers. */
export function maskSeats<T extends { readonly seat?: DeviceId; readonly allowedSeats?: readonly DeviceId[] }>(
  agent: T,
  rules: MaskRules,
): T {
  return {
    ...agent,
    ...(agent.seat === undefined ? {} : { seat: rules.device(agent.seat) }),
    ...(agent.allowedSeats === undefined ? {} : { allowedSeats: agent.allowedSeats.map((seat) => rules.device(seat)) }),
  };
}

/** A device whose id or dialled number is an outside number. */
export function maskDevice(device: DeviceConfig, rules: MaskRules): DeviceConfig {
  return {
    ...device,
    id: rules.device(device.id),
    ...(device.dial === undefined ? {} : { dial: { ...device.dial, number: rules.dialled(device.dial.number) } }),
  };
}

/** A call record as this mask class sees it. */
export function maskCdr(cdr: Cdr, rules: MaskRules): Cdr {
  const { customer, native, ...rest } = cdr;
  const numbers = [cdr.calling, cdr.called, ...(customer === undefined ? [] : [customer])].filter(
    (number) => !rules.isOpen(number),
  );
  return {
    ...rest,
    calling: rules.number(cdr.calling),
    called: rules.number(cdr.called),
    ...(customer === undefined ? {} : { customer: rules.number(customer) }),
    ...(native === undefined ? {} : { native: withoutText(native) }),
    data: maskData(cdr.data, rules, numbers),
    segments: cdr.segments.map((one) =>
      one.device === undefined ? one : { ...one, device: rules.device(one.device) },
    ),
    merged: cdr.merged.map((one) => ({ ...one, called: rules.number(one.called) })),
    transfers: cdr.transfers.map((one) => ({ ...one, to: rules.text(rules.dialled(one.to), numbers) })),
    endedAt: cdr.endedAt.kind === 'device' ? { ...cdr.endedAt, device: rules.device(cdr.endedAt.device) } : cdr.endedAt,
  };
}

/** A recording's record holds no number but what its files may be named after; those names stay inside. */
export function maskRecording<T extends RecordingRecord>(record: T): T {
  return { ...record, files: record.files.map((_, index) => String(index)) };
}

function numbersOf(call: CallView, rules: MaskRules): Numbers {
  const all = [call.calling, call.called, call.customer, ...call.connections.map(({ party }) => party)];
  return all.filter((number): number is PhoneNumber => number !== undefined && !rules.isOpen(number));
}

function maskConnection(connection: ConnectionView, rules: MaskRules, numbers: Numbers): ConnectionView {
  const { partyName, ...rest } = connection;
  const isOutside = !rules.isOpen(connection.party);
  const showName = partyName !== undefined && !(isOutside && rules.maskClass === 'hidden');
  return {
    ...rest,
    device: rules.device(connection.device),
    party: rules.number(connection.party),
    ...(showName ? { partyName: rules.text(partyName, numbers) } : {}),
  };
}

function maskPop(pop: PopView, rules: MaskRules, numbers: Numbers): PopView {
  const { url, match, ...rest } = pop;
  if (rules.maskClass === 'hidden') return rest;
  return {
    ...rest,
    ...(url === undefined ? {} : { url: rules.text(url, numbers) }),
    ...(match === undefined ? {} : { match: maskMatch(match, rules, numbers) }),
  };
}

function maskMatch(match: CustomerMatch, rules: MaskRules, numbers: Numbers): CustomerMatch {
  return {
    ...match,
    customers: match.customers.map((customer) => ({
      id: rules.text(customer.id, numbers),
      name: rules.text(customer.name, numbers),
      ...(customer.url === undefined ? {} : { url: rules.text(customer.url, numbers) }),
    })),
  };
}

function maskData(data: CallView['data'], rules: MaskRules, numbers: Numbers): CallView['data'] {
  if (rules.maskClass === 'hidden') return {};
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rules.text(value, numbers)]));
}

/** A switch's own words may quote what was dialled. */
function withoutText<T extends { readonly text?: string }>(native: T): Omit<T, 'text'> {
  const { text: _text, ...rest } = native;
  return rest;
}
