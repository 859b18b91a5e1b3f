import { clock, find, make, onLanguage, startLanguage, t, toast, tokenOf } from './texts.js';

const { connectSupervisor } = globalThis.Cordboard;
const byId = (id) => document.getElementById(id);
const board = await connectSupervisor({
  url: '/v1/ws',
  getToken: () => tokenOf('supervisor'),
  clientName: 'demo board',
  connectTimeoutMs: 600_000,
});
const info = await (await fetch('/demo/info', { cache: 'no-store' })).json();

async function act(work) {
  try {
    await work();
    toast(t('done'));
  } catch (error) {
    toast(t('failed', error.code ?? 'server.internal'));
  }
}

const nameOf = (agentId) => board.agents.get(agentId)?.name ?? agentId;
const queueName = (queueId) => board.queues.get(queueId)?.name ?? queueId;

/** Keeps rows by key, so that a button under the finger or the focus stays where it is. */
function rows(table, heads, items) {
  let body = table.tBodies[0];
  if (!body) {
    table.append(make('thead', { children: [make('tr')] }), make('tbody'));
    body = table.tBodies[0];
  }
  const head = table.tHead.rows[0];
  const words = heads.map((key) => (key === '' ? '' : t(key)));
  if (head.textContent !== words.join(''))
    head.replaceChildren(...words.map((text) => make('th', { scope: 'col', text })));
  const present = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  items.forEach(({ key, cells }, index) => {
    const row = present.get(key) ?? make('tr', { 'data-key': key });
    present.delete(key);
    for (const [column, cell] of cells.entries()) setCell(row, column, cell).dataset.label = words[column];
    if (body.rows[index] !== row) body.insertBefore(row, body.rows[index] ?? null);
  });
  for (const row of present.values()) row.remove();
}

function setCell(row, column, cell) {
  const td = row.cells[column] ?? row.insertCell();
  if (typeof cell === 'string') {
    if (td.textContent !== cell) td.textContent = cell;
    return td;
  }
  if (td.dataset.sign === cell.sign) return td;
  const focused = td.contains(document.activeElement) ? document.activeElement.dataset.act : undefined;
  td.dataset.sign = cell.sign;
  td.className = cell.class ?? '';
  td.replaceChildren(...cell.children());
  if (focused) td.querySelector(`[data-act="${focused}"]`)?.focus();
  return td;
}

const button = (key, look, work) =>
  make('button', { type: 'button', class: `small ${look}`, 'data-act': key, text: t(key), onclick: () => act(work) });

function showTiles() {
  const agents = [...board.agents.values()];
  const waiting = [...board.queues.values()].reduce((sum, queue) => sum + queue.waitingCount, 0);
  const values = [
    ['board.waiting', waiting],
    ['board.ready', agents.filter((agent) => agent.state === 'ready').length],
    ['board.busy', agents.filter((agent) => agent.state === 'busy').length],
    ['board.calls', board.calls.size],
  ];
  byId('tiles').replaceChildren(
    ...values.map(([key, value]) =>
      make('div', { class: 'tile', children: [make('b', { text: String(value) }), make('span', { text: t(key) })] }),
    ),
  );
}

function showQueues() {
  const items = [...board.queues.values()].map((queue) => {
    const first = queue.waiting[0];
    const longest = first ? clock(board.serverNow() - Math.min(...queue.waiting.map((item) => item.since))) : '—';
    return {
      key: queue.id,
      cells: [queue.name, String(queue.waitingCount), longest, String(queue.agentsReady), String(queue.agentsLoggedOn)],
    };
  });
  rows(byId('queues'), ['board.queue', 'board.waiting', 'board.longest', 'board.ready', 'board.agentsOn'], items);
}

