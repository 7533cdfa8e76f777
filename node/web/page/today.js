// What there is to do today, at a village.
import { html } from './html.js';
import { Failure, Heading, moment, useAsked } from './parts.js';
import { factsOf, Marks } from './rows.js';
import { named, t } from './words.js';

const count = (pile) => (pile.more ? t('more than', pile.count) : String(pile.count));

// One kind of work: how much of it there is, the first of it, and the way to all of it.
function Pile({ name, pile, all, children }) {
  return html`<section class="pile"><h2>${t(`today ${name}`)} <span class="count">${count(pile)}</span></h2>
    ${pile.count === 0 ? html`<p class="hint">${t('nothing there')}</p>` : html`<ul class="cases">${children}</ul>`}
    ${all && pile.count > pile.items.length ? html`<p><a href=${all}>${t('see all', t(`today ${name}`))}</a></p>` : null}</section>`;
}

const CaseItem = ({ row }) => html`<li><a href=${`#/case/${row.id}`}><span class="title">${row.title ?? '—'}</span><span class="state">${named('state', row.state)}</span>
  <span class="facts">${factsOf(row, false)}</span><${Marks} row=${row} /></a></li>`;

const didText = (type) => named('did', type.slice(5));

export function Today() {
  const { said, error, again } = useAsked('today');
  if (!said) return html`<main id="main"><${Heading}>${t('today')}</${Heading}><${Failure} error=${error} />
    ${error ? html`<button type="button" onClick=${again}>${t('again')}</button>` : html`<p role="status">${t('loading')}</p>`}</main>`;
  const cases = (pile) => pile.items.map((row) => html`<${CaseItem} key=${row.id} row=${row} />`);
  return html`<main id="main"><${Heading}>${t('today')}</${Heading}>
    <div class="columns"><div>
      <${Pile} name="overdue" pile=${said.overdue} all="#/cases?work=overdue">${cases(said.overdue)}</${Pile}>
      <${Pile} name="due_soon" pile=${said.due_soon} all="#/cases?work=due_within">${cases(said.due_soon)}</${Pile}>
      <${Pile} name="follow_up" pile=${said.follow_up} all="#/cases?state=resolved">${cases(said.follow_up)}</${Pile}>
    </div><div>
      <${Pile} name="answers" pile=${said.answers}>${said.answers.items.map((one, i) => html`<li key=${i}><a href=${`#/case/${one.id}`}><span class="title">${one.title ?? '—'}</span>
        <span class="state">${didText(one.type)}</span><span class="facts">${[one.case, moment(one.at)].filter(Boolean).join(' · ')}</span></a></li>`)}</${Pile}>
      <${Pile} name="notices" pile=${said.notices} all="#/notices">${said.notices.items.map((one) => html`<li key=${one.id}><details class="notice-item"><summary>${one.title ?? t('not readable')}</summary>
        <p class="hint">${moment(one.at)} · ${one.by}</p><p class="words">${one.text ?? t('not readable')}</p></details></li>`)}</${Pile}>
      <${Pile} name="visits" pile=${said.visits} all="#/households?not_visited=90">${said.visits.items.map((one) => html`<li key=${one.id}><a href=${`#/household/${one.id}`}><span class="title">${one.name ?? '—'}</span>
        <span class="state"></span><span class="facts">${[one.place, one.last_visit ? t('last visit at', moment(one.last_visit).slice(0, 10)) : t('never visited')].filter(Boolean).join(' · ')}</span></a></li>`)}</${Pile}>
    </div></div></main>`;
}
