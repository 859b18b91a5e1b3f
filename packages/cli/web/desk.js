import { applyTexts, lang, make, onLanguage, startLanguage, t, toast, tokenOf } from './texts.js';

const bar = document.querySelector('cti-agent-bar');
const who = document.querySelector('#who');
const button = document.querySelector('#incoming');
const frame = document.querySelector('#erp');
const info = await (await fetch('/demo/info', { cache: 'no-store' })).json();

function fillCallers() {
  const chosen = who.value;
  const fixed = [
    ['any', t('desk.any')],
    ['unknown', t('desk.unknown')],
    ['withheld', t('desk.withheld')],
  ];
  const customers = info.customers.map(({ number, name }) => [number, name]);
  who.replaceChildren(
    ...[...fixed.slice(0, 1), ...customers, ...fixed.slice(1)].map(([value, text]) => make('option', { value, text })),
  );
  who.value = chosen || 'any';
}

function fillPeople() {
  document
    .querySelector('#people')
    .replaceChildren(
      ...info.colleagues.flatMap(({ seat, name, queue }) => [
        make('dt', { text: seat }),
        make('dd', { text: `${name} · ${queue === '' ? t('desk.noQueue') : queue}` }),
      ]),
    );
}

button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const response = await fetch('/demo/calls', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: who.value }),
    });
    if (!response.ok) throw new Error(String(response.status));
    toast(t(bar.desk?.agent.state === 'ready' ? 'desk.rung' : 'desk.notReady'));
  } catch {
    toast(t('desk.failed'));
  } finally {
    button.disabled = false;
  }
});

onLanguage(() => {
  document.title = t('desk.page');
  fillCallers();
  fillPeople();
  frame.title = t('desk.frame');
  frame.contentWindow?.postMessage({ cordboardLang: lang() }, location.origin);
});
frame.addEventListener('load', () => frame.contentWindow?.postMessage({ cordboardLang: lang() }, location.origin));
startLanguage();
applyTexts();
bar.getToken = () => tokenOf('agent');
