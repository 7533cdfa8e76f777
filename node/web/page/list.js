import { html, useEffect, useMemo, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { categoryNames, Finding } from './finding.js';
import { Exports, Failure, Heading } from './parts.js';
import { factsOf, Marks } from './rows.js';
import { language, named, t } from './words.js';

const STATES = ['registered', 'accepted', 'refused', 'assigned', 'returned', 'in-hand', 'resolved', 'followed-up', 'closed', 'merged', 'void'];

function Row({ row, hub }) {
  return html`<li><a href=${`#/case/${row.id}`}>
    <span class="title">${row.title ?? '—'}</span>
    <span class="state">${named('state', row.state)}</span>
    <span class="facts">${factsOf(row, hub)}</span>
    <${Marks} row=${row} />
  </a></li>`;
}

// A page of a list, drawn once: of a hundred thousand cases only those that came are drawn anew.
function Page({ rows, hub }) {
  return useMemo(() => html`<ul class="cases page">${rows.map((row) => html`<${Row} key=${row.id} row=${row} hub=${hub} />`)}</ul>`, [rows, hub, language()]);
}

// What is to be done, as the API is asked for it.
const WORK = { overdue: ['overdue', 'true'], due_within: ['due_within', '3'], requested: ['requested', 'true'], conflict: ['conflict', 'true'], escalated: ['flag', 'escalated'],
  reopened: ['flag', 'reopened'], supervised: ['flag', 'supervised'], dissatisfied: ['result', 'dissatisfied'] };

function queryOf({ work, ...plain }) {
  const asked = [...Object.entries(plain), ...(WORK[work] ? [WORK[work]] : [])];
  return new URLSearchParams(asked.filter(([, value]) => value !== '')).toString();
}

// What the filter says beside what stands in the form, each with a way to leave it out.
function Chips({ filter, onFilter }) {
  const more = ['village', 'category', 'month', 'assigned'].filter((one) => filter[one]);
  if (more.length === 0) return null;
  return html`<p class="chips">${more.map((one) => html`<button type="button" key=${one} onClick=${() => onFilter({ ...filter, [one]: '' })}>${filter[one]} <span aria-hidden="true">×</span><span class="unseen">${t('leave out')}</span></button>`)}</p>`;
}

// More of a list: as one scrolls near its end, and for whoever does not scroll.
export function More({ onMore }) {
  const at = useRef(null);
  useEffect(() => {
    const near = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) onMore(); }, { rootMargin: '800px' });
    near.observe(at.current);
    return () => near.disconnect();
  });
  return html`<button type="button" ref=${at} onClick=${onMore}>${t('more')}</button>`;
}

// A list as it is asked for, page by page: { pages, next, loaded, error, load(after) }. Each page is asked for once, however often
// it is wanted while it is on its way; what comes for another query than the one that is shown now is passed over.
// none(failure): this failure says that there are none.
export function usePages(query, none = () => false) {
  const [shown, setShown] = useState({ query: null, pages: [], next: null });
  const [error, setError] = useState(null);
  const now = useRef(query);
  const asked = useRef('');
  now.current = query;
  async function load(after) {
    const what = `${query} ${after}`;
    if (asked.current === what) return;
    asked.current = what;
    setError(null);
    try {
      const page = await ask('GET', `cases?${query}${after ? `&after=${encodeURIComponent(after)}` : ''}`).catch((failure) => {
        if (none(failure)) return { cases: [], next: null };
        throw failure;
      });
      if (now.current !== query) return;
      setShown((before) => ({ query, next: page.next, pages: after && before.query === query ? [...before.pages, page.cases] : [page.cases] }));
      setError(null);
    } catch (failure) {
      if (now.current === query) setError(failure);
    } finally {
      if (asked.current === what) asked.current = '';
    }
  }
  const loaded = shown.query === query;
  return { pages: loaded ? shown.pages : [], next: loaded ? shown.next : null, loaded, error, load };
}

// filter: { state, search, who, work, village, category, month, assigned }; a link is a filter. onFilter says another one.
export function List({ filter, onFilter, hub }) {
  const [words, setWords] = useState(filter.search);
  const [who, setWho] = useState(filter.who);
  const [category, setCategory] = useState(filter.category);
  const [month, setMonth] = useState(filter.month);
  const query = queryOf(filter);
  const { pages, next, loaded, error, load } = usePages(query);
  const many = pages.reduce((sum, rows) => sum + rows.length, 0);
  useEffect(() => { load(null); setWords(filter.search); setWho(filter.who); setCategory(filter.category); setMonth(filter.month); }, [query]);
  const typed = () => ({ search: words.trim(), who: who.trim(), category: category.trim(), month });
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
        <div class="field"><label for="month">${t('month')}</label><input id="month" type="month" placeholder="2026-11" value=${month} onInput=${(event) => setMonth(event.currentTarget.value)} /></div></div></details>
    </form>
    <${Chips} filter=${filter} onFilter=${onFilter} /><${Failure} error=${error} />
    ${error ? html`<button type="button" onClick=${() => load(null)}>${t('again')}</button>` : null}
    <p class="hint" role="status">${loaded ? (many > 0 ? t('shown', many) : query === '' ? t('none yet') : t('none')) : error ? '' : t('loading')}</p>
    ${pages.map((rows, i) => html`<${Page} key=${i} rows=${rows} hub=${hub} />`)}
    ${next ? html`<${More} onMore=${() => load(next)} />` : null}
    <div class="buttons"><${Exports} path=${`tables/cases?${query}`} name="yizhan-cases" disabled=${many === 0} /></div>
  </main>`;
}
