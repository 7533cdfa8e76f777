// Taking away what people said: by those who may, or asked for; and at the hub who has not yet.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Failure, Field, Form, Heading, moment, Table, useAsked } from './parts.js';
import { t } from './words.js';

// how: "everywhere" (the township's administrator), "here" (a village that works alone), "ask" (one that has joined), "" (nobody).
export function Erase({ of, how, onDone }) {
  const [reason, setReason] = useState('');
  const [open, setOpen] = useState(false);
  if (!how) return null;
  async function send() {
    const said = await ask('POST', 'erasures', { of, reason });
    setReason('');
    setOpen(false);
    onDone(t(said.asked ? 'erasing asked' : 'erasing done'));
  }
  return html`<details open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}><summary>${t(how === 'ask' ? 'ask to erase' : 'erase')}</summary><div class="inner"><p class="warning">${t(`erase ${how}`)}</p>
    <${Form} label=${t(how === 'ask' ? 'ask to erase' : 'erase')} onSend=${send}><${Field} id="erase-reason" label=${t('erase reason')} hint=${t('erase reason hint')} value=${reason} onValue=${setReason} required=${true} /></${Form}></div></details>`;
}

// At the hub: who has read it in full.
export const ReadBy = ({ read }) => (read?.length > 0 ? html`<p class="hint">${t('read by', [...new Set(read.map((one) => `${one.by ?? t('not named')} ${one.day}`))].join(t('between names')))}</p>` : null);

export function Erasures() {
  const { said, error } = useAsked('erasures');
  const place = (one) => (one.case ? html`<a href=${`#/case/${one.id}`}>${one.case}</a>` : html`<a href=${`#/household/${one.id}`}>${one.id.slice(0, 8)}</a>`);
  return html`<main id="main"><${Heading}>${t('erasures')}</${Heading}><${Failure} error=${error} />
    ${said ? html`<h2>${t('asked to erase')}</h2>${said.asked.length === 0 ? html`<p class="hint">${t('nothing asked')}</p>` : html`<${Table} label=${t('asked to erase')} head=${[t('of what'), t('village'), t('field worker'), t('field opened when'), t('field reason')]}
      rows=${said.asked.map((one, i) => ({ key: i, cells: [place(one), one.village, one.by, moment(one.at), one.reason] }))} />`}
    <h2>${t('not yet erased')}</h2>${said.nodes.length === 0 ? html`<p class="hint">${t('all erased')}</p>` : html`<${Table} label=${t('not yet erased')} head=${[t('village'), 'PC', t('field state')]}
      rows=${said.nodes.map((one) => ({ key: one.node, cells: [`${one.village} ${one.code}`, one.node.slice(0, 8), t(one.revoked ? 'hub erases' : 'erases later')] }))} />`}` : html`<p role="status">${error ? '' : t('loading')}</p>`}</main>`;
}
