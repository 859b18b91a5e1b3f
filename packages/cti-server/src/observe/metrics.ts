import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Figures that are asked for when somebody reads the metrics. */
export interface MetricSources {
  readonly inputs: () => number;
  readonly engineFailures: () => number;
  readonly pendingInputs: () => number;
  readonly timers: () => number;
  readonly clients: () => number;
  readonly streamEvents: () => number;
  readonly framesSent: () => number;
  readonly pendingRecords: () => number;
  /** Free bytes where recordings go: the data folder, the second copy. */
  readonly freeBytes: () => readonly number[];
  /** Switches by their ids and links by `<switch>/<link>`. */
  readonly links: () => Readonly<Record<string, 'up' | 'down'>>;
  /** What `/readyz` says. */
  readonly isReady: () => boolean;
  readonly engineCounters: () => Readonly<Record<string, number>>;
}

/** The server's metrics in a registry of its own: two servers in one process do not mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #notes: Counter;
  readonly #frames: Counter;
  readonly #commands: Histogram;
  readonly #questions: Histogram;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name: `cordboard_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    };
    gauge('inputs_total', 'Inputs that were made durable and applied', sources.inputs);
    gauge('engine_failures_total', 'Inputs on which the engine threw', sources.engineFailures);
    gauge('inputs_pending', 'Inputs that wait for the disk', sources.pendingInputs);
    gauge('timers', 'Timers that run', sources.timers);
    gauge('clients', 'Connected WebSocket clients', sources.clients);
    gauge('stream_events_total', 'Events published to streams', sources.streamEvents);
    gauge('frames_sent_total', 'Event frames handed to clients', sources.framesSent);
    gauge('records_pending', 'Records that wait for the database', sources.pendingRecords);
    new Gauge({
      name: 'cordboard_disk_free_bytes',
      help: 'Free space where recordings go; -1: cannot be seen',
      labelNames: ['folder'],
      registers,
      collect() {
        for (const [index, bytes] of sources.freeBytes().entries()) {
          this.set({ folder: index === 0 ? 'data' : 'secondCopy' }, bytes);
        }
      },
    });
    gauge('ready', '1 while /readyz says 200', () => (sources.isReady() ? 1 : 0));
    new Gauge({
      name: 'cordboard_link_up',
      help: '1 while the switch, or the link of it, is synced; link is empty for the switch as a whole',
      labelNames: ['switch', 'link'],
      registers,
      collect() {
        for (const [key, state] of Object.entries(sources.links())) {
          const [switchId = '', link = ''] = key.split('/', 2);
          this.set({ switch: switchId, link }, state === 'up' ? 1 : 0);
        }
      },
    });
    new Gauge({
      name: 'cordboard_engine',
      help: 'Counters of the engine by name',
      labelNames: ['counter'],
      registers,
      collect() {
        for (const [counter, value] of Object.entries(sources.engineCounters())) this.set({ counter }, value);
      },
    });
    this.#notes = new Counter({
      name: 'cordboard_notes_total',
      help: 'What a person should see, by code',
      labelNames: ['code', 'level'],
      registers,
    });
    this.#frames = new Counter({
      name: 'cordboard_client_frames_total',
      help: 'Frames of clients, by what became of them',
      labelNames: ['kind'],
      registers,
    });
    this.#commands = new Histogram({
      name: 'cordboard_driver_command_seconds',
      help: 'Time from a driver command to its reply',
      labelNames: ['type', 'outcome'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    });
    this.#questions = new Histogram({
      name: 'cordboard_flow_question_seconds',
      help: 'Time from a question of a flow to its answer, with all tries',
      labelNames: ['type', 'outcome'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
      registers,
    });
  }

  note(code: string, level: string): void {
    this.#notes.inc({ code, level });
  }

  frame(kind: string): void {
    this.#frames.inc({ kind });
  }

  driverCommand(type: string, outcome: string, tookMs: number): void {
    this.#commands.observe({ type, outcome }, tookMs / 1000);
  }

  question(type: string, outcome: string, tookMs: number): void {
    this.#questions.observe({ type, outcome }, tookMs / 1000);
  }

  /** The text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
