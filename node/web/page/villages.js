// The villages of a township: those in trouble first.
import { html } from './html.js';
import { Failure, Heading, moment, Table, useAsked } from './parts.js';
import { t } from './words.js';

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
  if (!village.closed && village.joined && village.last_heard && now - Date.parse(village.last_heard) > SILENT_MS)
    all.push(t('trouble silent', Math.floor((now - Date.parse(village.last_heard)) / 86400000)));
  return all;
}

function stateOf(village) {
  if (village.closed) return village.into ? t('village into', village.into) : t('village closed');
  return village.joined ? t('village joined') : t('village invited');
}

export function Villages() {
  const { said, error } = useAsked('villages');
  const now = Date.now();
  const rows = (said?.villages ?? []).map((village) => ({ village, wrong: troubles(village, now) }));
  rows.sort((a, b) => (b.wrong.length > 0) - (a.wrong.length > 0));
  return html`<main id="main"><${Heading}>${t('villages')}</${Heading}><${Failure} error=${error} />
    ${said && rows.length === 0 ? html`<p>${t('no villages')}</p>` : null}${!said && !error ? html`<p role="status">${t('loading')}</p>` : null}
    ${rows.length > 0 ? html`<${Table} label=${t('villages')} head=${['village', 'trouble', 'last heard', 'unacknowledged', 'light records', 'field state'].map((one) => t(one))}
      rows=${rows.map(({ village, wrong }) => ({ key: village.ledger, cells: [html`<a href=${`#/cases?village=${encodeURIComponent(village.code)}`}>${village.village}</a> ${village.code}`,
        wrong.length > 0 ? html`<ul class="warning">${wrong.map((one) => html`<li key=${one}>${one}</li>`)}</ul>` : t('no trouble'),
        moment(village.last_heard) || t('light never'), village.unacknowledged, village.records, stateOf(village)] }))} />` : null}
  </main>`;
}
