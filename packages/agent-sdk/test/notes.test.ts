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

/** A desk with one call and a server's notes, which writes down the notes that it is given. A page that is loaded anew has the same server. */
const DESK = `
  window.notes = [];
  window.stored ??= {};
  // What reading a note waits for, and how it ends.
  window.gate = Promise.resolve();
  window.refusal = undefined;
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
    readNote: async (id) => {
      await window.gate;
      if (window.refusal !== undefined) throw new Cordboard.CtiError(window.refusal, 'no');
      return window.stored[id];
    },
    writeNote: async (id, note) => {
      window.notes.push([id, note]);
      window.stored[id] = { ...note, by: 'ann', atWallMs: 1 };
    },
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

  /** Reading waits until it is let go. */
  const hold = (): Promise<unknown> => page.evaluate('window.gate = new Promise((go) => { window.letGo = go; }); 0');
  const letGo = (): Promise<unknown> => page.evaluate('window.letGo(); 0');
  const store = (note: object): Promise<unknown> =>
    page.evaluate((one) => Object.assign(window, one), { stored: { c1: note } });
  const field = (name = 'Note on this call'): Locator => card().getByLabel(name);
  const saved = (): Promise<unknown> => page.waitForFunction('window.notes.length > 0');
  /** The panel has what there was to read. */
  const loaded = (where = card()): Promise<void> =>
    where.getByText(/^(?:Loading the note|The note could not)/u).waitFor({ state: 'hidden' });

  const STORED = { category: 'Order', ticket: 'T-7', text: 'wants two', by: 'bob', atWallMs: 1 };

  test('that stands there already is shown when the panel opens, and what is added to it takes nothing away', async () => {
    await store(STORED);
    await hold();
    await card().locator('[data-action=note]').click();
    await card().getByText('Loading the note …').waitFor();
    expect(await field().getAttribute('aria-description')).toBe('Loading the note …');
    await letGo();
    await loaded();
    expect(await field().inputValue()).toBe('wants two');
    expect(await field('Ticket').inputValue()).toBe('T-7');
    expect(await field('Category').inputValue()).toBe('Order');
    await field('Ticket').fill('T-8');
    await card().locator('[data-action=saveNote]').click();
    await saved();
    expect(await written()).toEqual([['c1', { category: 'Order', ticket: 'T-8', text: 'wants two' }]]);
  });

  test('that stands there already is shown when the call ends, also where nobody had opened it, and is not written again', async () => {
    await store(STORED);
    await page.evaluate(`window.endCall('c1')`);
    await loaded(after());
    await expect.poll(() => after().getByLabel('Note on this call').inputValue()).toBe('wants two');
    await page.evaluate(`window.begin('c2'); window.emit('callUpdated', {}); window.endCall('c2')`);
    await loaded(after());
    expect(await written()).toEqual([]);
  });

  test('that is written while the one there is still loading stays, and both are kept', async () => {
    await store(STORED);
    await hold();
    await card().locator('[data-action=note]').click();
    await field().fill('angry');
    await field('Ticket').fill('T-9');
    await letGo();
    await loaded();
    expect(await field().inputValue()).toBe('wants two · angry');
    expect(await field('Ticket').inputValue()).toBe('T-9');
    expect(await field('Category').inputValue()).toBe('Order');
  });

  test('that is saved while the one there is still loading waits for it', async () => {
    await store(STORED);
    await hold();
    await card().locator('[data-action=note]').click();
    await field().fill('angry');
    await card().locator('[data-action=saveNote]').click();
    expect(await written()).toEqual([]);
    await letGo();
    await saved();
    expect(await written()).toEqual([['c1', { category: 'Order', ticket: 'T-7', text: 'wants two · angry' }]]);
  });

  test('that changes under an input method does so when the word is made', async () => {
    await store(STORED);
    await hold();
    await card().locator('[data-action=note]').click();
    await field().fill('ni');
    await field().dispatchEvent('compositionstart');
    await letGo();
    await loaded();
    expect(await field().inputValue()).toBe('ni');
    await field().fill('你');
    await field().dispatchEvent('compositionend');
    await expect.poll(() => field().inputValue()).toBe('wants two · 你');
  });

  test('that could not be read is not replaced unseen: saving reads it first', async () => {
    await store(STORED);
    await page.evaluate(`window.refusal = 'link.closed'`);
    await card().locator('[data-action=note]').click();
    await card().getByText('The note could not be loaded.').waitFor();
    await field().fill('angry');
    await card().locator('[data-action=saveNote]').click();
    await page.getByRole('alert').getByText('link.closed').waitFor();
    expect(await written()).toEqual([]);
    expect(await field().inputValue()).toBe('angry');
    await page.evaluate('window.refusal = undefined');
    await card().locator('[data-action=saveNote]').click();
    await saved();
    expect(await written()).toEqual([['c1', { category: 'Order', ticket: 'T-7', text: 'wants two · angry' }]]);
  });

  test('is written as before where an older server does not tell notes', async () => {
    await page.evaluate(`window.refusal = 'resource.notFound'`);
    await card().locator('[data-action=note]').click();
    await loaded();
    await field().fill('angry');
    await card().locator('[data-action=saveNote]').click();
    await saved();
    expect(await written()).toEqual([['c1', { category: '', ticket: '', text: 'angry' }]]);
  });

  test('on a call of which there is no record is said to be none when it is saved', async () => {
    await page.evaluate(`window.refusal = 'cdr.notFound'`);
    await page.evaluate(`window.endCall('c1')`);
    await loaded(after());
    await after().getByLabel('Note on this call').fill('angry');
    await after().locator('[data-action=saveNote]').click();
    await page.getByRole('alert').getByText('cdr.notFound').waitFor();
    expect(await written()).toEqual([]);
  });

  test('that was read before it was saved here, and comes after that, takes nothing of it back', async () => {
    await store(STORED);
    const open = card().locator('[data-action=note]');
    await open.click();
    await loaded();
    await field().fill('wants four');
    // Saving goes on while the panel is opened anew, and what it reads by then is old.
    await page.evaluate(`{
      const { desk } = window;
      const { readNote, writeNote } = desk;
      const stale = window.stored.c1;
      desk.readNote = () => new Promise((resolve) => { window.letGo = () => { desk.readNote = readNote; resolve(stale); }; });
      desk.writeNote = (id, note) => new Promise((resolve) => { window.settle = () => resolve(writeNote(id, note)); });
    }`);
    await card().locator('[data-action=saveNote]').click();
    await open.click();
    await open.click();
    await card().getByText('Loading the note …').waitFor();
    await page.evaluate('window.settle(); 0');
    await saved();
    await field().waitFor({ state: 'hidden' });
    await letGo();
    await loaded();
    expect(await field().inputValue()).toBe('wants four');
  });

  test('keeps its line breaks and a category that the site has given up, when neither is touched', async () => {
    await store({ ...STORED, category: 'Old', text: 'wants two\nblue ones' });
    await card().locator('[data-action=note]').click();
    await loaded();
    expect(await field().inputValue()).toBe('wants two blue ones');
    expect(await field('Category').inputValue()).toBe('Old');
    await field('Ticket').fill('T-8');
    await card().locator('[data-action=saveNote]').click();
    await saved();
    expect(await written()).toEqual([['c1', { category: 'Old', ticket: 'T-8', text: 'wants two\nblue ones' }]]);
  });

  test('is what a colleague has made of it when the panel is opened again, but for what was begun here', async () => {
    await store(STORED);
    const open = card().locator('[data-action=note]');
    await open.click();
    await loaded();
    await open.click();
    await store({ ...STORED, ticket: 'T-8', text: 'wants three' });
    await open.click();
    await expect.poll(() => field().inputValue()).toBe('wants three');
    await field().fill('wants four');
    await open.click();
    await store({ ...STORED, ticket: 'T-9', text: 'wants five' });
    await open.click();
    await expect.poll(() => field('Ticket').inputValue()).toBe('T-9');
    expect(await field().inputValue()).toBe('wants four');
  });

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
