import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
if (browserPath === undefined) {
  if (process.env.CI === 'true') throw new Error('no Chromium: install the package chromium or set CHROMIUM_PATH');
  console.warn('skipped: notes on calls in a browser, there is no Chromium');
}

/** A desk with one call, which writes down the notes that it is given. */
const DESK = `
  window.notes = [];
  const party = { number: '139 1234 5678', name: 'Mei', presentation: 'allowed' };
  const listeners = {};
  const calls = new Map();
  window.begin = (id) => calls.set(id, {
    id, aliases: [], state: 'connected', actions: ['hangUp'], direction: 'inbound', peer: party, caller: party, called: party,
    customer: party, others: [], ivrPath: [], data: {}, recordings: [], startedAt: 0, since: 0, can: (action) => action === 'hangUp',
  });
  window.emit = (name, event) => (listeners[name] ?? []).forEach((listener) => listener(event));
  window.endCall = (id) => {
    const call = calls.get(id);
    calls.delete(id);
    call.end = { how: 'ended', cause: 'normalClearing' };
    window.emit('callEnded', { call });
  };
  window.desk = {
    agent: { id: 'ann', name: 'Ann', state: 'busy', since: 0, queues: [] },
    calls: { *[Symbol.iterator]() { yield* calls.values(); }, get size() { return calls.size; } },
    link: 'online', notReadyReasons: [], workKinds: [], speedDial: [], canRedial: false, callCategories: ['Order', 'Complaint'], parked: [],
    serverNow: () => 65000, missedCalls: () => Promise.resolve([]),
    on: (name, listener) => { (listeners[name] ??= []).push(listener); return () => undefined; },
    writeNote: (id, note) => { window.notes.push([id, note]); return Promise.resolve(); },
  };
  window.begin('c1');
  document.querySelector('cti-agent-bar').desk = window.desk;
`;

describe.skipIf(browserPath === undefined)('a note on a call', () => {
  let browser: Browser;
  let page: Page;
  let script: string;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL('../src/script.ts', import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      format: 'iife',
      globalName: 'Cordboard',
      conditions: ['@cordboard/source'],
      write: false,
    });
    script = outputFiles[0]?.text ?? '';
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      timeout: 120_000,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    await page?.close();
    page = await browser.newPage();
    await page.setContent('<html lang="en"><body><cti-agent-bar></cti-agent-bar></body></html>');
    await page.addScriptTag({ content: script });
    await page.addScriptTag({ content: DESK });
  });

  const written = (): Promise<unknown> => page.evaluate('window.notes');
  const after = (): Locator => page.getByRole('group', { name: /^Last call/u });
  const card = (): Locator => page.locator('cti-agent-bar li');

  test('that was begun while it went on is there to be ended when the other side has hung up', async () => {
    await card().locator('[data-action=note]').click();
    await card().getByLabel('Category').selectOption('Order');
    await card().getByLabel('Ticket').fill('T-7');
    await card().getByLabel('Note on this call').fill('wants tw');
    await page.evaluate(`window.endCall('c1')`);
    expect(await after().getByLabel('Note on this call').inputValue()).toBe('wants tw');
    await after().getByLabel('Note on this call').fill('wants two');
    await after().locator('[data-action=saveNote]').click();
    expect(await written()).toEqual([['c1', { category: 'Order', ticket: 'T-7', text: 'wants two' }]]);
  });

  test('that was saved while it went on is not taken away by what is added after it', async () => {
    await card().locator('[data-action=note]').click();
    await card().getByLabel('Ticket').fill('T-7');
    await card().locator('[data-action=saveNote]').click();
    await page.evaluate(`window.endCall('c1')`);
    await after().getByLabel('Note on this call').fill('calls again');
    await after().locator('[data-action=saveNote]').click();
    const first = { category: '', ticket: 'T-7', text: '' };
    expect(await written()).toEqual([
      ['c1', first],
      ['c1', { ...first, text: 'calls again' }],
    ]);
  });

  test('that was saved is not written a second time when the next call ends', async () => {
    await card().locator('[data-action=note]').click();
    await card().getByLabel('Note on this call').fill('all is said');
    await card().locator('[data-action=saveNote]').click();
    await page.evaluate(`window.endCall('c1')`);
    await page.evaluate(`window.begin('c2'); window.emit('callUpdated', {}); window.endCall('c2')`);
    expect(await after().getByLabel('Note on this call').inputValue()).toBe('');
    expect(await written()).toEqual([['c1', { category: '', ticket: '', text: 'all is said' }]]);
  });
});
