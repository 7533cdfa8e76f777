import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Field, Form, Heading } from './parts.js';
import { t } from './words.js';

// The passphrase of who is logged in: the first, or another. named: how many cases and households say names that were written
// down before there was one. onDone: it is set.
export function Me({ locked, named, onDone }) {
  const [form, setForm] = useState({ old: '', fresh: '', again: '' });
  const [code, setCode] = useState(null);
  const bind = (name) => ({ id: name, type: 'password', required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    if (form.fresh !== form.again) throw new Error(t('not the same'));
    const body = locked ? { passphrase: form.old, new: form.fresh } : { new: form.fresh };
    const answer = await ask('POST', 'session/passphrase', body);
    setForm({ old: '', fresh: '', again: '' });
    setCode(answer.recovery_code);
    onDone();
  }
  return html`<main id="main" class="narrow"><${Heading}>${t('me')}</${Heading}>
    ${code ? html`<div class="notice" role="status"><p>${t('recovery')}</p><p class="code">${code}</p><p>${t('recovery hint')}</p></div>`
    : html`${locked ? null : html`<p class="remark late">${t('no passphrase')}</p>`}${locked && named > 0 ? html`<p class="remark">${t('named before', named)}</p>` : null}
      <${Form} onSend=${send} label=${t('set passphrase')}>
        ${locked ? html`<${Field} ...${bind('old')} label=${t('old passphrase')} />` : null}
        <${Field} ...${bind('fresh')} label=${t('new passphrase')} hint=${t('passphrase hint')} />
        <${Field} ...${bind('again')} label=${t('same passphrase')} />
      </${Form}>`}
  </main>`;
}
