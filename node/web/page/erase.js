// Taking away what people said: by those who may, or asked for; and at the hub who has not yet.
import { html, useEffect, useState } from './html.js';
import { dropFilesOf } from './files.js';
import { ask } from './ask.js';
import { dropDraftsOf, Failure, Field, Form, Heading, moment, Table, useAsked } from './parts.js';
import { t } from './words.js';

// how: "everywhere" (the township's administrator), "refuse" (the same one, where it is asked for), "here" (a village that works alone), "ask" (one that has joined), "" (nobody).
const DOES = { ask: 'ask to erase', refuse: 'say no' };

function One({ of, how, onDone }) {
  const [reason, setReason] = useState('');
  const [open, setOpen] = useState(false);
  const does = DOES[how] ?? 'erase';
  async function send() {
    const said = await ask('POST', 'erasures', how === 'refuse' ? { of, reason, refuse: true } : { of, reason });
    setReason('');
    setOpen(false);
    onDone(t(said.refused ? 'erasing refused' : said.asked ? 'erasing asked' : 'erasing done'));
  }
  return html`<details open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}><summary>${t(does)}</summary><div class="inner"><p class="warning">${t(`erase ${how}`)}</p>
    <${Form} label=${t(does)} onSend=${send}><${Field} id=${`${how}-reason`} label=${t(how === 'refuse' ? 'refuse reason' : 'erase reason')} hint=${t('erase reason hint')} value=${reason} onValue=${setReason} required=${true} /></${Form}></div></details>`;
}

// it: a case or household as it is shown; erases: what who is logged in may do of it, as above.
export function Erase({ it, erases, onDone }) {
  // What was typed or chosen for it and not saved lies in this browser.
  useEffect(() => { if (it.erased) { dropDraftsOf(it.id); dropFilesOf(it.id); } }, [it.id, it.erased !== null]);
  if (!erases || it.erased || it.erase_asked && erases === 'ask') return null;
  const ways = it.erase_asked && erases === 'everywhere' ? ['everywhere', 'refuse'] : [erases];
  return ways.map((how) => html`<${One} key=${how} of=${it.id} how=${how} onDone=${onDone} />`);
}

// What became of it, in words.
export function erasing(it) {
  const said = (one, words) => (one ? [t(words, [moment(one.at), one.by, one.reason].filter(Boolean).join(' · '))] : []);
  return [...said(it.erase_asked, 'erase asked'), ...said(it.erase_refused, 'erase refused'), ...said(it.erased, 'erased')];
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
