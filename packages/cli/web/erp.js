import { applyTexts, lang, make, onLanguage, startLanguage, t } from './texts.js';

// A stand-in for the customer page of your own ERP: it knows only what its address says, and looks the customer up.
const asked = new URLSearchParams(location.search);
const phone = asked.get('phone') ?? '';
const call = asked.get('call') ?? '';
const main = document.querySelector('main');
const known =
  call === '' ? undefined : await (await fetch(`/demo/customers?phone=${encodeURIComponent(phone)}`)).json();

const fact = (key, value) =>
  value ? [make('div', { children: [make('dt', { text: t(key) }), make('dd', { text: value })] })] : [];

function show() {
  if (call === '') {
    main.replaceChildren(make('section', { class: 'card', children: [make('p', { text: t('erp.empty') })] }));
    return;
  }
  const customer = known?.customer;
  const name = customer?.name ?? t('erp.unknown');
  document.title = name;
  const head = make('div', {
    class: 'person',
    children: [
      make('div', { class: 'avatar', text: customer ? name.trim()[0] : '?', 'aria-hidden': 'true' }),
      make('div', {
        children: [make('h1', { text: name }), make('p', { text: customer ? customer.company : t('erp.new') })],
      }),
    ],
  });
  const facts = make('dl', {
    class: 'record',
    children: [
      ...fact('erp.number', phone || '—'),
      ...fact('erp.queue', asked.get('queue')),
      ...fact(
        'erp.path',
        (asked.get('path') ?? '')
          .split('>')
          .map((node) => node.split('/').at(-1))
          .join(' › '),
      ),
      ...fact('erp.city', customer?.city[lang()]),
      ...fact('erp.since', customer?.since),
      ...fact('erp.open', customer?.open),
      ...fact('erp.last', customer?.last),
      ...fact('erp.note', customer?.note[lang()]),
      ...fact('erp.call', call),
    ],
  });
  main.replaceChildren(
    make('section', {
      class: 'card stack',
      'data-customer': customer?.id ?? '',
      'data-phone': phone,
      children: [head, facts],
    }),
  );
}

addEventListener('message', (event) => {
  if (event.origin !== location.origin || typeof event.data?.cordboardLang !== 'string') return;
  if (event.data.cordboardLang !== lang()) document.querySelector('[data-lang-switch]')?.click();
});
onLanguage(show);
const hidden = make('button', { hidden: '', 'data-lang-switch': '' });
document.body.append(hidden);
startLanguage();
applyTexts();
