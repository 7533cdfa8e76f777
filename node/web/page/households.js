// Households: who lives where, when someone last went to see them, and what they asked for.
import { html, useEffect, useState } from './html.js';
import { ask } from './ask.js';
import { Erase, erasing, ReadBy } from './erase.js';
import { Failure, Field, Form, Heading, MANY_ROWS, moment, Table, Tick, useAsked, useDraft } from './parts.js';
import { named, t } from './words.js';

const FIELDS = ['name', 'people', 'place', 'phone', 'note'];
const EMPTY = { name: '', people: '', place: '', phone: '', note: '' };
const bindTo = (form, setForm) => (name) => ({ id: `home-${name}`, key: name, label: t(`home ${name}`), required: name === 'name', kind: name === 'note' ? 'text' : 'line',
  hint: name === 'people' ? t('people hint') : undefined, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });

function Add({ worker, onDone }) {
  const [form, setForm, drop] = useDraft(`${worker} household`, EMPTY);
  const bind = bindTo(form, setForm);
  async function save() {
    const body = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
    const answer = await ask('POST', 'households', body);
    drop();
    onDone(answer.household);
  }
  return html`<details><summary>${t('add household')}</summary><div class="inner"><${Form} label=${t('save')} onSend=${save}>${FIELDS.map((name) => html`<${Field} ...${bind(name)} />`)}</${Form}></div></details>`;
}

// filter: { search, not_visited, gone }; a link is a filter.
export function Households({ filter, hub, worker, onFilter, onOpen }) {
  const [words, setWords] = useState(filter.search);
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
  const { said, error } = useAsked(`households?${query}`);
  useEffect(() => setWords(filter.search), [filter.search]);
  function find(event) {
    event.preventDefault();
    onFilter({ ...filter, search: words.trim() });
  }
  const rows = said?.households ?? [];
  return html`<main id="main"><${Heading}>${t('households')}</${Heading}>
    <form class="filter" role="search" onSubmit=${find}><div class="field"><label for="words">${t('search households')}</label>
      <input id="words" type="search" value=${words} onInput=${(event) => setWords(event.currentTarget.value)} /></div>
      <${Tick} label=${t('not visited long')} value=${filter.not_visited !== ''} onValue=${(value) => onFilter({ ...filter, not_visited: value ? '90' : '' })} />
      <${Tick} label=${t('gone ones')} value=${filter.gone === 'true'} onValue=${(value) => onFilter({ ...filter, gone: value ? 'true' : '' })} />
      <button type="submit">${t('search')}</button></form>
    ${hub ? null : html`<${Add} worker=${worker} onDone=${onOpen} />`}<${Failure} error=${error} />
    <p class="hint" role="status">${said ? (rows.length > 0 ? t('households shown', rows.length) : t('no households')) : error ? '' : t('loading')}</p>
    ${rows.length > 0 ? html`<${Table} key=${query} label=${t('households')} most=${MANY_ROWS} head=${[t('home name'), ...(hub ? [t('village')] : []), t('last visit'), t('open cases'), t('home place'), t('home people')]}
      rows=${rows.map((one) => ({ key: one.id, cells: [html`<a href=${`#/household/${one.id}`}>${one.name ?? t('not readable')}</a>`, ...(hub ? [one.village] : []),
        one.last_visit ? moment(one.last_visit).slice(0, 10) : t('never'), one.open_cases, one.place, one.people.join(t('between names'))] }))} />` : null}
  </main>`;
}

function Edit({ it, onDone, onCancel }) {
  const [form, setForm] = useState({ name: it.name ?? '', people: it.people.join(t('between names')), place: it.place ?? '', phone: it.phone ?? '', note: it.note ?? '', gone: it.gone });
  const bind = bindTo(form, setForm);
  async function save() {
    const was = { name: it.name ?? '', people: it.people.join(t('between names')), place: it.place ?? '', phone: it.phone ?? '', note: it.note ?? '', gone: it.gone };
    const changed = Object.fromEntries(Object.entries(form).filter(([name, value]) => value !== was[name]));
    if (Object.keys(changed).length > 0) await ask('POST', `households/${it.id}`, changed);
    onDone();
  }
  return html`<section class="inner"><h2>${t('edit household')}</h2><${Form} label=${t('save')} onSend=${save} extra=${html`<button type="button" onClick=${onCancel}>${t('cancel')}</button>`}>
    ${FIELDS.map((name) => html`<${Field} ...${bind(name)} />`)}<${Tick} label=${t('nobody there')} value=${form.gone} onValue=${(gone) => setForm((now) => ({ ...now, gone }))} /></${Form}></section>`;
}

export function Household({ id, worker, erases }) {
  const { said: it, error, again } = useAsked(`households/${encodeURIComponent(id)}`);
  const [form, setForm, drop] = useDraft(`${worker} visit ${id}`, { text: '' });
  const [editing, setEditing] = useState(false);
  const [notice, setNotice] = useState('');
  if (!it) return html`<main id="main"><${Heading}>${t('households')}</${Heading}><${Failure} error=${error} />${error ? html`<p><a href="#/households">${t('households')}</a></p>` : html`<p role="status">${t('loading')}</p>`}</main>`;
  const saved = (what) => { setNotice(what ?? t('saved')); setEditing(false); again(); document.querySelector('h1')?.focus(); };
  async function visit() {
    await ask('POST', `households/${it.id}/visits`, form.text === '' ? {} : { text: form.text });
    drop();
    saved();
  }
  const facts = [['home people', it.people.join(t('between names'))], ['home place', it.place], ['home phone', it.phone], ['home note', it.note]].filter(([, value]) => value);
  return html`<main id="main"><p><a href="#/households">${t('households')}</a></p><${Heading}>${it.name ?? t('not readable')}</${Heading}>
    <div role="status">${notice ? html`<p class="notice">${notice}</p>` : null}</div>
    ${it.gone ? html`<p class="remark late">${t('nobody there')}</p>` : null}${erasing(it).map((text) => html`<p key=${text} class="remark">${text}</p>`)}
    <div class="columns"><section><dl class="facts">${facts.map(([name, value]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}</dl>
      ${editing ? html`<${Edit} it=${it} onDone=${() => saved()} onCancel=${() => setEditing(false)} />` : html`<div class="buttons"><button type="button" onClick=${() => setEditing(true)}>${t('edit household')}</button></div>`}
      <h2>${t('write visit')}</h2><${Form} label=${t('save')} onSend=${visit}><${Field} id="visit-text" label=${t('what was seen')} kind="text" value=${form.text} onValue=${(text) => setForm(() => ({ text }))} /></${Form}>
      <${Erase} it=${it} erases=${erases} onDone=${saved} /><${ReadBy} read=${it.read} />
    </section><section><h2>${t('visits')}</h2>${it.visits.length === 0 ? html`<p class="hint">${t('never visited')}</p>` : null}
      <ol class="events">${it.visits.map((one, i) => html`<li key=${i}><p><time>${moment(one.at)}</time> <span class="by">${one.by}</span> ${one.case ?? ''}</p>${one.text ? html`<p class="words">${one.text}</p>` : null}</li>`)}</ol>
      <h2>${t('cases')}</h2>${it.cases.length === 0 ? html`<p class="hint">${t('none yet')}</p>` : null}
      <ul>${it.cases.map((one) => html`<li key=${one.case}><a href=${`#/case/${encodeURIComponent(one.case ?? '')}`}>${one.case} ${one.title}</a> ${named('state', one.state)}</li>`)}</ul></section></div>
  </main>`;
}
