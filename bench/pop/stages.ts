// Where the time between a switch's event and the frame goes inside the server: the ports of the journal and of the engine, timed.
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import process from 'node:process';
import { CORE_VERSION, createEngine, restoreEngine } from '@cordboard/cti-core';
import type { EngineMaker, JournalStorage } from '@cordboard/cti-server';
import { machineNow } from './phones.js';

/** What one ringing phone's way took, ms. */
export interface Way {
  /** From the switch's event to the write of its batch: others were under way. */
  readonly waited: number;
  /** From the write to the disk's word. */
  readonly synced: number;
  /** From there to the engine's answer; batches before it come first. */
  readonly applied: number;
}

/** Notes the stages of the server it is given to. */
export class Stages {
  readonly ways: Way[] = [];
  readonly syncs: number[] = [];
  /** Wall time of collections, ms. */
  readonly collections: number[] = [];
  readonly #loop = monitorEventLoopDelay({ resolution: 1 });
  readonly #rangNs = new Map<string, number>();
  /** Beginnings and ends of the writes whose inputs were not applied yet. */
  readonly #writes: { readonly beganNs: number; endedNs: number; left: number }[] = [];
  #applyUs = 0;
  #inputs = 0;

  constructor() {
    this.#loop.enable();
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.collections.push(duration);
    });
    observer.observe({ entryTypes: ['gc'] });
  }

  /** A phone rings: notes when the server was told. */
  rang(connectionId: string): void {
    this.#rangNs.set(connectionId, machineNow());
  }

  /** Forgets what was before the run. */
  begin(): void {
    this.#loop.reset();
    this.ways.length = 0;
    this.syncs.length = 0;
    this.collections.length = 0;
    this.#applyUs = 0;
    this.#inputs = 0;
  }

  /** The longest delays of the event loop, ms, and the engine's CPU an input, microseconds. */
  get figures(): { readonly loopP99Ms: number; readonly loopMaxMs: number; readonly applyUs: number } {
    return {
      loopP99Ms: this.#loop.percentile(99) / 1e6,
      loopMaxMs: this.#loop.max / 1e6,
      applyUs: this.#applyUs / Math.max(1, this.#inputs),
    };
  }

  /** The storage, timed. */
  storage(inner: JournalStorage): JournalStorage {
    return {
      ...inner,
      openAppend: async (name) => {
        const file = await inner.openAppend(name);
        return {
          append: async (bytes) => {
            const write = { beganNs: machineNow(), endedNs: 0, left: bytes.filter((byte) => byte === 0x0a).length };
            this.#writes.push(write);
            await file.append(bytes);
            write.endedNs = machineNow();
            this.syncs.push((write.endedNs - write.beganNs) / 1e6);
          },
          close: () => file.close(),
        };
      },
    };
  }

  /** The engine, timed. */
  get maker(): EngineMaker {
    return { version: CORE_VERSION, create: () => this.#timed(createEngine()), restore: restoreEngine };
  }

  #timed(engine: ReturnType<typeof createEngine>): ReturnType<typeof createEngine> {
    const apply = engine.apply.bind(engine);
    // The header of a file is a write of one line that no input follows.
    this.#writes.splice(0, 1);
    engine.apply = (input) => {
      const before = process.cpuUsage();
      const effects = apply(input);
      const { user, system } = process.cpuUsage(before);
      this.#applyUs += user + system;
      this.#inputs += 1;
      this.#note(input);
      return effects;
    };
    return engine;
  }

  #note(input: Parameters<ReturnType<typeof createEngine>['apply']>[0]): void {
    if (input.kind === 'boot') this.#writes.splice(0, this.#writes.length - 1);
    const write = this.#writes[0];
    if (write === undefined) return;
    const beganNs =
      input.kind === 'driver' && input.event.type === 'alerting'
        ? this.#rangNs.get(input.event.connectionId)
        : undefined;
    if (beganNs !== undefined) {
      this.ways.push({
        waited: (write.beganNs - beganNs) / 1e6,
        synced: (write.endedNs - write.beganNs) / 1e6,
        applied: (machineNow() - write.endedNs) / 1e6,
      });
    }
    write.left -= 1;
    if (write.left === 0) this.#writes.shift();
  }
}
