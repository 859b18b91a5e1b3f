import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FastifyInstance } from 'fastify';

const entry = fileURLToPath(new URL('../../packages/agent-sdk/src/script.ts', import.meta.url));
let script: Promise<string> | undefined;

/** The client for plain `<script>` pages as the package builds it, from the sources, so that it is never an old one. */
async function clientScript(): Promise<string> {
  const made = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    globalName: 'Cordboard',
    target: 'es2020',
    platform: 'browser',
    conditions: ['@cordboard/source'],
    write: false,
    logLevel: 'silent',
  });
  return made.outputFiles[0]?.text ?? '';
}

const DESK = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title>
<cti-agent-bar pop="" pop-open="frame" pop-frame="#customer"></cti-agent-bar>
<iframe id="customer" name="customer" width="900" height="300"></iframe>
<script src="/lab/cordboard.js"></script>
<script>
  const token = location.hash.slice(1);
  const bar = document.querySelector('cti-agent-bar');
  bar.addEventListener('cti-desk', (event) => {
    window.desk = event.detail.desk;
    window.states = [window.desk.agent.state];
    window.desk.on('agentChanged', ({ agent }) => { if (window.states.at(-1) !== agent.state) window.states.push(agent.state); });
  });
  bar.addEventListener('cti-pop', (event) => { (window.pops ??= []).push(event.detail.receipt); });
  bar.setAttribute('url', location.origin);
  bar.getToken = () => token;
</script></html>`;

const SUPERVISOR = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Supervisor</title>
<script src="/lab/cordboard.js"></script>
<script>
  const token = location.hash.slice(1);
  Cordboard.connectSupervisor({ url: location.origin, getToken: () => token }).then((board) => { window.board = board; });
</script></html>`;

/** A customer's page of some ERP: shows what its address says. */
const CUSTOMER = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Customer</title>
<dl><dt>Number<dd id="number"><dt>Path<dd id="path"><dt>Note<dd id="note"><dt>Shown<dd id="shown"></dl>
<script>
  const query = new URLSearchParams(location.search);
  for (const name of ['number', 'path', 'note']) document.getElementById(name).textContent = query.get(name) ?? '';
  document.getElementById('shown').textContent = Date.now();
</script></html>`;

/** Adds an agent's desk, a supervisor's page and the customer page that desks pop. */
export function deskPages(app: FastifyInstance): void {
  for (const [path, html] of [
    ['/lab/desk', DESK],
    ['/lab/supervisor', SUPERVISOR],
    ['/customer', CUSTOMER],
  ] as const) {
    app.get(path, (_request, reply) => reply.type('text/html; charset=utf-8').send(html));
  }
  app.get('/lab/cordboard.js', async (_request, reply) => {
    script ??= clientScript();
    return reply.type('text/javascript; charset=utf-8').send(await script);
  });
}
