import type { LineDeviceEvent } from '../device/port.js';
import type { WhozzCall, WhozzRecord } from '../wire/whozz/record.js';

/** What is known of one line of a unit. */
export interface WhozzLine {
  readonly bell: 'silent' | 'rings';
  readonly hook: 'on' | 'off';
}

/** A line that nobody uses. */
export const WHOZZ_IDLE: WhozzLine = { bell: 'silent', hook: 'on' };

/** What follows from a record. */
export interface WhozzStep {
  readonly line: WhozzLine;
  readonly events: readonly LineDeviceEvent[];
}

const ring: LineDeviceEvent = { type: 'signal', signal: 'ringStart' };
const ringEnd: LineDeviceEvent = { type: 'signal', signal: 'ringEnd' };
const hookEvent = (hook: 'on' | 'off'): LineDeviceEvent => ({ type: 'phoneHook', hook });

/**
 * What a record of a unit says of its line. Records may be lost or doubled on the way, so that each one is taken for what it says by itself: a
 * ring or the end of a call says that the phone is on-hook, a number dialled says that it is not.
 */
export function whozzStep(line: WhozzLine, record: WhozzRecord): WhozzStep {
  if (record.kind === 'call') return record.direction === 'in' ? incoming(line, record) : outgoing(line, record);
  if (record.kind !== 'detail') return { line, events: [] };
  switch (record.what) {
    case 'ring':
      return { line: { bell: 'rings', hook: 'on' }, events: [...onHook(line), ring] };
    case 'offHook':
      return { line: { bell: 'silent', hook: 'off' }, events: line.hook === 'off' ? [] : [hookEvent('off')] };
    case 'onHook':
      return { line: { bell: line.bell, hook: 'on' }, events: onHook(line) };
    case 'flash':
      return { line, events: [{ type: 'phoneFlash' }] };
  }
}

function onHook(line: WhozzLine): readonly LineDeviceEvent[] {
  return line.hook === 'off' ? [hookEvent('on')] : [];
}

function incoming(line: WhozzLine, call: WhozzCall): WhozzStep {
  if (call.phase === 'end') {
    if (line.hook === 'off') return { line: WHOZZ_IDLE, events: [hookEvent('on')] };
    return { line: WHOZZ_IDLE, events: line.bell === 'rings' ? [ringEnd] : [] };
  }
  // A second caller who waits is not a call of this line's own.
  if (line.hook === 'off') return { line, events: [] };
  const rings = line.bell === 'rings' ? [] : [ring];
  return { line: { bell: 'rings', hook: 'on' }, events: [...rings, ...callerId(call)] };
}

/** A caller ID whose checksum failed is not told: no number is better than a wrong one. */
function callerId(call: WhozzCall): readonly LineDeviceEvent[] {
  if (call.checksum === 'bad') return [];
  const { number, absence, name, datetime } = call;
  return [
    {
      type: 'callerId',
      callerId: {
        method: 'fsk',
        datetime,
        ...(number === undefined ? {} : { number }),
        ...(absence === undefined ? {} : { absence }),
        ...(name === undefined ? {} : { name }),
      },
    },
  ];
}

function outgoing(line: WhozzLine, call: WhozzCall): WhozzStep {
  if (call.phase === 'end') return { line: WHOZZ_IDLE, events: onHook(line) };
  const lifted = line.hook === 'off' ? [] : [hookEvent('off')];
  const digits = [...(call.number ?? '')].map((digit): LineDeviceEvent => ({ type: 'digit', from: 'phone', digit }));
  return { line: { bell: 'silent', hook: 'off' }, events: [...lifted, ...digits] };
}
