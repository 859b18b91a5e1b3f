import { CtiError, type SpeedDialConfig } from '@cordboard/cti-core';
import { MAX_SPEED_DIAL, speedDialConfig, speedDialId } from '@cordboard/cti-protocol';
import type { Identity } from '../auth/tokens.js';
import { type ConfigKeeper, present } from '../config/keeper.js';
import { agentOf } from '../ws/desk.js';
import { entriesOf, entryOf, maskSpeedDial } from '../ws/speed-dial.js';
import type { Handlers, RestDesk } from './context.js';

/** Handlers of the speed dial lists: the site's, those of agents, and one's own. */
export function speedDialHandlers(desk: RestDesk): Handlers {
  const { keeper, masker } = desk;
  const put = (params: Where, body: unknown): Promise<SpeedDialConfig> => putEntry(keeper, params, body);
  return {
    listOwnSpeedDial: ({ who, maskClass }) => ({
      items: entriesOf(who, keeper.current, masker.rules(maskClass)),
    }),
    putOwnSpeedDial: async ({ who, maskClass, params, body }) =>
      entryOf(
        await put({ code: params.code, agentId: ownAgent(who, keeper) }, body),
        keeper.current,
        masker.rules(maskClass),
      ),
    deleteOwnSpeedDial: ({ who, params }) => removeEntry(keeper, { code: params.code, agentId: ownAgent(who, keeper) }),

    listSpeedDial: ({ maskClass }) => ({
      items: (keeper.current.speedDial ?? []).map((one) => maskSpeedDial(one, keeper.current, masker.rules(maskClass))),
    }),
    putSpeedDial: async ({ maskClass, params, body }) =>
      maskSpeedDial(await put({ code: params.code }, body), keeper.current, masker.rules(maskClass)),
    deleteSpeedDial: ({ params }) => removeEntry(keeper, { code: params.code }),
    putAgentSpeedDial: async ({ maskClass, params, body }) =>
      maskSpeedDial(await put(whereOf(params), body), keeper.current, masker.rules(maskClass)),
    deleteAgentSpeedDial: ({ params }) => removeEntry(keeper, whereOf(params)),
  };
}

/** A code and whose list it is in; no agent: the site's. */
interface Where {
  readonly code: string | undefined;
  readonly agentId?: string;
}

const whereOf = ({ code, agentId = '' }: Readonly<Record<string, string | number | undefined>>): Where => ({
  code: String(code ?? ''),
  agentId: String(agentId),
});

function ownAgent(who: Identity, keeper: ConfigKeeper): string {
  return present(keeper.find('agents', agentOf(who) ?? ''), 'agents').id;
}

async function putEntry(keeper: ConfigKeeper, where: Where, body: unknown): Promise<SpeedDialConfig> {
  const { code = '', agentId } = where;
  if (agentId !== undefined) present(keeper.find('agents', agentId), 'agents');
  const id = speedDialId(code, agentId);
  const made = await keeper.change('speedDial', id, (there) => {
    const list = (keeper.current.speedDial ?? []).filter(({ agent }) => agent === agentId);
    if (there === undefined && list.length >= MAX_SPEED_DIAL) {
      throw new CtiError('resource.conflict', `a list has at most ${MAX_SPEED_DIAL} codes`);
    }
    return speedDialConfig.parse({
      ...(body as object),
      id,
      code,
      ...(agentId === undefined ? {} : { agent: agentId }),
    });
  });
  return present(made ?? undefined, 'speedDial');
}

async function removeEntry(keeper: ConfigKeeper, { code = '', agentId }: Where): Promise<void> {
  await keeper.change('speedDial', speedDialId(code, agentId), (there) => {
    present(there, 'speedDial');
    return null;
  });
}
