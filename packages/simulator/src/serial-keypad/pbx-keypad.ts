import type { OpenKeypad } from '../serial/pbx/keys.js';
import type { ParameterAt } from '../serial/pbx/parameters.js';
import type { VirtualPbx } from '../serial/pbx/pbx.js';
import type { Tone } from '../serial/pbx/status.js';
import { type KeypadAnswer, type KeypadEntry, KeypadLanguage } from './language.js';

const TONES: Readonly<Record<KeypadAnswer, Tone>> = {
  dial: 'dial',
  busy: 'busy',
  beep: 'longBeep',
  silence: 'silence',
};
/** Item 01, field B, s; the fourth is set by ear. */
const CALLER_ID_DELAYS = [3, 5, 10];
/** Item 02, field D, ms. */
const FLASHES = [300, 600, 900];
const TABLE_PLACES = 50;

/**
 * Lets telephones of a virtual PBX program it by `#787` and its system password, in the keypad language of WS824. What the PBX has a parameter for is written there, where
 * every other port is told of it; the rest is taken and has no effect.
 *
 * @returns its end
 */
export function attachKeypad(pbx: VirtualPbx): () => void {
  const open: OpenKeypad = (seat) => {
    const { lines, extensions } = pbx.setup;
    const language = new KeypadLanguage({
      model: 'ws824',
      enter: ['', ''],
      password: pbx.parameters.text(18, 0),
      lines,
      ports: extensions,
      tables: { places: TABLE_PLACES, placeDigits: 2, maxDigits: 12 },
      keep: (entry) => keep(pbx, entry),
    });
    language.hook('off');
    seat.tone('silence');
    return {
      key: (key) => seat.tone(TONES[language.key(key)]),
      hungUp: () => void language.hook('on'),
    };
  };
  return pbx.registerKeypad('#787', open);
}

function keep(pbx: VirtualPbx, { item, place, value }: KeypadEntry): 'kept' | 'refused' {
  if (item === '00') {
    const [year = '', month = '', day = '', hour = '', minute = ''] = value.split('*');
    const at = Date.UTC(2000 + Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
    pbx.setTime(at);
    return 'kept';
  }
  const index = Number(place);
  const digits = [...value].map(Number);
  const writes: (readonly [at: ParameterAt, value: number | string])[] = [];
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = digits;
  if (item === '14') {
    const extension = Number(pbx.parameters.text(1, index));
    for (const field of [1, 2]) writes.push([{ item: 2, index: extension, field }, first]);
  } else if (item === '01') {
    const delay = CALLER_ID_DELAYS[second];
    if (delay !== undefined) writes.push([{ item: 25, index, field: 2 }, delay]);
    // The automatic attendant lets callers dial; the parameter's own word for that is DISA.
    writes.push([{ item: 12, index, field: 1 }, third === 1 ? 2 : 0]);
  } else if (item === '02') {
    writes.push([{ item: 31, index, field: 1 }, FLASHES[fourth] ?? 300], [{ item: 26, index, field: 1 }, fifth]);
  } else {
    writes.push([{ item: 24, index: (Number(item) - 15) * TABLE_PLACES + index, field: 1 }, value]);
  }
  return writes.every(([at, one]) => pbx.setParameter(at, one) === 'ok') ? 'kept' : 'refused';
}
