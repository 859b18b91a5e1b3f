import type { PublishedEvent, StreamSnapshot, TenantConfig } from '@cordboard/cti-core';
import type { MaskClass } from '@cordboard/cti-protocol/types';
import { maskEvent, maskSnapshot } from './mask.js';
import { MaskRules } from './mask-rules.js';
import type { References } from './references.js';

/** Shows events and snapshots as each mask class may see them, and writes each of them once per class. */
export class Masker {
  readonly #references: References;
  #rules: Readonly<Record<'masked' | 'hidden', MaskRules>>;
  #written = new WeakMap<PublishedEvent, Partial<Record<MaskClass, string>>>();

  constructor(config: TenantConfig, references: References) {
    this.#references = references;
    this.#rules = this.#rulesOf(config);
  }

  /** Follows a change of the configuration: what is internal may be another set of numbers now. */
  configure(config: TenantConfig): void {
    this.#rules = this.#rulesOf(config);
    this.#written = new WeakMap();
  }

  /** The rules of a class; `undefined` for `clear`. */
  rules(maskClass: MaskClass): MaskRules | undefined {
    return maskClass === 'clear' ? undefined : this.#rules[maskClass];
  }

  /** The JSON text of an event for a class: made at the first asking, the same text after that, in every stream that carries the event. */
  json(event: PublishedEvent, maskClass: MaskClass): string {
    let texts = this.#written.get(event);
    if (texts === undefined) {
      texts = {};
      this.#written.set(event, texts);
    }
    const known = texts[maskClass];
    if (known !== undefined) return known;
    const rules = this.rules(maskClass);
    const text = JSON.stringify(rules === undefined ? event : maskEvent(event, rules));
    texts[maskClass] = text;
    return text;
  }

  snapshot(snapshot: StreamSnapshot, maskClass: MaskClass): StreamSnapshot {
    const rules = this.rules(maskClass);
    return rules === undefined ? snapshot : maskSnapshot(snapshot, rules);
  }

  #rulesOf(config: TenantConfig): Readonly<Record<'masked' | 'hidden', MaskRules>> {
    return {
      masked: new MaskRules('masked', config, this.#references),
      hidden: new MaskRules('hidden', config, this.#references),
    };
  }
}
