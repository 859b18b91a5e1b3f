import { ignore, type Machine } from '@cordboard/cti-core';

/**
 * What a line is doing.
 * - `absent` its device is not there; `idle` on-hook and free; `guard` on-hook, too short a time to be used again
 * - `ringing` a call comes in; `answering` it is being taken; `refusing` it is taken only to be dropped
 * - `seizing` off-hook, dial tone is waited for; `dialling` digits go out; `progress` what becomes of it is listened for
 * - `talking`; `byPhone` a phone that hangs on the line uses it by itself; `clearing` it goes on-hook
 */
export type LineState =
  | 'absent'
  | 'idle'
  | 'guard'
  | 'ringing'
  | 'answering'
  | 'refusing'
  | 'seizing'
  | 'dialling'
  | 'progress'
  | 'talking'
  | 'byPhone'
  | 'clearing';

/**
 * What happens to a line.
 * - `opened`, `lost` the device; `ring`, `ringGone` the bell, and that the caller has given up
 * - `answer`, `refuse`, `seize`, `adopt` are wanted of it (`adopt`: what a phone has dialled becomes a call); `offHook`, `onHook` the device has done it
 * - `dial` dial tone or its time is over; `dialled` the digits are out; `answered` the far end; `end` of the call, whoever wants it
 * - `phoneOff`, `phoneOn` hook of a phone that hangs on the line; `guardOver` it was on-hook for long enough
 */
export type LineEvent =
  | 'opened'
  | 'lost'
  | 'ring'
  | 'ringGone'
  | 'answer'
  | 'refuse'
  | 'seize'
  | 'adopt'
  | 'offHook'
  | 'onHook'
  | 'dial'
  | 'dialled'
  | 'answered'
  | 'end'
  | 'phoneOff'
  | 'phoneOn'
  | 'guardOver';

const late = ignore('race:hookAfterEnd');
const bell = ignore('race:ringWhileTaken');
const phone = ignore('race:phoneBesideCall');
const twice = ignore('fault:eventDoubled');

/** One line. Each cell is decided; `reject` is a command at the wrong time, or a fault of ours. */
export const LINE_MACHINE: Machine<LineState, LineEvent> = {
  name: 'line',
  start: 'absent',
  end: [],
  table: {
    absent: {
      opened: 'guard',
      lost: twice,
      ring: bell,
      ringGone: late,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: late,
      onHook: late,
      dial: late,
      dialled: late,
      answered: late,
      end: late,
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    idle: {
      opened: twice,
      lost: 'absent',
      ring: 'ringing',
      ringGone: late,
      answer: 'reject',
      refuse: 'reject',
      seize: 'seizing',
      adopt: 'reject',
      offHook: late,
      onHook: twice,
      dial: late,
      dialled: late,
      answered: late,
      end: late,
      phoneOff: 'byPhone',
      phoneOn: twice,
      guardOver: late,
    },
    guard: {
      opened: twice,
      lost: 'absent',
      ring: 'ringing',
      ringGone: late,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: late,
      onHook: twice,
      dial: late,
      dialled: late,
      answered: late,
      end: late,
      phoneOff: 'byPhone',
      phoneOn: twice,
      guardOver: 'idle',
    },
    ringing: {
      opened: twice,
      lost: 'absent',
      ring: 'ringing',
      ringGone: 'guard',
      answer: 'answering',
      refuse: 'refusing',
      seize: 'reject',
      adopt: 'reject',
      offHook: late,
      onHook: late,
      dial: late,
      dialled: late,
      answered: late,
      end: late,
      phoneOff: 'talking',
      phoneOn: twice,
      guardOver: late,
    },
    answering: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: 'talking',
      onHook: late,
      dial: late,
      dialled: late,
      answered: late,
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    refusing: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: late,
      onHook: late,
      dial: late,
      dialled: late,
      answered: late,
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    seizing: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: 'seizing',
      onHook: late,
      dial: 'dialling',
      dialled: late,
      answered: late,
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    dialling: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: twice,
      onHook: late,
      dial: twice,
      dialled: 'progress',
      answered: late,
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    progress: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: twice,
      onHook: late,
      dial: late,
      dialled: twice,
      answered: 'talking',
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    talking: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: twice,
      onHook: late,
      dial: late,
      dialled: twice,
      answered: twice,
      end: 'clearing',
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
    byPhone: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'progress',
      offHook: late,
      onHook: late,
      dial: late,
      dialled: late,
      answered: late,
      end: 'clearing',
      phoneOff: twice,
      phoneOn: 'guard',
      guardOver: late,
    },
    clearing: {
      opened: twice,
      lost: 'absent',
      ring: bell,
      ringGone: bell,
      answer: 'reject',
      refuse: 'reject',
      seize: 'reject',
      adopt: 'reject',
      offHook: late,
      onHook: 'guard',
      dial: late,
      dialled: late,
      answered: late,
      end: twice,
      phoneOff: phone,
      phoneOn: phone,
      guardOver: late,
    },
  },
};
