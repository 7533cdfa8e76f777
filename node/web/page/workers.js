// Who signs at this PC: the workers of a village, and how one more is added anywhere.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Do } from './do.js';
import { Choice, Failure, Field, Form, Heading, Said, Table, useAsked } from './parts.js';
import { named, t } from './words.js';

export const ROLES = ['clerk', 'head', 'auditor', 'administrator'];

// hub: there the new one has a role.
export function AddWorker({ hub, onDone }) {
  const empty = { name: '', role: 'clerk', passphrase: '', again: '' };
  const [form, setForm] = useState(empty);
  const [code, setCode] = useState(null);
  const bind = (name) => ({ id: `new-${name}`, value: form[name], required: true, onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    if (form.passphrase !== form.again) throw new Error(t('not the same'));
    const said = await ask('POST', 'workers', { name: form.name, passphrase: form.passphrase, ...(hub ? { role: form.role } : {}) });
    setCode([form.name, said.recovery_code]);
    setForm(empty);
    onDone(said);
  }
  return html`<section><h2>${t('add worker')}</h2>${code ? html`<div class="notice" role="status"><p>${t('recovery of', code[0])}</p><p class="code">${code[1]}</p><p>${t('recovery hint')}</p></div>` : null}
    <${Form} label=${t('add')} onSend=${send}><${Field} ...${bind('name')} label=${t('worker name')} />${hub ? html`<${Choice} ...${bind('role')} label=${t('roles')} choices=${ROLES.map((role) => [role, named('role', role)])} />` : null}
      <${Field} ...${bind('passphrase')} type="password" label=${t('first passphrase')} hint=${t('first passphrase hint')} /><${Field} ...${bind('again')} type="password" label=${t('same passphrase')} /></${Form}></section>`;
}

// What is left open by one whose right ended.
export const LeftOpen = ({ left }) => html`<div class="notice" role="status"><p>${t('left open')}</p><ul>${left.map((one) => html`<li key=${one}><a href=${`#/case/${encodeURIComponent(one)}`}>${one}</a></li>`)}</ul></div>`;

function Rename({ workers, onDone }) {
  const [form, setForm] = useState({ worker: '', name: '' });
  const bind = (name) => ({ id: `rename-${name}`, value: form[name], required: true, onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    const said = await ask('POST', 'workers/rename', form);
    setForm({ worker: '', name: '' });
    onDone(said);
  }
  return html`<section><h2>${t('rename worker')}</h2><p class="hint">${t('rename hint')}</p><${Form} label=${t('save')} onSend=${send}>
    <${Choice} ...${bind('worker')} label=${t('field worker')} choices=${workers.map((one) => [one.worker, one.worker])} /><${Field} ...${bind('name')} label=${t('called now')} /></${Form}></section>`;
}

// onLeave: who acts here is called otherwise now, and logs in again.
export function Workers({ worker, onLeave }) {
  const { said, error, again } = useAsked('workers');
  const [done, setDone] = useState('');
  const [left, setLeft] = useState([]);
  const workers = said?.workers ?? [];
  const saved = (what) => {
    if (what.again) { onLeave(); return; }
    setDone(t('saved'));
    setLeft(what.open_cases ?? []);
    again();
  };
  const end = (one) => (workers.length > 1 && one.worker !== worker
    ? html`<${Do} label=${t('end worker')} what=${one.worker} sure=${t('end worker sure')} onDo=${() => ask('POST', 'workers/end', { worker: one.worker })} onDone=${saved} />` : '');
  return html`<main id="main"><${Heading}>${t('workers')}</${Heading}><p class="hint">${t('workers hint')}</p><${Said} text=${done} />${left.length > 0 ? html`<${LeftOpen} left=${left} />` : null}<${Failure} error=${error} />
    ${workers.length > 0 ? html`<${Table} label=${t('workers')} head=${[t('field worker'), t('field state'), t('key locked'), t('change')]}
      rows=${workers.map((one) => ({ key: one.key, cells: [one.worker, named('member', one.state), t(one.locked ? 'yes' : 'no'), end(one)] }))} />` : html`<p role="status">${said || error ? '' : t('loading')}</p>`}
    <${AddWorker} onDone=${saved} />${workers.length > 0 ? html`<${Rename} workers=${workers} onDone=${saved} />` : null}</main>`;
}
