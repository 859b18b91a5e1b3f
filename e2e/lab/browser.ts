import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { PATIENCE_MS } from './wait.js';

const BINARIES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine, or `undefined` when there is none: the suite then says what it skips. */
export function chromiumPath(): string | undefined {
  return process.env.CHROMIUM_PATH ?? BINARIES.find((path) => existsSync(path));
}

/** One agent's browser: a context of its own (storage, cookies) with one or more tabs. */
export interface DeskBrowser {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the pages wrote to the console and their uncaught errors, for a failure's report. */
  readonly console: readonly string[];
}

/** A real Chromium without a window. */
export class LabBrowser {
  readonly #browser: Browser;
  readonly #desks = new Map<string, DeskBrowser>();

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  /**
   * Starts it.
   * @throws {Error} when no Chromium is installed.
   */
  static async start(): Promise<LabBrowser> {
    const executablePath = chromiumPath();
    if (executablePath === undefined) throw new Error('no Chromium: install the package chromium or set CHROMIUM_PATH');
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      timeout: 120_000,
      // No sandbox: tests may run as root. The rest keeps the browser from talking to anybody but the page's server.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    return new LabBrowser(browser);
  }

  /** A desk by name: its context is made at the first call, with one page at `url`. */
  async desk(name: string, url: string): Promise<DeskBrowser> {
    const context = await this.#browser.newContext({ viewport: { width: 1_200, height: 800 } });
    context.setDefaultTimeout(PATIENCE_MS);
    context.setDefaultNavigationTimeout(2 * PATIENCE_MS);
    const lines: string[] = [];
    const listen = (page: Page): void => {
      page.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => lines.push(`error: ${error.message}`));
    };
    context.on('page', listen);
    const page = await context.newPage();
    const desk = { context, page, console: lines };
    this.#desks.set(name, desk);
    await page.goto(url);
    return desk;
  }

  /** Pictures and console of all desks into a directory, after a failure. */
  async screenshots(dir: string): Promise<readonly string[]> {
    mkdirSync(dir, { recursive: true });
    const files: string[] = [];
    for (const [name, desk] of this.#desks) {
      for (const [index, page] of desk.context.pages().entries()) {
        const file = join(dir, `${name}-${index}.png`);
        await page.screenshot({ path: file, timeout: 5_000 }).then(
          () => files.push(file),
          () => undefined,
        );
      }
    }
    return files;
  }

  /** What all desks wrote to their consoles. */
  consoles(): string {
    return [...this.#desks].map(([name, desk]) => `== ${name}\n${desk.console.join('\n')}\n`).join('');
  }

  /** Closes one desk's context: the page is gone without a word to the server. */
  async closeDesk(name: string): Promise<void> {
    await this.#desks.get(name)?.context.close();
    this.#desks.delete(name);
  }

  /** Closes everything; may be called twice. */
  async close(): Promise<void> {
    this.#desks.clear();
    await this.#browser.close();
  }
}
