import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FlowId, IvrGraph, IvrNode } from '@cordboard/cti-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Coverage, flowTest } from '../../src/testing/index.js';
import { toHtml, viewOf } from '../../src/view/index.js';
import { layOut, NODE_WIDTH } from '../../src/view/layout.js';
import { PAGE_SCRIPT, PAGE_SCRIPT_SHA256 } from '../../src/view/page-script.js';
import { WORDS } from '../../src/view/words.js';
import { csat, office, site } from '../testing/office.js';

/** So many menus, one under the other, each with ways to the same two nodes. */
const levels = (many: number): IvrGraph => ({
  ...office,
  id: 'levels' as FlowId,
  start: 'level1',
  nodes: {
    ...Object.fromEntries(
      Array.from({ length: many }, (_, index): [string, IvrNode] => [
        `level${index + 1}`,
        {
          type: 'menu',
          say: [{ kind: 'prompt', prompt: 'front.menu' }],
          keys: { '1': index + 1 === many ? 'sales' : `level${index + 2}`, '2': 'sales', '*': 'BACK' },
          noInput: 'operator',
          noMatch: 'operator',
        },
      ]),
    ),
    sales: { type: 'queue', queue: 'sales', overflow: 'operator' },
    operator: { type: 'hangup' },
  },
});
const hostile = '</script><script>document.title="x"</script>"\'><img src=x onerror="document.title=1">';
const hostileFlow: IvrGraph = {
  ...office,
  id: hostile as FlowId,
  start: hostile,
  languages: ['en'],
  nodes: {
    [hostile]: { type: 'mode', mode: hostile, ways: { [hostile]: hostile, __proto__x: 'nowhere' }, otherwise: 'END' },
  },
  prompts: { [hostile]: { en: { text: hostile } } },
};

describe('the drawing', () => {
  test.each<[string, IvrGraph]>([
    ['office', office],
    ['csat', csat],
    ['a hundred levels', levels(100)],
    ['one node', levels(0)],
  ])('of %s: no two nodes overlap, and lines run to the next column', (_, graph) => {
    const view = viewOf(graph);
    const { boxes, lines, width, height } = layOut(view);
    expect(boxes).toHaveLength(view.nodes.length);
    for (const [index, a] of boxes.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + NODE_WIDTH <= width && a.y + a.height <= height).toBe(true);
      for (const b of boxes.slice(index + 1)) {
        const apart = a.x + NODE_WIDTH < b.x || b.x + NODE_WIDTH < a.x || a.y + a.height < b.y || b.y + b.height < a.y;
        expect(apart).toBe(true);
      }
    }
    for (const line of lines) {
      const [from = 0, edge = 0] = line.split(' ').map(Number);
      const to = view.nodes.findIndex(({ name }) => name === view.nodes[from]?.edges[edge]?.to);
      expect((boxes[to]?.x ?? 0) - (boxes[from]?.x ?? 0)).toBeGreaterThan(NODE_WIDTH);
    }
  });
  test('a long flow is folded to about the shape of a screen', () => {
    const { width, height } = layOut(viewOf(levels(100)));
    expect(width / height).toBeGreaterThan(0.8);
    expect(width / height).toBeLessThan(3.5);
  });
});

