import type { PbxCore } from './core.js';
import type { Extension, ExtLeg, PbxCall, Slot, Trunk } from './parts.js';
import type { ExtensionState, ExtensionStatus, LineState, LineStatus, SlotStatus } from './status.js';

/** The legs of a call that speak with one another. */
export function talkers(call: PbxCall): readonly ExtLeg[] {
  return call.exts.filter(({ state }) => state === 'talking');
}

/** How many speak together in a call. */
export function connected(call: PbxCall): number {
  return talkers(call).length + call.lines.filter(({ state }) => state === 'talking').length;
}

/** The leg that an extension is at: what it does, else what rings, else what it holds. */
export function foremost(ext: Extension): ExtLeg | undefined {
  return activeLeg(ext) ?? ext.legs.find(({ state }) => state === 'ringing') ?? ext.legs.at(-1);
}

/** The leg of an extension that neither rings nor is held. */
export function activeLeg(ext: Extension): ExtLeg | undefined {
  return ext.legs.find(({ state }) => state !== 'ringing' && state !== 'holding');
}

/** All that there is to say of a line. */
export function lineStatus(line: Trunk): LineStatus {
  const base = { line: line.number, ...(line.end === undefined ? {} : { end: line.end }) };
  const { leg } = line;
  if (leg === undefined) {
    return { ...base, state: line.outOfService ? 'outOfService' : line.wrap === undefined ? 'idle' : 'wrapUp' };
  }
  const { call } = leg;
  const state = lineState(call, leg.state);
  const partner = talkers(call)[0] ?? call.exts.find((one) => one.state !== 'ringing');
  const hasPeer = partner !== undefined && state !== 'conference' && state !== 'parked' && state !== 'ringing';
  return {
    ...base,
    state,
    call: call.id,
    direction: leg.direction,
    ...(hasPeer ? { peer: partner.ext.number } : {}),
    ...(leg.number === undefined || leg.number === '' ? {} : { number: leg.number }),
  };
}

function lineState(call: PbxCall, own: LineState): LineState {
  if (own !== 'talking') return own;
  if (call.slot !== undefined) return 'parked';
  const together = connected(call);
  if (together >= 3) return 'conference';
  const isLetIn = call.exts.length === 0 && call.lines.length === 1 && call.waiting === undefined;
  return together === 2 || isLetIn ? 'talking' : 'held';
}

/** All that there is to say of an extension. */
export function extensionStatus(core: PbxCore, ext: Extension): ExtensionStatus {
  const memory = core.memory.port(ext.port);
  const base = {
    ext: ext.number,
    dnd: core.parameters.flag(10, ext.port),
    forward: memory.forward,
    classOfService: core.classOf(ext),
    lamp: memory.lamp,
    ...(ext.end === undefined ? {} : { end: ext.end }),
  };
  if (ext.outOfService) return { ...base, state: 'outOfService' };
  const leg = foremost(ext);
  if (leg === undefined) return { ...base, state: 'idle' };
  const { call } = leg;
  const [line] = call.lines;
  const peer = peerOf(leg);
  const number = line === undefined ? (peer ?? call.dialled) : line.number;
  return {
    ...base,
    state: stateOf(leg),
    call: call.id,
    ...(line === undefined ? {} : { line: line.line.number }),
    ...(peer === undefined ? {} : { peer }),
    ...(number === undefined || number === '' ? {} : { number }),
    ...(call.direction === undefined ? {} : { direction: call.direction }),
  };
}

function stateOf(leg: ExtLeg): ExtensionState {
  switch (leg.state) {
    case 'talking':
      if (connected(leg.call) >= 3) return 'conference';
      return leg.call.lines.length > 0 ? 'talking' : 'inside';
    case 'paging':
      return 'inside';
    case 'holding':
      return 'holding';
    default:
      return leg.state;
  }
}

/** The other extension, where there is exactly one; of what rings, who transfers or calls. */
function peerOf(leg: ExtLeg): string | undefined {
  if (leg.state === 'ringing' && leg.by !== undefined && leg.by !== leg.ext) return leg.by.number;
  if (leg.call.lines.length > 0) return undefined;
  const others = leg.call.exts.filter((other) => other !== leg);
  return others.length === 1 ? others[0]?.ext.number : undefined;
}

/** All that there is to say of a park slot. */
export function slotStatus(slot: Slot): SlotStatus {
  const { call, by } = slot;
  if (call === undefined) return { slot: slot.number, state: 'free' };
  const [line] = call.lines;
  return {
    slot: slot.number,
    state: 'taken',
    call: call.id,
    ...(line === undefined ? {} : { line: line.line.number }),
    ...(by === undefined ? {} : { peer: by.number }),
  };
}
