import { html, useEffect, useState } from './html.js';
import { categoryNames, Finding } from './finding.js';
import { Exports, Failure, Heading } from './parts.js';
import { countOf, Pages, usePages } from './pages.js';
import { factsOf, Marks } from './rows.js';
import { named, t } from './words.js';

const STATES = ['registered', 'accepted', 'refused', 'assigned', 'returned', 'in-hand', 'resolved', 'followed-up', 'closed', 'merged', 'void'];

const Row = ({ row, hub, place }) => html`<li ...${place}><a href=${`#/case/${row.id}`}>
    <span class="title">${row.title ?? '—'}</span>
    <span class="state">${named('state', row.state)}</span>
    <span class="facts">${factsOf(row, hub)}</span>
    <${Marks} row=${row} />
  </a></li>`;

// What is to be done, as the API is asked for it.
const WORK = { overdue: ['overdue', 'true'], due_within: ['due_within', '3'], requested: ['requested', 'true'], conflict: ['conflict', 'true'], escalated: ['flag', 'escalated'],
  reopened: ['flag', 'reopened'], supervised: ['flag', 'supervised'], dissatisfied: ['result', 'dissatisfied'] };

function queryOf({ work, ...plain }) {
  const asked = [...Object.entries(plain), ...(WORK[work] ? [WORK[work]] : [])];
  return new URLSearchParams(asked.filter(([, value]) => value !== '')).toString();
}

// What the filter says beside what stands in the form, each with a way to leave it out.
function Chips({ filter, onFilter }) {
  const more = ['village', 'category', 'place', 'month', 'assigned'].filter((one) => filter[one]);
  if (more.length === 0) return null;
  return html`<p class="chips">${more.map((one) => html`<button type="button" key=${one} onClick=${() => onFilter({ ...filter, [one]: '' })}>${filter[one]} <span aria-hidden="true">×</span><span class="unseen">${t('leave out')}</span></button>`)}</p>`;
}

// filter: { state, search, who, work, village, category, place, month, assigned }; a link is a filter. onFilter says another one.
export function List({ filter, onFilter, hub }) {
  const [words, setWords] = useState(filter.search);
  const [who, setWho] = useState(filter.who);
  const [category, setCategory] = useState(filter.category);
  const [place, setPlace] = useState(filter.place);
  const [month, setMonth] = useState(filter.month);
  const query = queryOf(filter);
  const list = usePages(query);
  const { loaded, error } = list;
  const many = countOf(list.pages);
  useEffect(() => { list.begin(); setWords(filter.search); setWho(filter.who); setCategory(filter.category); setPlace(filter.place); setMonth(filter.month); }, [query]);
  const typed = () => ({ search: words.trim(), who: who.trim(), category: category.trim(), place: place.trim(), month });
  function find(event) {
    event.preventDefault();
    onFilter({ ...filter, ...typed() });
  }
  return html`<main id="main"><${Heading}>${t('cases')}</${Heading}>
    <form class="filter" role="search" onSubmit=${find}>
      <div class="field"><label for="words">${t('search words')}</label>
        <input id="words" type="search" value=${words} onInput=${(event) => setWords(event.currentTarget.value)} /></div>
      <div class="field"><label for="who">${t('search who')}</label>
        <input id="who" type="search" autocomplete="off" value=${who} onInput=${(event) => setWho(event.currentTarget.value)} /></div>
      <div class="field"><label for="state">${t('field state')}</label>
        <select id="state" value=${filter.state} onChange=${(event) => onFilter({ ...filter, state: event.currentTarget.value, ...typed() })}>
          <option value="">${t('any state')}</option>
          ${STATES.map((state) => html`<option key=${state} value=${state}>${named('state', state)}</option>`)}
        </select></div>
      <div class="field"><label for="work">${t('work')}</label>
        <select id="work" value=${filter.work} onChange=${(event) => onFilter({ ...filter, work: event.currentTarget.value, ...typed() })}>
          <option value="">${t('any state')}</option>
          ${Object.keys(WORK).map((work) => html`<option key=${work} value=${work}>${named('work', work)}</option>`)}
        </select></div>
      <button type="submit">${t('search')}</button>
      <details class="more"><summary>${t('more filters')}</summary><div class="pair">
        <${Finding} id="category" label=${t('field category')} value=${category} onValue=${setCategory} names=${categoryNames} />
        <div class="field"><label for="place">${t('field place')}</label><input id="place" type="search" autocomplete="off" value=${place} onInput=${(event) => setPlace(event.currentTarget.value)} /></div>
        <div class="field"><label for="month">${t('month')}</label><input id="month" type="month" placeholder="2026-11" value=${month} onInput=${(event) => setMonth(event.currentTarget.value)} /></div></div></details>
    </form>
    <${Chips} filter=${filter} onFilter=${onFilter} /><${Failure} error=${error} />
    ${error ? html`<button type="button" onClick=${list.begin}>${t('again')}</button>` : null}
    <p class="hint" role="status">${loaded ? (many > 0 ? t('shown', many) : query === '' ? t('none yet') : t('none')) : error ? '' : t('loading')}</p>
    <${Pages} key=${query} of=${list} row=${(row, place) => html`<${Row} key=${row.id} row=${row} hub=${hub} place=${place} />`} />
    <div class="buttons"><${Exports} path=${`tables/cases?${query}`} name="yizhan-cases" disabled=${many === 0} /></div>
  </main>`;
}
