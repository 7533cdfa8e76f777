// What a list says of a case.
import { html } from './html.js';
import { dueDay } from './parts.js';
import { t } from './words.js';

function marksOf(row) {
  const marks = [];
  if (row.overdue) marks.push(['late', t('overdue')]);
  else if (row.due) marks.push(['', t('by day', dueDay(row.due))]);
  if (row.conflict_count > 0) marks.push(['late', t('conflict')]);
  if (row.requested) marks.push(['', t('requested')]);
  if (row.people > 1) marks.push(['', t('people', row.people)]);
  return marks;
}

export const factsOf = (row, hub) => [hub ? row.village : '', row.case, row.opened?.slice(0, 10), row.category, row.resident, row.assigned].filter(Boolean).join(' · ');

export const Marks = ({ row }) => html`<span class="marks">${marksOf(row).map(([kind, text]) => html`<span key=${text} class=${`mark ${kind}`}>${text}</span> `)}</span>`;
