import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
if (browserPath === undefined) {
  if (process.env.CI === 'true') throw new Error('no Chromium: install the package chromium or set CHROMIUM_PATH');
  console.warn('skipped: the buttons of a PBX phone in a browser, there is no Chromium');
}

/** A desk at a PBX's phone: its verbs are written down, and refused where the test says so. */
const DESK = `
  const asked = window.asked = [];
  const did = (name) => (...args) => {
    asked.push([name, ...args]);
    return name === 'park' ? Promise.resolve(4) : Promise.resolve('done');
  };
  const party = { number: '139 1234 5678', name: 'Mei', presentation: 'allowed' };
  const listeners = {};
  const call = {
    id: 'c1', aliases: [], state: 'connected', actions: ['hangUp', 'park', 'flash'], direction: 'inbound', peer: party, caller: party, called: party,
    customer: party, others: [], ivrPath: [], data: {}, recordings: [], startedAt: 0, since: 0,
    can: (action) => call.actions.includes(action), park: did('park'), flash: did('flash'), hangUp: did('hangUp'),
  };
  window.call = call;
  window.desk = {
    agent: { id: 'ann', name: 'Ann', state: 'busy', since: 0, queues: [], services: ['unpark', 'pickUp', 'page', 'redial'] },
    calls: { *[Symbol.iterator]() { if (window.call) yield window.call; }, size: 1 },
    link: 'online', notReadyReasons: [], workKinds: [], speedDial: [], canRedial: true, callCategories: [], parked: [],
    serverNow: () => 65000,
    on: (name, listener) => { (listeners[name] ??= []).push(listener); return () => undefined; },
    pickUp: did('pickUp'), unpark: did('unpark'), page: did('page'), redial: did('redial'), missedCalls: () => Promise.resolve([]),
  };
  window.emit = (name, event) => (listeners[name] ?? []).forEach((listener) => listener(event));
  Cordboard.defineElements?.();
  document.querySelector('cti-agent-bar').desk = window.desk;
`;

describe.skipIf(browserPath === undefined)('the buttons of a PBX phone', () => {
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

  async function open(lang: string): Promise<void> {
    page = await browser.newPage();
    await page.setContent(`<html lang="${lang}"><body><cti-agent-bar></cti-agent-bar></body></html>`);
    await page.addScriptTag({ content: script });
    await page.addScriptTag({ content: DESK });
  }

  beforeEach(async () => {
    await page?.close();
    await open('en');
  });

  const asked = (): Promise<unknown> => page.evaluate('window.asked');
  const bar = () => page.locator('cti-agent-bar');

  test('park on the first free slot or on a chosen one, by keyboard, and say where', async () => {
    await page.evaluate(`window.desk.parked = [{ slot: 2, since: 0 }]; window.emit('parkedChanged', {})`);
    const park = bar().locator('li [data-action=park]');
    await park.focus();
    await page.keyboard.press('Enter');
    expect(await bar().locator('li .menu button').allTextContents()).toEqual([
      'First free slot',
      'Slot 1',
      'Slot 2',
      'Slot 3',
      'Slot 4',
      'Slot 5',
      'Slot 6',
    ]);
    expect(await bar().locator('li .menu [data-slot="2"]').isDisabled()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await asked()).toEqual([['park', {}]]);
    await expect.poll(() => bar().locator('[aria-live=polite]').textContent()).toBe('Parked on slot 4');
    expect(await park.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(
      true,
    );
    await page.keyboard.press('Enter');
    await bar().locator('li .menu [data-slot="3"]').press('Enter');
    expect(await asked()).toEqual([
      ['park', {}],
      ['park', { slot: 3 }],
    ]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await bar().locator('li .menu').isVisible()).toBe(false);
    expect(await park.evaluate((element) => element === (element.getRootNode() as ShadowRoot).activeElement)).toBe(
      true,
    );
  });

  test('take back who is parked, pick up, page', async () => {
    const unpark = bar().locator('[data-action=unpark]');
    expect(await unpark.isDisabled()).toBe(true);
    await page.evaluate(
      `window.desk.parked = [{ slot: 3, since: 5000, party: { number: '139 1234 5678', name: 'Mei', presentation: 'allowed' } }, { slot: 5, since: 64000 }]; window.emit('parkedChanged', {})`,
    );
    expect(await unpark.textContent()).toBe('Take back (2) ▾');
    await unpark.press('Enter');
    const items = bar().locator('.menu:visible button');
    expect(await items.allTextContents()).toEqual(['Slot 3 · Mei · 139 1234 5678 · 1:00', 'Slot 5 · 0:01']);
    await items.first().press('Enter');
    await bar().locator('[data-action=pickUp]').press('Enter');
    await bar().locator('[data-action=page]').press('Enter');
    await bar().locator('.menu:visible [data-zone="3"]').press('Enter');
    await bar().locator('li [data-action=flash]').press('Enter');
    expect(await asked()).toEqual([['unpark', 3], ['pickUp'], ['page', 3], ['flash']]);
  });

  test('are not there where the phone cannot, and every one has a name in both languages', async () => {
    const names = () =>
      bar()
        .locator('button:visible')
        .evaluateAll((buttons) =>
          buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent ?? ''),
        );
    const english = await names();
    expect(english).toEqual(expect.arrayContaining(['Pick up', 'Take back', 'Page ▾', 'Park ▾', 'Flash']));
    await page.close();
    await open('zh-CN');
    const chinese = await names();
    expect(chinese).toHaveLength(english.length);
    expect(chinese).toEqual(expect.arrayContaining(['代接', '取回驻留', '广播 ▾', '驻留 ▾', '拍叉']));
    await page.evaluate(
      `window.call.actions = ['hangUp']; window.desk.agent = { ...window.desk.agent, services: [] }; window.emit('callUpdated', { call: window.call })`,
    );
    expect(await bar().locator('[data-action=park]').isVisible()).toBe(false);
    expect(await bar().locator('[data-action=flash]').isVisible()).toBe(false);
    expect(await bar().locator('[data-action=pickUp]').isVisible()).toBe(false);
  });
});