function showAgents() {
  const items = [...board.agents.values()].map((agent) => {
    const kinds = agent.readyFor ? ` · ${agent.readyFor.map((kind) => t(`kind.${kind}`)).join(', ')}` : '';
    const reason = agent.reason ? ` · ${find(`reason.${agent.reason}`) ?? agent.reason}` : kinds;
    const state = {
      sign: `${agent.state}${reason}${t('state.ready')}`,
      children: () => [
        make('span', { class: 'state', 'data-state': agent.state, text: `${t(`state.${agent.state}`)}${reason}` }),
      ],
    };
    const to = agent.state === 'ready' || agent.state === 'busy' ? 'notReady' : 'ready';
    const buttons = {
      sign: `${to}${t('act.ready')}${agent.state === 'loggedOff'}`,
      class: 'acts',
      children: () =>
        agent.state === 'loggedOff'
          ? []
          : [
              button(`act.${to}`, '', () =>
                board.setAgent(agent.id, to, to === 'notReady' ? { reason: 'meeting' } : {}),
              ),
            ],
    };
    return {
      key: agent.id,
      cells: [
        agent.name,
        state,
        clock(board.serverNow() - agent.since),
        agent.queues.map(queueName).join(', ') || '—',
        buttons,
      ],
    };
  });
  rows(byId('agents'), ['board.agent', 'board.state', 'board.for', 'board.queuesOf', ''], items);
}

function whereOf(call) {
  const mine = call.monitors.find((item) => item.agentId === undefined || item.agentId === info.supervisor);
  if (mine) return t(`mode.${mine.mode}`);
  const agent = call.parts.find((part) => part.agentId && part.role === 'party');
  if (agent)
    return t(agent.state === 'alerting' ? 'board.ringing' : agent.state === 'held' ? 'board.held' : 'board.talking');
  const waiting = [...board.queues.values()].find((queue) => queue.waiting.some((item) => item.callId === call.id));
  return waiting ? t('board.inQueue', waiting.name) : t('board.inFlow');
}

function callButtons(call) {
  const supervised = call.monitors.length > 0;
  const talking = call.parts.some((part) => part.agentId && part.role === 'party' && part.state !== 'alerting');
  const waiting = [...board.queues.values()].some((queue) => queue.waiting.some((item) => item.callId === call.id));
  const list = [];
  if (talking)
    for (const mode of ['listen', 'whisper', 'barge'])
      list.push(button(`act.${mode}`, '', () => board[mode]({ callId: call.id, seat: info.supervisorSeat })));
  if (supervised) list.push(button('act.stop', '', () => board.stop(call.id)));
  if (waiting) list.push(button('act.pick', '', () => board.pickWaiting(call.id, info.you)));
  if (talking) list.push(button('act.forceRelease', 'danger', () => board.forceRelease(call.id)));
  return {
    sign: `${talking}${supervised}${waiting}${t('act.stop')}`,
    class: 'acts',
    children: () => [make('span', { class: 'row', children: list })],
  };
}

function showCalls() {
  const items = [...board.calls.values()].map((call) => ({
    key: call.id,
    cells: [
      (call.customer ?? call.caller).number || '—',
      whereOf(call),
      call.agents.map(nameOf).join(', ') || '—',
      call.ivrPath.at(-1) ?? '—',
      clock(board.serverNow() - call.startedAt),
      callButtons(call),
    ],
  }));
  rows(byId('calls'), ['board.caller', 'board.where', 'board.with', 'board.path', 'board.for', ''], items);
  byId('noCalls').hidden = items.length > 0;
  byId('calls').hidden = items.length === 0;
}

let planned = false;
function show() {
  planned = false;
  byId('link').textContent = board.link === 'online' ? '' : t(`link.${board.link}`);
  showTiles();
  showQueues();
  showAgents();
  showCalls();
}
/** Many changes of one moment are one drawing. */
function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(show);
}
for (const name of ['agentChanged', 'queueChanged', 'callChanged', 'callEnded', 'reset', 'linkChanged'])
  board.on(name, plan);
onLanguage(() => {
  document.title = t('board.page');
  show();
});
setInterval(plan, 1000);
startLanguage();
