import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutsideCaller } from '@cordboard/simulator';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBoard, startBoard } from '../board.js';

const browserPath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
if (browserPath === undefined) {
  if (process.env.CI === 'true') throw new Error('no Chromium: install the package chromium or set CHROMIUM_PATH');
  console.warn('skipped: the board of a PBX in a browser, there is no Chromium');
}
const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe.skipIf(browserPath === undefined)('the board of a PBX', () => {
  let dataDir: string;
  let board: RunningBoard;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  const card = (id: string): Locator => page.locator(`[data-device="kts:${id}"]`);
  const act = (id: string, name: string): Locator => card(id).locator(`[data-act="act.${name}"]`);
  const bar = (action: string): Locator =>
    page.locator(`cti-agent-bar [data-action=${action}]`).locator('visible=true');
  /** What is hidden or cannot be pressed yet takes no focus. */
  const focus = async (one: Locator): Promise<void> => {
    await one.waitFor();
    await expect.poll(() => one.isEnabled()).toBe(true);
    await one.focus();
  };
  const picture = async (name: string): Promise<void> => {
    const folder = process.env.CORDBOARD_PICTURES;
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };
  const callIn = (line: number, number: string): OutsideCaller => {
    const caller = board.world.pbx.outside.call({ line, number });
    if (caller === undefined) throw new Error('no line is free');
    return caller;
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'cb-board-'));
    board = await startBoard({ port: 0, dataDir, people: 'none', log: silent });
    board.world.pbx.outside.otherwise = { does: 'answer', ringFor: 200 };
    browser = await chromium.launch({
      executablePath: browserPath ?? '',
      timeout: 120_000,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    context = await browser.newContext({ locale: 'en-US', viewport: { width: 1_280, height: 900 } });
    context.setDefaultTimeout(30_000);
    context.on('weberror', (error) => errors.push(error.error().message));
    page = await context.newPage();
    await page.goto(board.url);
    await page.locator('cti-agent-bar [data-action=ready]').click();
    await card('extension:801').filter({ hasText: 'Idle' }).waitFor();
  });
  afterEach(async () => {
    const { pbx } = board.world;
    for (const { line } of pbx.pbx.lines()) pbx.pbx.far(line, 'hangsUp');
    for (const { ext } of pbx.pbx.extensions()) pbx.phone(ext).hangUp();
    await expect.poll(() => page.locator('cti-agent-bar li.call').count()).toBe(0);
    await expect.poll(() => page.locator('#lines > [data-state=idle]').count()).toBe(4);
    expect(errors).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await board?.stop();
    if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
  });

  test('shows every line, telephone and slot, and their marks', async () => {
    await expect.poll(() => page.locator('#lines > li').count()).toBe(4);
    expect(await page.locator('#extensions > li').count()).toBe(12);
    expect(await page.locator('#parks > li').count()).toBe(6);
    expect(await card('extension:808').textContent()).toContain('Do not disturb');
    expect(await card('extension:801').textContent()).toContain('You');
    const order = await page.locator('#extensions > li .name').allTextContents();
    expect(order).toEqual(order.toSorted());
  });

  test('a caller is answered, parked by the card of a slot, and taken back', async () => {
    callIn(1, '13900000001');
    await card('line:1').filter({ hasText: 'Ringing · in' }).waitFor();
    await card('extension:801').filter({ hasText: '139 0000 0001' }).waitFor();
    await picture('ringing');
    await bar('answer').click();
    await card('line:1').filter({ hasText: 'Talking · in' }).waitFor();
    await act('park:3', 'park').click();
    await card('park:3').filter({ hasText: 'Taken' }).filter({ hasText: '139 0000 0001' }).waitFor();
    await card('extension:801').filter({ hasText: 'Idle' }).waitFor();
    await act('park:3', 'takeBack').click();
    await card('extension:801').filter({ hasText: 'Talking' }).waitFor();
    await card('park:3').filter({ hasText: 'Free' }).waitFor();
    await bar('hold').click();
    await card('extension:801').filter({ hasText: 'On hold' }).waitFor();
    await bar('retrieve').click();
    await card('extension:801').filter({ hasText: 'Talking' }).waitFor();
  });

  test('a colleague is called by their card, asked during a call, and brought into it', async () => {
    callIn(2, '13900000003');
    await bar('answer').click();
    await act('extension:804', 'consult').click();
    await card('extension:804').filter({ hasText: 'Ringing' }).waitFor();
    board.world.pbx.phone('804').lift();
    await bar('conference').first().click();
    await card('extension:804').filter({ hasText: 'Conference' }).waitFor();
    await card('extension:801').filter({ hasText: 'Conference' }).waitFor();
    await picture('conference');
    await bar('hangUp').click();
    await card('extension:801').filter({ hasText: 'Idle' }).waitFor();
  });

  test('what rings at a colleague is picked up, and passed on to another one', async () => {
    const { pbx } = board.world;
    pbx.pbx.parameters.set({ item: 8, index: 3, field: 1 }, Uint8Array.of(0b0000_1000));
    callIn(3, '13900000002');
    await act('extension:804', 'pickUp').click();
    await card('extension:801').filter({ hasText: 'Talking' }).waitFor();
    await act('extension:805', 'transfer').click();
    await card('extension:805').filter({ hasText: 'Ringing' }).waitFor();
    pbx.phone('805').lift();
    await card('extension:805').filter({ hasText: '139 0000 0002' }).filter({ hasText: 'Talking' }).waitFor();
  });

  test('works by keyboard alone: dial, hang up, walk over the cards, act', async () => {
    await page.locator('body').press('/');
    await page.keyboard.type('01066668888');
    await page.keyboard.press('Enter');
    await card('extension:801').filter({ hasText: 'Talking · out' }).waitFor();
    await focus(bar('hangUp'));
    await page.keyboard.press('Enter');
    await card('extension:801').filter({ hasText: 'Idle' }).waitFor();
    await focus(act('extension:803', 'call'));
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Call: 804');
    await page.keyboard.press('Enter');
    await card('extension:804').filter({ hasText: 'Ringing' }).waitFor();
    await bar('hangUp').click();
  });

  test('pages everybody, switches to night and back, and speaks Chinese', async () => {
    await bar('page').click();
    await page.locator('cti-agent-bar .menu button').locator('visible=true').first().click();
    await page.locator('cti-agent-bar li[data-state=connected]').waitFor();
    await bar('hangUp').click();
    await page.locator('[data-mode=night]').click();
    await page.locator('[data-mode=night][aria-pressed=true]').waitFor();
    expect(board.world.pbx.pbx.parameters.number(17, 0)).toBe(1);
    await page.locator('[data-mode=day]').click();
    await page.locator('[data-mode=day][aria-pressed=true]').waitFor();
    await page.locator('#language').click();
    expect(await page.title()).toBe('电话看板');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    expect(await card('extension:808').textContent()).toContain('免打扰');
    expect(await act('extension:804', 'call').textContent()).toBe('呼叫');
    await picture('chinese');
    await page.locator('#language').click();
    expect(await page.title()).toBe('Telephone board');
  });

  test('every control has a name, every list an owner with a heading, and nothing is wider than the page', async () => {
    const nameless = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, select, a')].filter(
          (one) => ((one.getAttribute('aria-label') ?? '') || (one.textContent ?? '')).trim() === '',
        ).length,
    );
    expect(nameless).toBe(0);
    expect(await page.locator('main section[aria-labelledby] > h2').count()).toBe(3);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await picture('narrow');
    await page.setViewportSize({ width: 1_280, height: 900 });
  });

  test('a call can be noted after its end, and what was begun is kept when the next one ends', async () => {
    const talk = async (line: number, number: string): Promise<Locator> => {
      const caller = callIn(line, number);
      await bar('answer').click();
      await card('extension:801').filter({ hasText: 'Talking' }).waitFor();
      caller.hangUp();
      const after = page.getByRole('group', { name: new RegExp(`^Last call.*${number.slice(-4)}$`, 'u') });
      await after.waitFor();
      return after;
    };
    const first = await talk(1, '13900000001');
    await first.getByLabel('Note on this call').fill('call back on Monday');
    await first.getByLabel('Category').selectOption('Order');
    await picture('note');

    const second = await talk(2, '13900000002');
    const note = second.getByLabel('Note on this call');
    expect(await note.inputValue()).toBe('');
    await note.fill('wants two');
    await second.getByLabel('Category').selectOption('Order');
    await second.locator('[data-action=saveNote]').click();
    await expect.poll(() => note.count()).toBe(0);
    const { token } = await board.server.makeToken({ userId: 'x', role: 'admin', ttlS: 600 });
    const headers = { authorization: `Bearer ${token}` };
    const notes = async (): Promise<(string | undefined)[]> => {
      const answer = await fetch(`${board.url}/v1/cdrs?category=Order`, { headers });
      const { items } = (await answer.json()) as { items: { note?: { text?: string; by?: string } }[] };
      return items.map((item) => `${item.note?.by}: ${item.note?.text}`).sort();
    };
    await expect.poll(notes).toEqual(['ann: call back on Monday', 'ann: wants two']);
  });

  test('the PBX is lost and found again, and the page says so', async () => {
    // All that it says, however short, also while nobody looks.
    const said = await page.evaluateHandle(() => {
      const words: string[] = [];
      const link = document.querySelector('#link');
      const look = () => words.push(`${link?.getAttribute('data-state')}: ${link?.textContent}`);
      new MutationObserver(look).observe(document.body, {
        attributes: true,
        childList: true,
        characterData: true,
        subtree: true,
      });
      return words;
    });
    board.world.pbx.losePower(8_000);
    const lost = () => said.evaluate((words) => words.some((one) => /^bad: .*cannot be reached/u.test(one)));
    await expect.poll(lost, { timeout: 60_000 }).toBe(true);
    await page.locator('#link[data-state=good]').waitFor({ timeout: 60_000 });
  });
});
