// What became of the cases: rates with what they are of, by month and in groups; each number leads to its cases.
import { html } from './html.js';
import { Exports, Failure, Heading, Table, useAsked } from './parts.js';
import { Rates } from './rates.js';
import { t } from './words.js';

const SHARES = ['response', 'resolution', 'satisfaction', 'on_time', 'same_hand'];
const COUNTS = ['merged', 'void', 'unreachable', 'anonymous', 'refused', 'no_follow_up', 'overdue', 'breached'];
const MEDIANS = ['median_answer_minutes', 'median_resolve_minutes'];
const GROUPS = { village: ['month', 'category', 'worker'], hub: ['month', 'category', 'village', 'worker', 'office'] };

export const percent = ({ numerator, denominator }) => (denominator === 0 ? '—' : `${Math.round((100 * numerator) / denominator)}%`);
const shareText = (share) => (share.denominator === 0 ? '—' : `${percent(share)}（${share.numerator}/${share.denominator}）`);
const minutes = (value) => (value === null ? '—' : `${Math.floor(value / 60)}:${String(value % 60).padStart(2, '0')}`);

// The list of a group's cases, where the list can be asked so.
function placeOf(by, group, month) {
  const asked = {};
  if (by === 'month') asked.month = group.month;
  else if (month) asked.month = month;
  if (by === 'category' && group.key) asked.category = group.key;
  if (by === 'village' && group.key) asked.village = group.key;
  if (by === 'office' && group.key) asked.assigned = group.key;
  if (by === 'worker') return null;
  if (['category', 'office'].includes(by) && !group.key) return null;
  return `#/cases?${new URLSearchParams(asked)}`;
}

const nameOf = (by, group) => (by === 'month' ? group.month : [group.of_village, group.key].filter(Boolean).join(' · ')) || t('without name');

const MOST_ROWS = 20;
// Months as they followed one another; of other groups the largest.
const inChart = (by, groups) => (by === 'month' ? [...groups].reverse() : [...groups].sort((a, b) => b.cohort - a.cohort).slice(0, MOST_ROWS));

// How many cases each month had, as bars that lead to them; the table beside says the same.
function Bars({ groups }) {
  const rows = inChart('month', groups);
  const most = Math.max(1, ...rows.map((one) => one.cohort));
  return html`<svg class="bars" viewBox="0 -12 480 148" role="group" aria-label=${t('bars')}>${rows.map((one, i) => {
    const high = Math.round((100 * one.cohort) / most);
    return html`<a key=${one.month} href=${`#/cases?month=${one.month}`}><rect x=${i * 40 + 4} y=${110 - high} width="32" height=${Math.max(1, high)} />
      <text x=${i * 40 + 20} y="126" text-anchor="middle">${one.month.slice(5)}</text><text x=${i * 40 + 20} y=${104 - high} text-anchor="middle">${one.cohort}</text></a>`;
  })}</svg>`;
}

// The same of other groups, the largest first, as bars beside their names.
function Rows({ by, groups, month }) {
  const rows = inChart(by, groups);
  const most = Math.max(1, ...rows.map((one) => one.cohort));
  const short = (text) => ([...text].length > 14 ? `${[...text].slice(0, 13).join('')}…` : text);
  return html`<svg class="bars" viewBox=${`0 0 480 ${rows.length * 22 + 4}`} role="group" aria-label=${t('bars of groups')}>${rows.map((one, i) => {
    const place = placeOf(by, one, month);
    const bar = html`<rect x="150" y=${i * 22 + 5} width=${Math.max(1, Math.round((280 * one.cohort) / most))} height="14" />
      <text x="144" y=${i * 22 + 16} text-anchor="end">${short(nameOf(by, one))}</text><text x=${156 + Math.round((280 * one.cohort) / most)} y=${i * 22 + 16}>${one.cohort}</text>`;
    return place ? html`<a key=${i} href=${place}>${bar}</a>` : html`<g key=${i}>${bar}</g>`;
  })}</svg>`;
}

// filter: { by, month }.
export function Figures({ filter, role, onFilter }) {
  const by = GROUPS[role].includes(filter.by) ? filter.by : 'month';
  const { month } = filter;
  const query = new URLSearchParams({ by, ...(month ? { month } : {}) });
  const { said, error } = useAsked(`figures?${query}`);
  const { said: whole } = useAsked(`figures${month ? `?month=${month}` : ''}`);
  const groups = said?.groups ?? [];
  const total = whole?.groups[0];
  return html`<main id="main" class="wide"><${Heading}>${t('figures')}</${Heading}><p class="on-paper">${t('month')}：${month || t('any state')} · ${t('for each')}：${t(`by ${by}`)}</p>
    <div class="filter"><div class="field"><label for="month">${t('month')}</label><input id="month" type="month" placeholder="2026-11" value=${month} onChange=${(event) => onFilter({ ...filter, month: event.currentTarget.value })} /></div>
      <div class="field"><label for="by">${t('for each')}</label><select id="by" value=${by} onChange=${(event) => onFilter({ ...filter, by: event.currentTarget.value })}>
        ${GROUPS[role].map((one) => html`<option key=${one} value=${one}>${t(`by ${one}`)}</option>`)}</select></div>
      <${Exports} path=${`tables/figures?${query}`} name=${`yizhan-${by}${month ? `-${month}` : ''}`} disabled=${groups.length === 0} />
      <button type="button" onClick=${() => print()}>${t('print')}</button></div>
    <${Failure} error=${error} />
    ${total ? html`<dl class="rates"><div><dt>${t('figure cohort')}</dt><dd><a href=${`#/cases${month ? `?month=${month}` : ''}`}>${total.cohort}</a></dd></div>
      ${SHARES.map((one) => html`<div key=${one}><dt>${t(`figure ${one}`)}</dt><dd>${percent(total[one])} <span class="hint">${total[one].numerator}/${total[one].denominator}</span></dd></div>`)}</dl>` : null}
    ${groups.length === 0 ? null : by === 'month' ? html`<${Bars} groups=${groups} />` : html`<${Rows} by=${by} groups=${groups} month=${month} />`}
    ${groups.length === 0 ? null : html`<${Rates} shares=${SHARES} lines=${by === 'month'} groups=${inChart(by, groups).map((one) => ({ ...one, name: nameOf(by, one), place: placeOf(by, one, month) }))} />`}
    ${said && groups.length === 0 ? html`<p class="hint">${t('none')}</p>` : null}
    ${groups.length > 0 ? html`<${Table} label=${t('figures')} head=${[t(`by ${by}`), ...['cohort', ...SHARES, ...COUNTS, ...MEDIANS].map((one) => t(`figure ${one}`))]}
      rows=${groups.map((group, i) => {
        const place = placeOf(by, group, month);
        return { key: i, cells: [nameOf(by, group), place ? html`<a href=${place} aria-label=${t('cases of', group.cohort, nameOf(by, group))}>${group.cohort}</a>` : group.cohort,
          ...SHARES.map((one) => shareText(group[one])), ...COUNTS.map((one) => group[one]), ...MEDIANS.map((one) => minutes(group[one]))] };
      })} />` : html`<p role="status">${said || error ? '' : t('loading')}</p>`}
  </main>`;
}
