/** What an element is made with. */
export interface ElementParts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

/** Makes an element. Text goes in as text, never as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: ElementParts = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (parts.class !== undefined) element.className = parts.class;
  if (parts.text !== undefined) element.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) element.setAttribute(name, value);
  element.append(...(parts.children ?? []));
  return element;
}

/** Sets text only when it differs, so that a live region does not speak again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A push button with a word on it. */
export function pushButton(className: string, onPress: () => void): HTMLButtonElement {
  const button = make('button', { class: className, attributes: { type: 'button' } });
  button.addEventListener('click', onPress);
  return button;
}

/** Hides a part, and takes the focus to `next` if it was inside. */
export function showPart(part: HTMLElement, shown: 'shown' | 'hidden'): void {
  const hidden = shown === 'hidden';
  if (part.hidden !== hidden) part.hidden = hidden;
}

/** `m:ss`, from an hour `h:mm:ss`. Below zero (clocks differ) is `0:00`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}
