import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A real serial cable between two ptys, made by socat: it can be pulled and put back, and lies under the same names then. */
export class Ptys {
  /** The host's end and the PBX's. */
  readonly host: string;
  readonly pbx: string;
  #socat: ChildProcess | undefined;
  readonly #held: FileHandle[] = [];

  /** @param folder - where the names of both ends lie */
  constructor(folder: string) {
    this.host = join(folder, 'host');
    this.pbx = join(folder, 'pbx');
  }

  /** Puts the cable in. Resolves when bytes go through. */
  async plug(): Promise<void> {
    const end = (link: string): string => `pty,raw,echo=0,link=${link}`;
    const socat = spawn('socat', ['-d', '-d', end(this.host), end(this.pbx)], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#socat = socat;
    const said: string[] = [];
    for await (const text of socat.stderr) {
      said.push(String(text));
      if (said.join('').includes('starting data transfer loop')) {
        socat.stderr.resume();
        return this.#hold();
      }
    }
    throw new Error(`socat made no pair of ptys: ${said.join('')}`);
  }

  /** Pulls it. Twice is once. */
  async pull(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    await Promise.all(this.#held.splice(0).map((end) => end.close()));
    if (socat === undefined || socat.exitCode !== null) return;
    const gone = once(socat, 'exit');
    socat.kill();
    await gone;
  }

  /** A cable stays in when a program closes its port; socat would go with the last one that has an end open. */
  async #hold(): Promise<void> {
    for (const end of [this.host, this.pbx]) this.#held.push(await open(end, constants.O_RDWR | constants.O_NOCTTY));
  }
}
