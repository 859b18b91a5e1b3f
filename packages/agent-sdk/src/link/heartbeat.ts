import type { Clock } from '@cordboard/cti-core';

/** A timer that runs on in a page that nobody looks at. */
export interface SteadyTicker {
  stop(): void;
}

/** Makes a ticker that calls `tick` about every `everyMs`. */
export type TickerFactory = (everyMs: number, tick: () => void) => SteadyTicker;

/** A ticker over the clock's timers: right for Node and for tests. */
export function clockTicker(clock: Clock): TickerFactory {
  return (everyMs, tick) => {
    let cancel = (): void => undefined;
    const arm = (): void => {
      cancel = clock.setTimer(everyMs, () => {
        arm();
        tick();
      });
    };
    arm();
    return { stop: () => cancel() };
  };
}

const workerSource = 'onmessage=(e)=>setInterval(()=>postMessage(0),e.data)';

interface WorkerLike {
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  postMessage(value: number): void;
  terminate(): void;
}

interface PageGlobals {
  readonly document?: unknown;
  readonly Worker?: new (url: string) => WorkerLike;
  readonly Blob?: new (parts: string[], options: { type: string }) => Blob;
  readonly URL?: { createObjectURL?: (blob: Blob) => string; revokeObjectURL?: (url: string) => void };
}

/**
 * The ticker of the present host. A desk often sits in a tab behind the page that it popped; browsers let the timers of
 * such a tab run once a minute at most, which is longer than an agent's lease. Timers of a worker are not slowed, so the beat comes
 * from one where the page's policy allows it, else from the page's timers.
 */
export function hostTicker(clock: Clock): TickerFactory {
  const plain = clockTicker(clock);
  const page = globalThis as PageGlobals;
  return (everyMs, tick) => {
    const { Worker, Blob, URL } = page;
    if (page.document === undefined || !Worker || !Blob || !URL?.createObjectURL) return plain(everyMs, tick);
    let url: string | undefined;
    let worker: WorkerLike | undefined;
    let fallback: SteadyTicker | undefined;
    const usePlain = (): void => {
      worker?.terminate();
      worker = undefined;
      fallback ??= plain(everyMs, tick);
    };
    const drop = (): void => {
      if (url !== undefined) URL.revokeObjectURL?.(url);
      url = undefined;
    };
    try {
      url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
      worker = new Worker(url);
      worker.onmessage = () => {
        drop();
        tick();
      };
      // A content security policy without `worker-src blob:` ends up here.
      worker.onerror = () => {
        drop();
        usePlain();
      };
      worker.postMessage(everyMs);
    } catch {
      // Some policies throw at once instead; the page's own timers are good enough while it is looked at.
      drop();
      usePlain();
    }
    return {
      stop: () => {
        drop();
        worker?.terminate();
        worker = undefined;
        fallback?.stop();
      },
    };
  };
}
