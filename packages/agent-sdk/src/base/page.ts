/**
 * The few parts of a browser's page that are used outside of the elements, written down here so that programs on Node
 * compile without a browser's types.
 */
export interface PageGlobals {
  readonly document?: {
    readonly baseURI: string;
    readonly visibilityState: string;
    hasFocus(): boolean;
    querySelector(selector: string): unknown;
  };
  readonly open?: (url: string, target: string, features: string) => OpenedPage | null;
  addEventListener?: (name: string, listener: () => void) => void;
  removeEventListener?: (name: string, listener: () => void) => void;
}

/** A window that was opened. */
export interface OpenedPage {
  opener: unknown;
  readonly location: { href: string; replace(url: string): void };
}

/** The page that this code runs in; on Node an object without its parts. */
export function page(): PageGlobals {
  return globalThis as unknown as PageGlobals;
}

/** What relative addresses are relative to; `undefined` outside of a page. */
export function pageAddress(): string | undefined {
  return page().document?.baseURI;
}
