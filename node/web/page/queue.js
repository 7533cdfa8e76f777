// What the township has to do: cases that wait for it, one or many at once.
import { html, useEffect, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { asBody, MoveFields } from './moves.js';
import { countOf, Pages, usePages } from './pages.js';
import { Choice, Failure, Form, Heading, Tick } from './parts.js';
import { factsOf, Marks } from './rows.js';
import { named, t } from './words.js';

// What the API is asked for, by the name that the link says. told: people came to the township itself.
const PILES = { escalated: 'flag=escalated', requested: 'requested=true', returned: 'state=returned', overdue: 'overdue=true', dissatisfied: 'result=dissatisfied',
  supervised: 'flag=supervised', told: null };
const TOGETHER = ['assign', 'resolve', 'supervise', 'refer', 'merge', 'note'];

function Row({ row, place, chosen, onChoose }) {
  return html`<li ...${place}><input type="checkbox" id=${`choose-${row.id}`} aria-label=${t('choose', row.title ?? row.case)} checked=${chosen} onChange=${onChoose} />
    <a href=${`#/case/${row.id}`}><span class="title">${row.title ?? '—'}</span><span class="state">${named('state', row.state)}</span>
    <span class="facts">${factsOf(row, true)}</span><${Marks} row=${row} /></a></li>`;
}

// One move on each of them, one after another; what came of each is said.
function Together({ move, rows, onDone, onCancel }) {
  const [form, setForm] = useState({});
  // Of those that are chosen one may be what the others are merged into.
  const others = move === 'merge' ? rows.filter((row) => row.case !== form.into) : rows;
  const at = useRef(null);
  useEffect(() => { at.current.querySelector('input, textarea, button')?.focus(); }, []);
  async function send() {
    const came = [];
    for (const row of others) {
      try {
        const said = await ask('POST', `cases/${row.id}/moves`, asBody(move, form));
        came.push({ row, text: said.request ? t('saved request') : t('did it') });
      } catch (error) {
        if (error.status === 0 || error.status === 401) throw error;
        came.push({ row, text: error.message, failed: true });
      }
    }
    onDone(came);
  }
  return html`<section class="inner" ref=${at}><h2>${t('with chosen', named('do', move), others.length)}</h2>
    <${Form} label=${t('save')} onSend=${send} extra=${html`<button type="button" onClick=${onCancel}>${t('cancel')}</button>`}>
      ${move === 'merge' && rows.length > 1 ? html`<${Choice} id="into" label=${t('which stays')} value=${rows.some((row) => row.case === form.into) ? form.into : ''} onValue=${(into) => setForm((now) => ({ ...now, into }))}
        choices=${[...rows.map((row) => [row.case, `${row.case} ${row.title ?? ''}`]), ['', t('another case')]]} />` : null}
      ${move === 'merge' && rows.some((row) => row.case === form.into) ? html`<${MoveFields} move=${move} form=${form} setForm=${setForm} without="into" />` : html`<${MoveFields} move=${move} form=${form} setForm=${setForm} />`}</${Form}></section>`;
}

const Came = ({ came }) => html`<div class="notice" role="status"><p>${t('came of it')}</p><ul>${came.map(({ row, text, failed }) => html`<li key=${row.id} class=${failed ? 'warning' : ''}>
  <a href=${`#/case/${row.id}`}>${row.case} ${row.title}</a>：${text}</li>`)}</ul></div>`;

export function Queue({ of, matters, code, writes, onPlace }) {
  const pile = of in PILES ? of : 'escalated';
  const [chosen, setChosen] = useState([]);
  const [move, setMove] = useState(null);
  const [came, setCame] = useState(null);
  const query = `${PILES[pile] ?? `village=${encodeURIComponent(code)}`}${matters ? '&matters=true' : ''}`;
  // Where nobody came to the township itself yet there is no such ledger.
  const list = usePages(query, (failure) => pile === 'told' && failure.status === 404);
  const { loaded, error } = list;
  const many = countOf(list.pages);
  useEffect(() => { list.begin(); setChosen([]); setMove(null); setCame(null); }, [query]);
  const isChosen = (row) => chosen.some((one) => one.id === row.id);
  const choose = (row) => setChosen((now) => (isChosen(row) ? now.filter((one) => one.id !== row.id) : [...now, row]));
  function done(what) {
    setCame(what);
    setMove(null);
    setChosen([]);
    list.begin();
    document.querySelector('h1')?.focus();
  }
  return html`<main id="main"><${Heading}>${t('queue')}</${Heading}>
    <nav class="piles" aria-label=${t('queue')}>${Object.keys(PILES).map((one) => html`<a key=${one} href=${onPlace(one, matters)} aria-current=${one === pile ? 'page' : undefined}>${t(`pile ${one}`)}</a>`)}</nav>
    <${Tick} label=${t('each matter once')} value=${matters} onValue=${(value) => { location.hash = onPlace(pile, value); }} />
    <${Failure} error=${error} />${came ? html`<${Came} came=${came} />` : null}
    ${writes && chosen.length > 0 ? html`<div class="buttons" role="group" aria-label=${t('chosen', chosen.length)}><span>${t('chosen', chosen.length)}</span>
      ${TOGETHER.map((one) => html`<button type="button" key=${one} aria-expanded=${move === one} onClick=${() => setMove(one)}>${named('do', one)}</button>`)}</div>` : null}
    ${move && chosen.length > 0 ? html`<${Together} key=${move} move=${move} rows=${chosen} onDone=${done} onCancel=${() => setMove(null)} />` : null}
    <p class="hint" role="status">${!loaded ? (error ? '' : t('loading')) : many > 0 ? t('shown', many) : t('none')}</p>
    <${Pages} key=${query} of=${list} name="chosen" row=${(row, place) => html`<${Row} key=${row.id} row=${row} place=${place} chosen=${isChosen(row)} onChoose=${() => choose(row)} />`} />
  </main>`;
}
