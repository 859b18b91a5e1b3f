import type { StreamSnapshot, TenantConfig } from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import type { EventText } from './event-text.js';
import { maskEvent, maskSnapshot } from './mask.js';
import { MaskRules } from './mask-rules.js';
import type { References } from './references.js';

/** So many events that were told once more keep what masked readers see of them: clients that come back together ask for the same ones. */
const MASKED_KEPT = 2048;

/** Shows events and snapshots as each mask class may see them, and writes each of them once per class. */
export class Masker {
  readonly #references: References;
  #rules: Readonly<Record<'masked' | 'hidden', MaskRules>>;
  readonly #kept: EventText[] = [];
  #next = 0;

  constructor(config: TenantConfig, references: References) {
    this.#references = references;
    this.#rules = this.#rulesOf(config);
  }

  /** Follows a change of the configuration: what is internal may be another set of numbers now. */
  configure(config: TenantConfig): void {
    this.#rules = this.#rulesOf(config);
    for (const text of this.#kept.splice(0)) text.forget();
    this.#next = 0;
  }

  /** The rules of a class; `undefined` for `clear`. */
  rules(maskClass: MaskClass): MaskRules | undefined {
    return maskClass === 'clear' ? undefined : this.#rules[maskClass];
  }

  /** The JSON text of an event for a class: made at the first asking, the same text after that, in every stream that carries the event. */
  json(text: EventText, maskClass: MaskClass): string {
    const rules = this.rules(maskClass);
    if (rules === undefined) return text.clear;
    const known = text.shown(rules.maskClass);
    if (known !== undefined) return known;
    const made = JSON.stringify(maskEvent(text.event, rules));
    if (text.state === 'settled') this.#keep(text);
    text.note(rules.maskClass, made);
    return made;
  }

  snapshot(snapshot: StreamSnapshot, maskClass: MaskClass): StreamSnapshot {
    const rules = this.rules(maskClass);
    return rules === undefined ? snapshot : maskSnapshot(snapshot, rules);
  }

  #keep(text: EventText): void {
    if (text.shown('masked') !== undefined || text.shown('hidden') !== undefined) return;
    this.#kept[this.#next]?.forget();
    this.#kept[this.#next] = text;
    this.#next = (this.#next + 1) % MASKED_KEPT;
  }

  #rulesOf(config: TenantConfig): Readonly<Record<'masked' | 'hidden', MaskRules>> {
    return {
      masked: new MaskRules('masked', config, this.#references),
      hidden: new MaskRules('hidden', config, this.#references),
    };
  }
}
