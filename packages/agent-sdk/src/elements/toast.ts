import type { Call } from '../desk/types.js';
import { peerText } from './call-card.js';
import { make, pushButton } from './dom.js';
import type { Texts } from './texts.js';

/** One line that says who calls, with the button that opens the customer's page. It goes when it is pressed or its call ends. */
export function toastOf(call: Call, texts: Texts, open: () => void): HTMLElement {
  const element = make('div', { class: 'notice toast', attributes: { role: 'status' } });
  element.dataset.call = call.id;
  const known = call.match?.decision === 'one' ? call.match.customers[0]?.name : undefined;
  const isUnknown = call.match?.decision === 'none';
  const button = pushButton('go', () => {
    open();
    element.remove();
  });
  button.dataset.action = isUnknown ? 'create' : 'open';
  button.textContent = texts.text(isUnknown ? 'pop.create' : 'pop.open');
  const close = pushButton('', () => element.remove());
  close.textContent = texts.text('pop.dismiss');
  const who = known === undefined ? peerText(call, texts) : `${known} · ${call.peer.number}`;
  element.append(make('strong', { text: who }), make('span', { text: call.queue?.name ?? '' }), button, close);
  return element;
}
