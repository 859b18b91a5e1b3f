import { setMaxListeners } from 'node:events';
import {
  type Clock,
  type IvrAnswer,
  type IvrQuestion,
  isCtiError,
  type Logger,
  type Lookup,
} from '@cordboard/cti-core';
import * as z from 'zod';
import { bounded, NoAnswer } from './bounded.js';
import { askHost } from './host.js';
import { askHttp, type HttpOptions } from './http.js';
import { MAX_VALUE } from './pointer.js';
import type { AreaProvider, FaxService, HostFunction, SpeechRecogniser } from './providers.js';
import { type SpokenSource, spokenAudio } from './spoken.js';

/** A flow's question with its bounds. */
export type IvrLookup = Extract<Lookup, { type: 'ivr' }>;

/** Who answers flows. What is absent answers `failed`. */
export interface QuestionOptions extends SpokenSource {
  readonly http: Omit<HttpOptions, 'clock' | 'log' | 'random'>;
  readonly functions: ReadonlyMap<string, HostFunction>;
  readonly area: AreaProvider | undefined;
  readonly recognise: SpeechRecogniser | undefined;
  readonly fax: FaxService | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Counts questions by their type and what came of them: the way of an answer is not told, it may be the service's own word. */
  readonly count?: (type: IvrQuestion['type'], outcome: IvrAnswer['outcome'], tookMs: number) => void;
}

/** Questions that may be under way at once; one more is `failed` at once. */
const AT_ONCE = 500;
const FAILED: IvrAnswer = { outcome: 'failed' };
const word = z.string().max(MAX_VALUE);
const areaReply = z.object({ province: word.optional(), city: word.optional(), carrier: word.optional() }).optional();
const heard = z.discriminatedUnion('way', [
  z.object({ way: z.literal('match'), text: word }),
  z.object({ way: z.literal('noInput') }),
  z.object({ way: z.literal('noMatch') }),
]);

/** Asks the world outside what flows want to know: bounded in time and number, never rejecting. */
export class Questions {
  readonly #options: QuestionOptions;
  readonly #stopping = new AbortController();
  #running = 0;

  constructor(options: QuestionOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Questions under way. */
  get running(): number {
    return this.#running;
  }

  /** Asks, as often as `tries` allows where a second try can help; the answer is always one. */
  async ask({ question, key, timeoutMs, tries }: IvrLookup): Promise<IvrAnswer> {
    const { log } = this.#options;
    if (this.#running >= AT_ONCE) {
      log.warn('too many questions of flows at once', { type: question.type });
      return FAILED;
    }
    this.#running += 1;
    const beganMs = this.#options.clock.nowMs();
    const told = (answer: IvrAnswer): IvrAnswer => {
      this.#options.count?.(question.type, answer.outcome, this.#options.clock.nowMs() - beganMs);
      return answer;
    };
    try {
      return told(await this.#ask({ question, key, timeoutMs, tries }));
    } catch (error) {
      // Texts of somebody else's errors may hold what the caller said or typed.
      const reason = error instanceof NoAnswer ? 'timeout' : isCtiError(error) ? error.code : nameOf(error);
      log.warn('a question of a flow failed', { type: question.type, reason });
      return told(FAILED);
    } finally {
      this.#running -= 1;
    }
  }

  /** Ends the wait of all that are under way. */
  stop(): void {
    this.#stopping.abort();
  }

  async #ask(one: Pick<IvrLookup, 'question' | 'key' | 'timeoutMs' | 'tries'>): Promise<IvrAnswer> {
    const { clock, log, random, http } = this.#options;
    const { signal } = this.#stopping;
    if (one.question.type === 'http') {
      return askHttp({ ...one, question: one.question, signal }, { ...http, clock, log, random });
    }
    const { question, key, timeoutMs } = one;
    for (let n = 1; ; n++) {
      try {
        return await bounded((inner) => this.#once(question, { key, signal: inner }), { clock, timeoutMs, signal });
      } catch (error) {
        if (n >= one.tries || signal.aborted) throw error;
      }
    }
  }

  async #once(
    question: Exclude<IvrQuestion, { type: 'http' }>,
    call: { readonly key: string; readonly signal: AbortSignal },
  ): Promise<IvrAnswer> {
    const { functions, area, recognise, fax } = this.#options;
    switch (question.type) {
      case 'host':
        return askHost(question, functions, call);
      case 'area': {
        if (area === undefined) return FAILED;
        const found = areaReply.parse(await area(question.number, call)) ?? {};
        const values = Object.entries(found).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]));
        return { outcome: 'answered', way: 'done', values: Object.fromEntries(values) };
      }
      case 'speech': {
        if (recognise === undefined) return FAILED;
        const audio = await spokenAudio(question.recordingId, this.#options, call.signal);
        const { language, phrases } = question;
        return spoken(heard.parse(await recognise(audio, { language, phrases, signal: call.signal })), phrases);
      }
      case 'fax': {
        if (fax === undefined) return FAILED;
        const { document, number } = question;
        await fax({ document, number, key: call.key }, { signal: call.signal });
        return { outcome: 'answered', way: 'done', values: {} };
      }
    }
  }
}

/** A service may hear more than it was asked for: words that are none of the phrases are `noMatch`. */
function spoken(said: z.output<typeof heard>, phrases: readonly string[]): IvrAnswer {
  if (said.way !== 'match') return { outcome: 'answered', way: said.way, values: {} };
  const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
  const phrase = phrases.length === 0 ? said.text : phrases.find((one) => plain(one) === plain(said.text));
  if (phrase === undefined) return { outcome: 'answered', way: 'noMatch', values: {} };
  return { outcome: 'answered', way: 'match', values: { text: phrase } };
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
