import type { Page } from 'playwright-core';
import type { LabBrowser } from './browser.js';
import type { AgentName } from './floor-config.js';
import { until } from './wait.js';

/** Whoever has a browser: a scenario's laboratory, or a test of its own. */
interface HasBrowser {
  browser(): Promise<LabBrowser>;
}

/** Where desks connect. */
interface DeskFloor {
  readonly url: string;
  readonly tokens: Readonly<Record<string, string>>;
}

/** What a customer's page shows, and since when. */
export interface Popped {
  readonly number: string;
  readonly path: string;
  readonly note: string;
  /** By the clock of the page. */
  readonly shownWallMs: number;
}

/** In the page: where its desk is, and the states that the agent came by. */
const TOLD =
  'JSON.stringify({ link: window.desk?.link, agent: window.desk?.agent, states: window.states, pops: window.pops?.length, calls: [...(window.desk?.calls ?? [])].map((call) => [call.id, call.state, call.pending]) })';

/** An agent's desk in a real browser: `<cti-agent-bar>` and the frame in which it pops customers. */
export class DeskPage {
  readonly page: Page;
  readonly name: AgentName;

  private constructor(page: Page, name: AgentName) {
    this.page = page;
    this.name = name;
  }

  /** Opens it and waits until it is linked to the server. */
  static async open(lab: HasBrowser, floor: DeskFloor, name: AgentName): Promise<DeskPage> {
    const browser = await lab.browser();
    const desk = await browser.desk(name, `${floor.url}/lab/desk#${floor.tokens[name] ?? ''}`);
    const page = new DeskPage(desk.page, name);
    await page.linked();
    return page;
  }

  /** Resolves when the bar has its desk. */
  async linked(): Promise<void> {
    await this.sees('linked to the server', 'window.desk?.link === "online"');
  }

  /** Presses a button of the bar. */
  async press(action: string): Promise<void> {
    const button = this.page.locator(`cti-agent-bar [data-action="${action}"]:visible`).first();
    await this.#told(button.click(), `a button ${action}`);
  }

  /** Passes the call on that is talked in: consult, transfer or add. */
  async passOn(action: 'consult' | 'transfer', to: string, note: string): Promise<void> {
    await this.press('passOn');
    const target = this.page.locator('cti-agent-bar .target:visible').first();
    await target.locator('input[type=tel]').fill(to);
    await target.locator('input[type=text]').fill(note);
    await target.locator(`[data-action="${action}"]`).click();
  }

  /** Resolves when the agent's state word is this one. */
  async isState(state: string): Promise<void> {
    await this.sees(`agent state ${state}`, `window.desk?.agent.state === ${JSON.stringify(state)}`);
  }

  /** Resolves when the agent's latest states were these, in this order. */
  async cameBy(...states: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(states);
    await this.sees(`states ${wanted}`, `JSON.stringify(window.states.slice(-${states.length})) === '${wanted}'`);
  }

  /** Resolves when the desk has a call in this state. */
  async hasCall(state: string): Promise<void> {
    await this.sees(
      `a call that is ${state}`,
      `[...window.desk.calls].some((call) => call.state === ${JSON.stringify(state)})`,
    );
  }

  /** Resolves when the frame shows a customer; answers what it shows. */
  async popped(): Promise<Popped> {
    const frame = this.page.frameLocator('#customer');
    const text = async (id: string): Promise<string> => (await frame.locator(`#${id}`).textContent()) ?? '';
    // Last of all the page says when it was shown.
    await this.#told(
      until(async () => (await text('shown')) !== '', { what: 'the page of a customer' }),
      'a customer',
    );
    const [number, path, note, shown] = [
      await text('number'),
      await text('path'),
      await text('note'),
      await text('shown'),
    ];
    return { number, path, note, shownWallMs: Number(shown) };
  }

  /** The value of an expression in the page. */
  read<T>(expression: string): Promise<T> {
    return this.page.evaluate<T>(expression);
  }

  async sees(what: string, expression: string): Promise<void> {
    await this.#told(this.page.waitForFunction(expression, undefined, { polling: 20 }), what);
  }

  /** `work`, whose failure tells what the page was told meanwhile. */
  #told<T>(work: Promise<T>, what: string): Promise<T> {
    return work.catch(async (error: unknown) => {
      const seen = await this.read<string>(TOLD).catch(String);
      throw new Error(`${this.name}: not ${what}; seen: ${seen}; ${String(error).split('\n')[0] ?? ''}`);
    });
  }
}
