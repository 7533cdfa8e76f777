// What only the township has: quarantine, settings, who read what.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Do } from './do.js';
import { Choice, Failure, Field, Form, Heading, MANY_ROWS, moment, Said, Table, useAsked } from './parts.js';
import { named, t } from './words.js';

export function Quarantine({ hub, administers }) {
  const { said, error, again } = useAsked('quarantine');
  const entries = said?.entries ?? [];
  const releasable = (one) => hub && administers && !one.released && one.rule.startsWith('author.') && one.seq > 0;
  return html`<main id="main"><${Heading}>${t('quarantine')}</${Heading}><p class="hint">${t('quarantine hint')}</p><${Failure} error=${error} />
    ${said && entries.length === 0 ? html`<p>${t('quarantine empty')}</p>` : null}
    ${entries.length > 0 ? html`<${Table} label=${t('quarantine')} most=${MANY_ROWS} head=${[t('number'), t('village'), t('field opened when'), t('why'), t('released')]}
      rows=${entries.map((one) => ({ key: one.number, cells: [one.number, one.village || '—', moment(one.at), one.why,
        one.released ? t('yes') : releasable(one) ? html`<${Do} label=${t('release')} what=${one.number} onDo=${() => ask('POST', `quarantine/${one.number}/release`, {})} onDone=${again} />` : t('no')] }))} />` : null}</main>`;
}

const CLASSES = ['ordinary', 'complex', 'petition'];

