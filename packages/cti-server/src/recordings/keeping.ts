import type { Clock, CtiDriver, Logger, SwitchId } from '@cordboard/cti-core';
import { letGo } from '../let-go.js';
import type { RecordStore } from '../store/port.js';
import { DiskWatch } from './disk-watch.js';
import { type LibraryOptions, RecordingLibrary } from './library.js';
import { SecondCopy } from './second-copy.js';

const LOW_DISK_BYTES = 2 * 1024 ** 3;

/** What recordings are kept with. `dir`: the data folder. */
export interface KeepingOptions {
  readonly dir: string;
  readonly settings: { readonly secondCopy?: string; readonly lowDiskBytes?: number } | undefined;
  readonly store: RecordStore;
  readonly messages: NonNullable<LibraryOptions['messages']>;
  readonly driver: (switchId: SwitchId) => CtiDriver | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly note: (code: string) => void;
}

/** The library of recordings with its second copy and the watch over their disks: started, settled and stopped together. */
export class RecordingKeeping {
  readonly library: RecordingLibrary;
  readonly disks: DiskWatch;
  readonly #secondCopy: SecondCopy | undefined;

  constructor(options: KeepingOptions) {
    const { dir, settings, store, messages, driver, clock, log, note } = options;
    const to = settings?.secondCopy;
    this.#secondCopy = to === undefined ? undefined : new SecondCopy({ from: dir, to, store, clock, log, note });
    this.disks = new DiskWatch({
      folders: to === undefined ? [dir] : [dir, to],
      lowBytes: settings?.lowDiskBytes ?? LOW_DISK_BYTES,
      ...{ clock, log, note },
    });
    const copies = this.#secondCopy === undefined ? {} : { secondCopy: this.#secondCopy };
    this.library = new RecordingLibrary({ dir, store, messages, driver, clock, log, ...copies });
  }

  async start(): Promise<void> {
    await this.disks.start();
    await this.library.start();
  }

  /** Resolves when nothing is being fetched or copied. */
  async settled(): Promise<void> {
    await this.library.settled();
    await this.#secondCopy?.settled();
  }

  async stop(): Promise<void> {
    const failures = await letGo([() => this.library.stop(), () => this.#secondCopy?.stop(), () => this.disks.stop()]);
    if (failures[0] !== undefined) throw failures[0];
  }
}
