// The villages of a township: those in trouble first.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Choice, Failure, Field, Form, Heading, moment, Said, Table, useAsked } from './parts.js';
import { named, t } from './words.js';

const SILENT_MS = 14 * 24 * 3600 * 1000;

// What is wrong with a village, in words.
export function troubles(village, now) {
  const all = [];
  if (village.quarantined > 0) all.push(t('trouble quarantined', village.quarantined));
  if (village.waiting > 0) all.push(t('trouble waiting', village.waiting));
  if (village.clock_offset_ms !== 0) {
    const hours = Math.round(Math.abs(village.clock_offset_ms) / 3600000);
    all.push(t(village.clock_offset_ms > 0 ? 'trouble ahead' : 'trouble behind', hours));
  }
  if (['low', 'full'].includes(village.disk)) all.push(t(`trouble disk ${village.disk}`));
  if (!village.closed && village.joined && village.last_heard && now - Date.parse(village.last_heard) > SILENT_MS)
    all.push(t('trouble silent', Math.floor((now - Date.parse(village.last_heard)) / 86400000)));
  return all;
}

function stateOf(village) {
  if (village.closed) return village.into ? t('village into', village.into) : t('village closed');
  return village.joined ? t('village joined') : t('village invited');
}

export function Villages({ administers }) {
  const { said, error } = useAsked('villages');
  const now = Date.now();
  const rows = (said?.villages ?? []).map((village) => ({ village, wrong: troubles(village, now) }));
  rows.sort((a, b) => (b.wrong.length > 0) - (a.wrong.length > 0));
  return html`<main id="main"><${Heading}>${t('villages')}</${Heading}><${Failure} error=${error} />
    ${said && rows.length === 0 ? html`<p>${t('no villages')}</p>` : null}${!said && !error ? html`<p role="status">${t('loading')}</p>` : null}
    ${rows.length > 0 ? html`<${Table} label=${t('villages')} head=${['village', 'trouble', 'last heard', 'unacknowledged', 'light records', 'version', 'disk', 'field state', ...(administers ? ['change'] : [])].map((one) => t(one))}
      rows=${rows.map(({ village, wrong }) => ({ key: village.ledger, cells: [html`<a href=${`#/cases?village=${encodeURIComponent(village.code)}`}>${village.village}</a> ${village.code}`,
        wrong.length > 0 ? html`<ul class="warning">${wrong.map((one) => html`<li key=${one}>${one}</li>`)}</ul>` : t('no trouble'),
        moment(village.last_heard) || t('light never'), village.unacknowledged, village.records, village.version ?? '—', village.disk ? named('disk', village.disk) : '—', stateOf(village),
        ...(administers ? [html`<a href=${`#/village/${village.ledger}`}>${t('change')}<span class="unseen">：${village.village}</span></a>`] : [])] }))} />` : null}
  </main>`;
}

// One village: what it is called, and whether it goes on.
export function Village({ id }) {
  const { said, error, again } = useAsked('villages');
  const [done, setDone] = useState('');
  const village = said?.villages.find((one) => one.ledger === id);
  if (!village) return html`<main id="main"><${Heading}>${t('villages')}</${Heading}><${Failure} error=${error} /><p><a href="#/villages">${t('villages')}</a></p></main>`;
  const change = async (body, what) => { await ask('POST', `villages/${id}`, body); setDone(what); again(); document.querySelector('h1')?.focus(); };
  const others = said.villages.filter((one) => one.ledger !== id && !one.closed);
  return html`<main id="main" class="narrow"><p><a href="#/villages">${t('villages')}</a></p><${Heading}>${village.village} ${village.code}</${Heading}><${Said} text=${done} />
    <p>${stateOf(village)}</p><${Rename} key=${`${village.village} ${village.code}`} village=${village} onChange=${change} />
    ${village.closed && village.into ? null : html`<${Close} village=${village} others=${others} onChange=${change} />`}</main>`;
}

function Rename({ village, onChange }) {
  const [form, setForm] = useState({ name: village.village, code: village.code });
  const bind = (name) => ({ id: `village-${name}`, label: t(`invite ${name === 'name' ? 'village' : name}`), required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  return html`<section><h2>${t('rename village')}</h2><${Form} label=${t('save')} onSend=${() => onChange(form, t('saved'))}><${Field} ...${bind('name')} /><${Field} ...${bind('code')} hint=${t('new code hint')} /></${Form}></section>`;
}

function Close({ village, others, onChange }) {
  const [into, setInto] = useState(null);
  const close = () => onChange(into === '' ? { closed: true } : { into }, t(into === '' ? 'closed it' : 'merged it'));
  return html`<section><h2>${t('close village')}</h2><p class="hint">${t('close hint')}</p>
    <${Form} label=${t('close village')} onSend=${close}><${Choice} id="into" label=${t('who goes on')} required=${true} value=${into} onValue=${setInto}
      choices=${[...(village.closed ? [] : [['', t('nobody goes on')]]), ...others.map((one) => [one.code, `${one.village} ${one.code}`])]} /></${Form}></section>`;
}
