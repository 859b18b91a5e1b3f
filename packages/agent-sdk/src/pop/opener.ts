import { CtiError } from '@cordboard/cti-core';
import { page } from '../base/page.js';

/** Where a pop opens. `frame` needs an `<iframe>`. */
export type PopPlace = 'tab' | 'window' | 'frame';

/** An `<iframe>`. */
export interface FrameLike {
  src: string;
}

/** What a page is shown by. */
export interface OpenOptions {
  readonly place: PopPlace;
  /** The `<iframe>`, or a selector of it, for `frame`. */
  readonly frame?: FrameLike | string;
  /** CSS pixels, for `window`; default 960 x 720. */
  readonly size?: { readonly width: number; readonly height: number };
}

function frameOf(frame: FrameLike | string | undefined): FrameLike {
  const found = typeof frame === 'string' ? page().document?.querySelector(frame) : frame;
  if (typeof found === 'object' && found !== null && 'src' in found) return found as FrameLike;
  throw new CtiError('argument.invalid', 'open: frame needs the iframe to show in');
}

/**
 * Checks that the page can open what is asked, before any call depends on it.
 * @throws {CtiError} `argument.invalid` outside of a page, or without the frame
 */
export function checkOpener(options: OpenOptions): void {
  if (page().document === undefined) {
    throw new CtiError('argument.invalid', 'only a page can open pages: give a function as open');
  }
  if (options.place === 'frame') frameOf(options.frame);
}

/**
 * Shows a page.
 * @returns `blocked` when the browser let no window open
 */
export function openPage(url: string, name: string, options: OpenOptions): 'shown' | 'blocked' {
  if (options.place === 'frame') {
    frameOf(options.frame).src = url;
    return 'shown';
  }
  const { width, height } = options.size ?? { width: 960, height: 720 };
  // With `noopener` a browser tells nobody whether the window opened; so it opens empty, loses its opener, then goes to the page.
  const features = options.place === 'window' ? `popup,width=${width},height=${height}` : '';
  const opened = page().open?.('', name, features) ?? null;
  if (opened === null) return 'blocked';
  try {
    opened.opener = null;
    opened.location.replace(url);
  } catch {
    // A window of that name is already on a page of another origin, which may be sent elsewhere but not be touched.
    opened.location.href = url;
  }
  return 'shown';
}

/** How long this page should wait before it claims a pop: the one that the person looks at goes first. ms. */
export function claimDelayMs(random: () => number): number {
  const { document } = page();
  if (document === undefined || document.hasFocus()) return 0;
  return document.visibilityState === 'visible' ? 60 + 60 * random() : 200 + 200 * random();
}
