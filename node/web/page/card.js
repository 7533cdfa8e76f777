// The receipt and contact card 民情联系卡, for paper: A4, or a strip of 80 mm.
import { html } from './html.js';
import { dueDay, Failure, Heading, moment, useAsked } from './parts.js';
import { qr } from './qr.js';
import { named, t } from './words.js';

// A code with the quiet zone that readers want.
export function Qr({ text, label }) {
  const dark = qr(text);
  if (!dark) return null;
  const size = dark.length + 8;
  const path = dark.flatMap((row, y) => row.map((is, x) => (is ? `M${x + 4} ${y + 4}h1v1h-1z` : ''))).join('');
  return html`<svg class="qr" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${label}><rect width=${size} height=${size} /><path d=${path} /></svg>`;
}

const Line = ({ name, value }) => html`<div><dt>${name}</dt><dd>${value ?? html`<span class="blank"></span>`}</dd></div>`;

export function Card({ id, size, node, onSize }) {
  const { said: it, error } = useAsked(`cases/${encodeURIComponent(id)}`);
  if (!it) return html`<main id="main"><${Heading}>${t('card')}</${Heading}><${Failure} error=${error} /></main>`;
  const strip = size === '80mm';
  const opened = it.history.find((one) => one.type === 'case.open');
  return html`<main id="main" class=${strip ? 'card strip' : 'card'}>
    <div class="buttons unprinted"><a href=${`#/case/${it.id}`}>${t('back to case')}</a>
      <button type="button" aria-pressed=${!strip} onClick=${() => onSize('a4')}>A4</button><button type="button" aria-pressed=${strip} onClick=${() => onSize('80mm')}>80 mm</button>
      <button type="button" class="main" onClick=${() => print()}>${t('print')}</button></div>
    <${Heading}>${t('card')}</${Heading}><p class="place-name">${node.name}</p>
    <${Qr} text=${it.case ?? it.id} label=${t('card code', it.case ?? '')} />
    <dl><${Line} name=${t('card number')} value=${html`<strong>${it.case}</strong>`} /><${Line} name=${t('card what')} value=${it.title} /><${Line} name=${t('field opened')} value=${moment(it.opened)} />
      <${Line} name=${t('card received by')} value=${opened?.by} />${it.assigned ? html`<${Line} name=${t('field assigned')} value=${it.assigned} />` : null}<${Line} name=${t('field state')} value=${named('state', it.state)} /></dl>
    <h2>${t('card next')}</h2><ol>${it.due ? html`<li>${t(it.due_of === 'answer' ? 'card answer' : 'card resolve', dueDay(it.due))}</li>` : null}<li>${t('card ask')}</li><li>${t('card end')}</li></ol>
    <h2>${t('card whom')}</h2><dl><${Line} name=${t('card office')} value=${node.name} /><${Line} name=${t('field phone')} /></dl>
    <h2>${t('card complain')}</h2><p>${t('card complain how')}</p><dl><${Line} name=${t('card township phone')} /></dl></main>`;
}
