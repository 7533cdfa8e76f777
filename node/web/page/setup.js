// A PC where nothing was set up yet: join a township by its invitation, or begin as a village alone.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Choice, Field, Form, Heading } from './parts.js';
import { Invitation } from './roads.js';
import { t } from './words.js';
import './words_rest.js';

const EMPTY = { how: 'join', invitation: '', village: '', code: '', worker: '', passphrase: '', again: '' };

// onDone(worker, passphrase): the node is there. What is typed here is not kept: it may be a passphrase.
export function Setup({ onDone }) {
  const [form, setForm] = useState(EMPTY);
  const [made, setMade] = useState(null);
  const bind = (name) => ({ id: name, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    if (form.passphrase !== form.again) throw new Error(t('not the same'));
    const { how, again, invitation, village, code, ...rest } = form;
    setMade(await ask('POST', 'setup', how === 'join' ? { invitation, ...rest } : { village, code, ...rest }));
  }
  if (made) {
    return html`<main id="main" class="narrow"><${Heading}>${t('set up done')}</${Heading}><p>${t('recovery code')}</p><p class="code">${made.recovery_code}</p>
      <div class="buttons"><button type="button" class="main" onClick=${() => onDone(form.worker.trim(), form.passphrase)}>${t('code written down')}</button></div></main>`;
  }
  return html`<main id="main" class="narrow"><${Heading}>${t('set up')}</${Heading}><p>${t('set up hint')}</p>
    <${Form} label=${t(form.how === 'join' ? 'join now' : 'begin alone')} onSend=${send}>
      <${Choice} ...${bind('how')} label=${t('how to begin')} choices=${[['join', t('by invitation')], ['alone', t('village alone')]]} />
      ${form.how === 'join' ? html`<${Invitation} words=${form.invitation} onWords=${bind('invitation').onValue} />`
      : html`<p class="hint">${t('alone hint')}</p><${Field} ...${bind('village')} label=${t('invite village')} required=${true} />
        <${Field} ...${bind('code')} label=${t('invite code')} hint=${t('village code hint')} required=${true} />`}
      <${Field} ...${bind('worker')} label=${t('your name')} required=${true} />
      <${Field} ...${bind('passphrase')} type="password" label=${t('new passphrase')} hint=${t('passphrase hint')} required=${true} />
      <${Field} ...${bind('again')} type="password" label=${t('same passphrase')} required=${true} />
    </${Form}></main>`;
}
