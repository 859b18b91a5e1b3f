import { Readable } from 'node:stream';
import { type CallRecordQuery, CtiError, type RoomCommand, type SwitchCallRecord } from '@cordboard/cti-core';
import type { CallRecordPageQuery, parametersToRead, parametersToWrite } from '@cordboard/cti-protocol';
import type * as z from 'zod';
import { maskDeviceView } from '../streams/mask.js';
import { RECORD_TITLES, recordLine, recordRow } from '../switches/record-rows.js';
import type { Handlers, RestCall, RestDesk } from './context.js';
import { liveDevices } from './live-devices.js';

/** Handlers of what is done with the switches themselves. */
export function switchHandlers(desk: RestDesk): Handlers {
  const { switches } = desk;
  return {
    listSwitches: () => ({ items: switches.list() }),
    listSwitchDevices: ({ params, maskClass }) => {
      const rules = desk.masker.rules(maskClass);
      const prefix = `${switches.known(idOf(params))}:`;
      const items = [...liveDevices(desk.engine).values()].filter(({ device }) => device.startsWith(prefix));
      return { items: rules === undefined ? items : items.map((view) => maskDeviceView(view, rules)) };
    },
    listParameters: ({ params }) => ({ items: switches.facet(idOf(params), 'programming').catalogue }),
    readParameters: ({ params, body }) => switches.read(idOf(params), body as z.output<typeof parametersToRead>),
    writeParameters: ({ params, body }) => switches.write(idOf(params), body as z.output<typeof parametersToWrite>),
    getSwitchClock: ({ params }) => switches.clock(idOf(params)),
    setSwitchClock: ({ params }) => switches.setClock(idOf(params)),
    listRooms: ({ params }) => ({ items: switches.rooms(idOf(params)) }),
    commandRoom: ({ params, body }) => switches.commandRoom(idOf(params), body as RoomCommand),
    listCallRecords: (call) => pageOf(call, desk),
    exportCallRecords: (call) => {
      const file = `${idOf(call.params)}-calls.csv`;
      return call.reply
        .header('content-disposition', `attachment; filename="${file}"`)
        .header('cache-control', 'private, no-store')
        .type('text/csv; charset=utf-8')
        .send(Readable.from(linesOf(rows(call, desk, call.query as CallRecordQuery))));
    },
  };
}

const idOf = ({ switchId = '' }: RestCall['params']): string => switchId;

/** The archive's records as this person may see them. Asks for the facet at once, so that a missing one is answered before the first byte. */
function rows(call: RestCall, desk: RestDesk, query: CallRecordQuery): AsyncIterable<SwitchCallRecord> {
  const rules = desk.masker.rules(call.maskClass);
  if (rules !== undefined && (query.number !== undefined || query.accountCode !== undefined)) {
    // Whoever may not see a number could find it digit by digit.
    throw new CtiError('auth.forbidden', 'who sees no numbers cannot search by them');
  }
  const archive = desk.switches.facet(idOf(call.params), 'records').query(query);
  const config = desk.keeper.current;
  return (async function* () {
    for await (const record of archive) yield recordRow(record, rules, config);
  })();
}

async function* linesOf(records: AsyncIterable<SwitchCallRecord>): AsyncGenerator<string> {
  yield RECORD_TITLES;
  for await (const record of records) yield recordLine(record);
}

/** A page begins so many records into the answer: the archive only ever grows at its end. */
async function pageOf(call: RestCall, desk: RestDesk) {
  const { limit, cursor, ...query } = call.query as CallRecordPageQuery;
  const skip = cursor === undefined ? 0 : Number.parseInt(cursor, 36);
  if (!Number.isSafeInteger(skip)) {
    throw new CtiError('argument.invalid', 'cursor: expected `next` of the page before', {
      details: { path: 'cursor' },
    });
  }
  const items: SwitchCallRecord[] = [];
  let seen = 0;
  for await (const record of rows(call, desk, query)) {
    seen += 1;
    if (seen <= skip) continue;
    if (items.length === limit) return { items, next: (skip + limit).toString(36) };
    items.push(record);
  }
  return { items };
}