describe('the page', () => {
  test('allows its own program alone, and no connection', () => {
    expect(createHash('sha256').update(PAGE_SCRIPT).digest('base64')).toBe(PAGE_SCRIPT_SHA256);
    const page = toHtml(office);
    expect(page).toContain(`script-src 'sha256-${PAGE_SCRIPT_SHA256}'`);
    expect(page).not.toMatch(/https?:\/\/(?!shop\.example)/);
    expect(page).not.toMatch(/<(link|img|iframe)\b|@import|url\((?!#)/);
  });
  test('has every word in both languages', () => {
    for (const [key, { en, zh }] of Object.entries(WORDS)) {
      expect(en, key).not.toBe('');
      expect(key === 'type.http' || /[\u4e00-\u9fff]/.test(zh), key).toBe(true);
    }
    for (const node of Object.values(office.nodes)) expect(WORDS).toHaveProperty([`type.${node.type}`]);
  });
  test('keeps names and words from outside out of its markup', () => {
    const page = toHtml(hostileFlow);
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(2);
  });
});

const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);

describe.skipIf(executablePath === undefined)('in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];
  const open = async (graph: IvrGraph, options: Parameters<typeof toHtml>[1] = {}): Promise<void> => {
    errors.length = 0;
    await page.setContent(toHtml(graph, { language: 'en', ...options }));
  };
  const scale = () =>
    page.evaluate(() => Number(document.querySelector('#drawing')?.getAttribute('viewBox')?.split(' ')[2]));
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      timeout: 120_000,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('request', (request) => errors.push(request.url()));
  }, 180_000);
  afterAll(() => browser?.close());

  test('a node is found by its name and by its words, shown, and led on from, by keys alone', async () => {
    await open(levels(100));
    await page.keyboard.press('/');
    await page.keyboard.type('level57');
    await page.keyboard.press('Enter');
    expect(await page.locator('aside h2').textContent()).toBe('level57');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^level57, menu/);
    const box = await page.locator('.node.chosen').boundingBox();
    expect(box !== null && box.x > 0 && box.x + box.width < 1200 && box.y > 0).toBe(true);
    await page.locator('aside a', { hasText: 'level58' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('aside h2').textContent()).toBe('level58');
    await page.keyboard.press('Escape');
    expect(await page.locator('aside').isVisible()).toBe(false);
    await page.fill('#search', 'press one');
    expect(await page.locator('.found li').count()).toBe(30);
    expect(errors).toEqual([]);
  });

  test('it is moved and zoomed by pointer and by keys', async () => {
    await open(office);
    const before = await scale();
    await page.keyboard.press('+');
    const closer = await scale();
    expect(closer).toBeLessThan(before);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 400);
    // A wheel's turn is on its way when it is sent.
    await expect.poll(scale).toBeGreaterThan(closer);
    const x = () =>
      page.evaluate(() => Number(document.querySelector('#drawing')?.getAttribute('viewBox')?.split(' ')[0]));
    const left = await x();
    await page.keyboard.press('ArrowRight');
    expect(await x()).toBeGreaterThan(left);
    await page.keyboard.press('0');
    expect(errors).toEqual([]);
  });

  test('both languages, both colours, drawing and list', async () => {
    await open(office);
    await page.click('[data-lang=zh]');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    expect(await page.locator('[data-view=list]').textContent()).toBe('列表');
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await colour();
    await page.click('.theme');
    expect(await colour()).not.toBe(before);
    await page.click('[data-view=list]');
    expect(await page.locator('.listing').isVisible()).toBe(true);
    expect(await page.locator('.canvas').isVisible()).toBe(false);
    await page.locator('.listing a', { hasText: 'house' }).first().click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('house');
    expect(errors).toEqual([]);
  });

  test('what tests went through lies over it, when asked', async () => {
    const coverage = new Coverage();
    flowTest(office, { ...site, coverage }).presses('6');
    await open(office, { coverage: coverage.toFile() });
    expect(await page.locator('#overlay').inputValue()).toBe('coverage');
    expect(await page.locator('.node.hit').count()).toBe(6);
    await page.selectOption('#overlay', 'plain');
    expect(await page.locator('tspan.coverage').first().isVisible()).toBe(false);
    await open({ ...office, version: '2' }, { coverage: coverage.toFile() });
    expect(await page.locator('.note').textContent()).toContain('another version');
  });

  test('hostile names are text', async () => {
    await open(hostileFlow);
    expect(await page.title()).toBe(hostile);
    await page.locator('.node').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('aside h2').textContent()).toBe(hostile);
    expect(errors).toEqual([]);
  });
});
