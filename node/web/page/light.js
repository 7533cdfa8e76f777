// Where records are, as the page says it above every view.
import { html } from './html.js';
import { Progress, useAsking } from './contact.js';
import { Failure, moment } from './parts.js';
import { t } from './words.js';

// [what, a link to it].
function needs(status) {
  const all = [];
  if (status.conflicts > 0) all.push([t('need conflicts', status.conflicts), '#/cases?work=conflict']);
  if (status.quarantined > 0) all.push([t('need quarantined', status.quarantined), '#/quarantine']);
  if (status.clock_offset_ms !== 0) all.push([t('need clock')]);
  if (status.disk_low) all.push([t('need disk')]);
  if (status.role === 'village' && status.waiting > 0) all.push([t('need waiting', status.waiting)]);
  return all;
}

// What is said of what was recorded: never more than the township's receipt says.
function standingOf(status) {
  if (status.role === 'hub') return ['township', t('light hub', status.received)];
  if (!status.joined) return ['kept', t('light alone')];
  if (status.pending > 0 || !status.last_receipt) return ['kept', t('light kept', status.pending)];
  return ['township', t('light township')];
}

// The same with the time of the last receipt, where there was one.
function standing(status) {
  const [kind, text] = standingOf(status);
  return [kind, status.last_receipt && status.role === 'village' ? t('light since', text, moment(status.last_receipt)) : text];
}

// The contact with the township: begun here, watched until it ended.
function Contact({ hub, contact }) {
  const [state, begin, error] = useAsking(contact);
  const running = state?.running ?? false;
  const said = state?.said;
  let outcome = '';
  if (running) outcome = t('contact runs');
  else if (state?.rounds.progress) outcome = t('rounds run');
  else if (said?.error) outcome = t('contact failed', said.error.message);
  else if (typeof said?.sent === 'number') outcome = t('contact done', said.sent, said.received);
  else if (state?.ended) outcome = t('contact ended');
  return html`<div class="contact"><button type="button" onClick=${() => begin(running ? 'contact/stop' : 'contact')}>${running ? t('contact stop') : t(hub ? 'contact hub' : 'contact')}</button>
    <p role="status">${outcome}${state?.ended && !running ? ` ${moment(state.ended)}` : ''}</p><${Progress} progress=${running ? state.progress : state?.rounds.progress} /><${Failure} error=${error} /></div>`;
}

export function Light({ status, error, contact }) {
  if (error) return html`<section class="light" aria-label=${t('light')}><p class="lamp needs"><span aria-hidden="true">▲</span> ${error.message}</p></section>`;
  if (!status) return html`<section class="light" aria-label=${t('light')}><p class="lamp">${t('light unknown')}</p></section>`;
  const all = needs(status);
  const [kind, text] = standing(status);
  const facts = [['light records', status.records]];
  if (status.role === 'village' && status.joined) {
    facts.push(['light pending', status.pending], ['light received', status.received], ['light waiting', status.waiting],
      ['light receipt', moment(status.last_receipt) || t('light no receipt')], ['light sync', moment(status.last_sync) || t('light never')]);
  }
  return html`<section class="light" aria-label=${t('light')}>
    ${all.length > 0 ? html`<div class="lamp needs"><span aria-hidden="true">▲</span> ${t('light needs')}<ul>${all.map(([need, where]) => html`<li key=${need}>${where ? html`<a href=${where}>${need}</a>` : need}</li>`)}</ul></div>` : null}
    <details><summary class=${`lamp ${kind}`}><span aria-hidden="true">${kind === 'kept' ? '◐' : '●'}</span> ${text}</summary>
      <dl>${facts.map(([name, value]) => html`<div key=${name}><dt>${t(name)}</dt><dd>${value}</dd></div>`)}</dl>
      ${status.role === 'hub' || status.joined ? html`<${Contact} hub=${status.role === 'hub'} contact=${contact} />` : null}</details>
  </section>`;
}
