import { inMs, type Time } from '../../floor/time.js';
import type { VirtualPbx } from '../pbx/pbx.js';
import { Phone } from './phone.js';

/** What the user of a telephone does with every call. */
export interface PhoneHabit {
  /** `ring`: lets it ring. `reject`: presses the key that silences it. Default `answer`. */
  readonly does?: 'answer' | 'ring' | 'reject';
  /** How long it rings before. Default 2 s. */
  readonly after?: Time;
  /** Hangs up after so long; default: when the other side has. */
  readonly talkFor?: Time;
}

/** From the busy tone, or from a call that a computer ended, to the hand that puts the handset down, ms. */
const PUT_DOWN_MS = 1_000;

/** Gives a telephone a user with this habit. @returns what takes the user away */
export function setHabit(pbx: VirtualPbx, number: string, habit: PhoneHabit): () => void {
  const { does = 'answer', after = 2_000, talkFor } = habit;
  const phone = new Phone(pbx, number);
  let cancel: (() => void) | undefined;
  let cancelTalk: (() => void) | undefined;
  let was = phone.status?.state;
  const unsubscribe = pbx.subscribe((news) => {
    if (news.type !== 'extension' || news.status.ext !== number || news.status.state === was) return;
    was = news.status.state;
    cancel?.();
    cancel = undefined;
    const later = (afterMs: number, work: () => void): void => {
      cancel = pbx.clock.setTimer(afterMs, work);
    };
    if (was === 'ringing' && does !== 'ring')
      later(inMs(after), () => (does === 'answer' ? phone.answer() : phone.reject()));
    else if (was === 'busy' || was === 'howler') later(PUT_DOWN_MS, () => phone.hangUp());
    else if (was === 'idle') {
      cancelTalk?.();
      cancelTalk = undefined;
      later(PUT_DOWN_MS, () => phone.hangUp());
    } else if (talkFor !== undefined && (was === 'talking' || was === 'inside') && cancelTalk === undefined) {
      cancelTalk = pbx.clock.setTimer(inMs(talkFor), () => {
        cancelTalk = undefined;
        phone.hangUp();
      });
    }
  });
  return () => {
    unsubscribe();
    cancel?.();
    cancelTalk?.();
  };
}
