import type { ExtensionStatus, LineStatus, PbxNews, PbxRecord, ServiceName, SlotStatus } from '@cordboard/simulator';
import type { KtsMessage, MessageOf } from '../../src/wire/index.js';

const EXT: Readonly<Record<ExtensionStatus['state'], MessageOf<'extState'>['extState']>> = {
  outOfService: 'oos',
  idle: 'idle',
  offHook: 'offhook',
  dialling: 'dial',
  ringing: 'ring',
  inside: 'intalk',
  talking: 'talk',
  holding: 'hold',
  howler: 'howl',
  ringback: 'ringback',
  conference: 'conf',
  busy: 'busy',
  programming: 'prog',
};
const LINE: Readonly<Record<LineStatus['state'], MessageOf<'lineState'>['lineState']>> = {
  outOfService: 'oos',
  idle: 'idle',
  ringing: 'ring',
  seized: 'seized',
  dialling: 'dial',
  ringback: 'ringback',
  talking: 'talk',
  held: 'held',
  busy: 'busy',
  wrapUp: 'wrap',
  parked: 'parked',
  conference: 'conf',
};
/** Words of CALL and the services that they are. */
export const SERVICES: Readonly<Record<string, ServiceName>> = {
  make: 'make',
  answer: 'answer',
  hangup: 'hangUp',
  hold: 'hold',
  retrieve: 'retrieve',
  transfer: 'transfer',
  conf: 'conference',
  park: 'park',
  unpark: 'unpark',
  page: 'page',
  redial: 'redial',
  pickup: 'pickUp',
  flash: 'flash',
  digits: 'digits',
};

const lower = <T extends string>(word: T): Lowercase<T> => word.toLowerCase() as Lowercase<T>;
const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

export function extMessage(status: ExtensionStatus): MessageOf<'extState'> {
  const { ext, state, call, line, peer, number, direction, end, dnd, forward, classOfService, lamp } = status;
  return {
    type: 'extState',
    ext,
    extState: EXT[state],
    ...given({ call, line, peer, number, dir: direction, end: end === undefined ? end : lower(end) }),
    dnd,
    forward,
    cls: classOfService,
    lamp,
  } as MessageOf<'extState'>;
}

export function lineMessage({ line, state, call, peer, number, direction, end }: LineStatus): MessageOf<'lineState'> {
  const fields = { call, peer, number, dir: direction, end: end === undefined ? end : lower(end) };
  return { type: 'lineState', line, lineState: LINE[state], ...given(fields) } as MessageOf<'lineState'>;
}

export function slotMessage({ slot, state, call, line, peer }: SlotStatus): MessageOf<'parkState'> {
  return { type: 'parkState', slot, parkState: state, ...given({ call, line, peer }) } as MessageOf<'parkState'>;
}

export function recordMessage(record: PbxRecord, store: number): MessageOf<'cdr'> {
  const { start, direction, end, ...same } = record;
  return {
    type: 'cdr',
    store,
    start: new Date(start).toISOString().slice(0, 19),
    dir: direction,
    end: lower(end),
    ...same,
  } as MessageOf<'cdr'>;
}

/** What a piece of news is on the line; `undefined` for what is not told there. */
export function messageOf(news: PbxNews, store: number): KtsMessage | undefined {
  switch (news.type) {
    case 'extension':
      return extMessage(news.status);
    case 'line':
      return lineMessage(news.status);
    case 'slot':
      return slotMessage(news.status);
    case 'callerId': {
      const { charset, ...identity } = news.identity;
      return {
        type: 'callerId',
        ...identity,
        ...given({ charset: charset === undefined ? charset : lower(charset) }),
      } as KtsMessage;
    }
    case 'digits':
      return { ...news };
    case 'record':
      return recordMessage(news.record, store);
    default:
      return undefined;
  }
}
