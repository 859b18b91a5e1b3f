import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Demo, startDemo } from '@cordboard/cli';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startErp } from '../erp.js';

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
if (browserPath === undefined) {
  if (process.env.CI === 'true') throw new Error('no Chromium: install the package chromium or set CHROMIUM_PATH');
  console.warn('skipped: the screen pop in a browser, there is no Chromium');
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** The client as one file, from its sources. */
async function clientFile(): Promise<string> {
  const entry = fileURLToPath(new URL('../../../packages/agent-sdk/src/script.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    globalName: 'Cordboard',
    conditions: ['@cordboard/source'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

describe.skipIf(browserPath === undefined)('an ERP page with the bar', () => {
  let demo: Demo;
  let erp: Awaited<ReturnType<typeof startErp>>;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    erp = await startErp({
      port: 0,
      cti: () => demo.ws,
      tokenOf: async () => demo.tokens.agent,
      client: await clientFile(),
    });
    demo = await startDemo({
      host: '127.0.0.1',
      port: 0,
      seed: 3,
      trafficMs: 0,
      origins: [erp.url],
      log,
      random: Math.random,
    });
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      timeout: 120_000,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    context = await browser.newContext({ locale: 'en-US' });
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
    erp?.server.close();
  });

  const call = (from: string): Promise<Response> =>
    fetch(`${demo.url}/demo/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from }),
    });

  /** What is hidden or cannot be pressed yet takes no focus. */
  const focus = async (one: Locator): Promise<void> => {
    await one.waitFor();
    await expect.poll(() => one.isEnabled()).toBe(true);
    await one.focus();
  };

  const isCustomer = (page: Page): boolean => page.url().includes('/customer');

  test('pops the customer once though two tabs are open, and answers, holds and hangs up by its buttons', async () => {
    const errors: string[] = [];
    context.on('weberror', (error) => errors.push(error.error().message));
    const first = await context.newPage();
    await first.goto(erp.url);
    const second = await context.newPage();
    await second.goto(erp.url);
    const bar = first.locator('cti-agent-bar');
    await bar.locator('[data-action=ready]').click();
    await bar.locator('[data-state=ready]').waitFor();
    await second.locator('cti-agent-bar [data-state=ready]').waitFor();

    const popped = context.waitForEvent('page');
    expect((await call('+8613900000003')).status).toBe(202);
    const customer = await popped;
    await customer.waitForURL(/\/customer/u);
    expect(await customer.locator('#name').textContent()).toBe('Nowak & Sons');
    expect(await customer.locator('#phone').textContent()).toBe('+8613900000003');
    expect(await customer.locator('#queue').textContent()).toBe('Support');
    expect(await customer.evaluate(() => window.opener)).toBeNull();

    await bar.locator('[data-action=answer]').click();
    await bar.locator('li[data-state=connected]').waitFor();
    await bar.locator('[data-action=hold]').click();
    await bar.locator('li[data-state=held]').waitFor();

    await first.reload();
    await bar.locator('li[data-state=held]').waitFor();
    await bar.locator('[data-action=retrieve]').click();
    await bar.locator('li[data-state=connected]').waitFor();
    await second.locator('cti-agent-bar li[data-state=connected]').waitFor();
    await bar.locator('[data-action=hangUp]').click();
    await bar.locator('[data-state=wrapUp]').waitFor();
    await expect.poll(() => bar.locator('li').count()).toBe(0);
    expect(context.pages().filter(isCustomer)).toHaveLength(1);
    expect(errors).toEqual([]);
    for (const page of context.pages()) await page.close();
  });

  test('works by keyboard alone, says what happens, and gives every control a name', async () => {
    const page = await context.newPage();
    await page.goto(erp.url);
    const bar = page.locator('cti-agent-bar');
    await focus(bar.locator('[data-action=notReady]'));
    await page.keyboard.press('Enter');
    await bar.getByRole('button', { name: 'Lunch' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => bar.getByRole('button', { name: 'Lunch' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await bar.locator('[data-state=notReady]').waitFor();
    await expect.poll(() => bar.locator('[aria-live=polite]').textContent()).toBe('You are: Not ready');
    expect(await bar.locator('.status').textContent()).toContain('Lunch');

    const nameless = await bar.evaluate((element) =>
      [...(element.shadowRoot?.querySelectorAll('button, input') ?? [])]
        .filter((control) => !control.getAttribute('aria-label') && control.textContent?.trim() === '')
        .map((control) => control.outerHTML),
    );
    expect(nameless).toEqual([]);
    await bar.evaluate((element) => element.setAttribute('lang', 'zh-CN'));
    await bar.getByRole('button', { name: '示闲' }).waitFor();
    await page.close();
  });

  test('a blocked pop is told, and opens from a click', async () => {
    const page = await context.newPage();
    await page.addInitScript(() => {
      // What a browser does to a page that opens a window without a click; the one after it is clicked for.
      const open = window.open.bind(window);
      window.open = () => {
        window.open = open;
        return null;
      };
    });
    await page.goto(erp.url);
    const bar = page.locator('cti-agent-bar');
    await bar.locator('[data-action=notReady]').waitFor();
    await bar.locator('[data-action=ready]').click();
    await bar.locator('[data-state=ready]').waitFor();
    await call('unknown');
    await bar.getByText('The browser blocked the customer page.').waitFor();
    const popped = context.waitForEvent('page');
    await bar.getByRole('button', { name: 'Open' }).click();
    const customer = await popped;
    await customer.waitForURL(/\/customer/u);
    expect(await customer.locator('#name').textContent()).toBe('New customer');
    await bar.locator('[data-action=reject]').click();
    // A page that goes at once may take its last word with it.
    await expect.poll(() => bar.locator('li').count()).toBe(0);
    await page.close();
    await customer.close();
  });

  test('is not disturbed on demand, and dials again what it dialled last', async () => {
    const page = await context.newPage();
    await page.goto(erp.url);
    const bar = page.locator('cti-agent-bar');
    const quiet = bar.locator('[data-action=doNotDisturb]');
    await quiet.click();
    await bar.locator('[data-action=doNotDisturb][aria-pressed=true]').waitFor();
    expect(await bar.locator('.status').textContent()).toContain('Do not disturb');
    await quiet.click();
    await bar.locator('[data-action=doNotDisturb][aria-pressed=false]').waitFor();
    const again = bar.locator('[data-action=redial]');
    expect(await again.isDisabled()).toBe(true);
    await bar.locator('input[name=to]').fill('8002');
    await bar.locator('[data-action=dial]').click();
    for (const next of [() => again.click(), () => page.close()]) {
      await bar.locator('li').first().waitFor();
      await bar.locator('li [data-action=hangUp]').first().click();
      await expect.poll(() => bar.locator('li').count()).toBe(0);
      await next();
    }
  });

  test('dials a code of the speed dial list from the keyboard', async () => {
    const page = await context.newPage();
    await page.goto(erp.url);
    const bar = page.locator('cti-agent-bar');
    const speed = bar.locator('[data-action=speedDial]');
    await focus(speed);
    await page.keyboard.press('Enter');
    await bar.locator('[data-code="1"]').waitFor();
    await page.keyboard.press('Escape');
    expect(await bar.locator('[data-code="1"]').isVisible()).toBe(false);
    expect(await speed.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await bar.locator('li').first().waitFor();
    expect(await bar.locator('li .who').first().textContent()).toContain('8002');
    await bar.locator('li [data-action=hangUp]').first().click();
    await expect.poll(() => bar.locator('li').count()).toBe(0);
    await page.close();
  });

  test('is ready for some kinds of work, and lays the phone down by hand where the site wants it so', async () => {
    const admin = (method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(`${demo.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${demo.tokens.admin}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    // Nobody waits any more who would take the agent's time.
    for (const leg of [...demo.pbx.legs.values()]) demo.pbx.hangUp(leg);
    expect((await admin('POST', '/v1/queues', { id: 'back', name: 'Back', work: 'callBack' })).status).toBe(201);
    expect((await admin('PATCH', '/v1/agents/ann', { release: 'manual', queues: ['support', 'back'] })).status).toBe(
      200,
    );
    const page = await context.newPage();
    await page.goto(erp.url);
    const bar = page.locator('cti-agent-bar');
    await bar.locator('[data-action=ready]').click();
    await bar.locator('.status[data-state=ready]').waitFor();
    await bar.locator('[data-action=notReady]').click();
    await bar.locator('[data-kind=inbound][aria-pressed=true]').click();
    await expect.poll(() => bar.locator('.status').textContent()).toContain('Call-backs');
    await bar.locator('[data-action=ready]').click();
    await expect.poll(() => bar.locator('.status').textContent()).not.toContain('Call-backs');
    await bar.locator('input[name=to]').fill('8002');
    await bar.locator('[data-action=dial]').click();
    await bar.locator('li [data-action=answer]').click();
    await bar.locator('li[data-state=connected] [data-action=hold]').waitFor();
    for (const leg of demo.pbx.party('8002').legs) demo.pbx.hangUp(leg);
    await bar.locator('li[data-state=release]').waitFor();
    expect(await bar.locator('li').textContent()).toContain('hang up to finish');
    expect(await bar.locator('li button:visible').allTextContents()).toEqual(['Note', 'Hang up']);
    await bar.locator('li [data-action=hangUp]').click();
    await expect.poll(() => bar.locator('li').count()).toBe(0);
    expect((await admin('PATCH', '/v1/agents/ann', { release: null, queues: ['support'] })).status).toBe(200);
    expect((await admin('DELETE', '/v1/queues/back')).status).toBe(204);
    await page.close();
  });

  test('a page of another origin is not let in', async () => {
    const stranger = await startErp({
      port: 0,
      cti: () => demo.ws,
      tokenOf: async () => demo.tokens.agent,
      client: await clientFile(),
    });
    const page = await context.newPage();
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    const bar = page.locator('cti-agent-bar');
    // Shown for some seconds only, perhaps before all of the page is there.
    const told = bar.getByText('not among those that the telephone server lets in').first().waitFor();
    await Promise.all([told, page.goto(stranger.url)]);
    expect(await bar.evaluate((element) => 'desk' in element && element.desk === undefined)).toBe(true);
    expect(sockets).toHaveLength(1);
    await page.close();
    stranger.server.close();
  });
});
