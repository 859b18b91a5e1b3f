import { make, pushButton } from './dom.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Twelve telephone keys as real buttons. */
export function keypad(onKey: (key: string) => void): HTMLElement {
  const buttons = KEYS.map((key) => {
    const button = pushButton('', () => onKey(key));
    button.textContent = key;
    button.dataset.key = key;
    return button;
  });
  return make('div', { class: 'keys', attributes: { role: 'group' }, children: buttons });
}