function Days({ said, onDone }) {
  const [form, setForm] = useState({ zone: said.zone, accept: String(said.accept), ...Object.fromEntries(CLASSES.flatMap((one) => [[one, String(said[one][0])], [`${one}+`, String(said[one][1])]])) });
  const bind = (name, label) => ({ id: `days-${name.replace('+', '-more')}`, label, mode: 'numeric', required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    onDone(await ask('POST', 'settings', { zone: form.zone.trim(), accept: Number(form.accept), ...Object.fromEntries(CLASSES.map((one) => [one, [Number(form[one]), Number(form[`${one}+`])]])) }));
  }
  return html`<${Form} label=${t('save')} onSend=${send}><${Field} ...${bind('accept', t('days accept'))} />
    ${CLASSES.map((one) => html`<div class="pair" key=${one}><${Field} ...${bind(one, t('days resolve', named('class', one)))} /><${Field} ...${bind(`${one}+`, t('days extension', named('class', one)))} /></div>`)}
    <${Field} ...${bind('zone', t('zone'))} mode="text" hint=${t('zone hint')} /></${Form}>`;
}

const isWeekend = (date) => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
const MOST_DAYS = 31;

// The days from one to another, both with it.
function daysBetween(from, until) {
  const all = [];
  for (let ms = Date.parse(`${from}T00:00:00Z`); ms <= Date.parse(`${until || from}T00:00:00Z`) && all.length <= MOST_DAYS; ms += 86400000) all.push(new Date(ms).toISOString().slice(0, 10));
  if (all.length === 0 || all.length > MOST_DAYS) throw new Error(t('so many days', MOST_DAYS));
  return all;
}

// Days that are not as in every other week.
function Holidays({ said, administers, onDone }) {
  const [form, setForm] = useState({ from: '', until: '', is: 'off' });
  const bind = (name) => ({ id: `holiday-${name}`, label: t(`holiday ${name}`), value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    for (const date of daysBetween(form.from, form.until)) await ask('POST', 'holidays', { date, off: form.is === 'off' });
    setForm({ from: '', until: '', is: form.is });
    onDone();
  }
  const rows = said.holidays.filter((one) => one.off !== isWeekend(one.date)).reverse();
  return html`<section><h2>${t('holidays')}</h2><p class="hint">${t('holidays hint')}</p>
    ${administers ? html`<${Form} label=${t('add')} onSend=${send}><div class="pair"><${Field} ...${bind('from')} type="date" required=${true} /><${Field} ...${bind('until')} type="date" /></div>
      <${Choice} ...${bind('is')} choices=${['off', 'worked'].map((is) => [is, t(`day ${is}`)])} /></${Form}>` : null}
    ${rows.length === 0 ? html`<p class="hint">${t('no holidays')}</p>` : html`<${Table} label=${t('holidays')} head=${[t('day'), t('day is'), ...(administers ? [t('change')] : [])]}
      rows=${rows.map((one) => ({ key: one.date, cells: [one.date, t(one.off ? 'day off' : 'day worked'),
        ...(administers ? [html`<${Do} label=${t('remove')} what=${one.date} onDo=${() => ask('POST', 'holidays', { date: one.date, off: !one.off })} onDone=${onDone} />`] : [])] }))} />`}</section>`;
}

// What the township has names for, each with a way to take it out, and one more. what: as the API calls one.
function Names({ what, names, administers, onDone }) {
  const [name, setName] = useState('');
  async function add() {
    await ask('POST', 'settings', { [what]: name });
    setName('');
    onDone();
  }
  return html`<section><h2>${t(`settled ${what}`)}</h2><p class="hint">${t(`settled ${what} hint`)}</p>
    <ul class="names">${names.map((one) => html`<li key=${one}>${one} ${administers ? html`<${Do} label=${t('remove')} what=${one} onDo=${() => ask('POST', 'settings', { [`no_${what}`]: one })} onDone=${onDone} />` : null}</li>`)}</ul>
    ${administers ? html`<${Form} label=${t('add')} onSend=${add}><${Field} id=${what} label=${t(`new ${what}`)} value=${name} onValue=${setName} required=${true} /></${Form}>` : null}</section>`;
}

export function Settings({ administers }) {
  const { said, error, again } = useAsked('settings');
  const [done, setDone] = useState('');
  const saved = () => { setDone(t('saved')); again(); };
  if (!said) return html`<main id="main"><${Heading}>${t('settings')}</${Heading}><${Failure} error=${error} /></main>`;
  return html`<main id="main" class="narrow"><${Heading}>${t('settings')}</${Heading}><${Said} text=${done} />
    <h2>${t('days')}</h2>${administers ? html`<${Days} said=${said} onDone=${saved} />` : html`<dl><div><dt>${t('days accept')}</dt><dd>${said.accept}</dd></div>${CLASSES.map((one) => html`<div key=${one}><dt>${t('days resolve', named('class', one))}</dt><dd>${said[one].join(' + ')}</dd></div>`)}<div><dt>${t('zone')}</dt><dd>${said.zone}</dd></div></dl>`}
    ${said.names_unread ? html`<p class="remark">${t('names unread')}</p>` : null}
    <${Names} what="office" names=${said.offices} administers=${administers} onDone=${saved} /><${Names} what="category" names=${said.categories} administers=${administers} onDone=${saved} />
    <${Holidays} said=${said} administers=${administers} onDone=${saved} /></main>`;
}

// What was read or written, as people say it.
function whatOf(line) {
  const [did, path] = [line.what.slice(0, line.what.indexOf(':')), line.what.slice(line.what.indexOf(':') + 1)];
  const place = path.startsWith('cases/') && line.case ? html`<a href=${`#/case/${encodeURIComponent(line.case)}`}>${line.case}</a>` : named('audit', path.split('/')[0]);
  return html`${t(`audit ${did}`)} ${place}${path.endsWith('/moves') ? html` ${t('audit move')}` : ''}`;
}

// filter: { worker, day, case }; a link is a filter.
export function Audit({ filter, onFilter }) {
  const [form, setForm] = useState(filter);
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
  const { said, error } = useAsked(`audit?${query}`);
  const bind = (name) => ({ id: `audit-${name}`, label: t(`audit by ${name}`), value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  function find(event) {
    event.preventDefault();
    onFilter(Object.fromEntries(Object.entries(form).map(([name, value]) => [name, value.trim()])));
  }
  return html`<main id="main"><${Heading}>${t('audit')}</${Heading}>
    <form class="filter" role="search" onSubmit=${find}><${Field} ...${bind('worker')} /><${Field} ...${bind('day')} type="date" /><${Field} ...${bind('case')} /><button type="submit">${t('search')}</button></form>
    <${Failure} error=${error} />${said ? html`<h2>${t('audit page')}</h2><p class="hint">${t('audit hint')}</p>
    ${said.lines.length === 0 ? html`<p>${t('audit none')}</p>` : html`<${Table} label=${t('audit page')} head=${[t('field opened when'), t('field worker'), t('what'), t('outcome')]} rows=${said.lines.map((one, i) => ({ key: i, cells: [one.at.slice(0, 19).replace('T', ' '), one.worker, whatOf(one), one.status < 300 ? t('audit well') : t('audit refused')] }))} />`}
    <h2>${t('audit full')}</h2><p class="hint">${t('audit full hint')}</p>
    ${said.readings.length === 0 ? html`<p>${t('audit none')}</p>` : html`<${Table} label=${t('audit full')} head=${[t('day'), t('field worker'), t('of what')]} rows=${said.readings.map((one, i) => ({ key: i, cells: [one.day, one.by ?? t('not named'),
      one.case ? html`<a href=${`#/case/${one.id}`}>${one.case}</a>` : html`<a href=${`#/household/${one.id}`}>${one.household ?? one.id.slice(0, 8)}</a>`] }))} />`}` : html`<p role="status">${error ? '' : t('loading')}</p>`}</main>`;
}

// A form above the notices.
export function PostNotice({ onDone }) {
  const [form, setForm] = useState({ title: '', text: '' });
  const bind = (name) => ({ id: `notice-${name}`, label: t(`field ${name}`), required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    await ask('POST', 'notices', form);
    setForm({ title: '', text: '' });
    onDone();
  }
  return html`<details><summary>${t('post notice')}</summary><div class="inner"><p class="hint">${t('post hint')}</p><${Form} label=${t('save')} onSend=${send}><${Field} ...${bind('title')} /><${Field} ...${bind('text')} kind="text" /></${Form}></div></details>`;
}
