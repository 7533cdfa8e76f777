// What only the township has: quarantine, roster and invitations, settings, who read what.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Qr } from './card.js';
import { Choice, Failure, Field, Form, Heading, moment, Table, useAsked } from './parts.js';
import { named, t } from './words.js';

const Said = ({ text }) => html`<div role="status">${text ? html`<p class="notice">${text}</p>` : null}</div>`;

// A button that does one thing, and says what came of it.
function Do({ label, what, onDo, onDone }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  async function run() {
    setBusy(true);
    try {
      await onDo();
      onDone();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }
  return html`<button type="button" disabled=${busy} onClick=${run}>${label}<span class="unseen">：${what}</span></button><${Failure} error=${error} />`;
}

export function Quarantine({ hub, administers }) {
  const { said, error, again } = useAsked('quarantine');
  const entries = said?.entries ?? [];
  const releasable = (one) => hub && administers && !one.released && one.rule.startsWith('author.') && one.seq > 0;
  return html`<main id="main"><${Heading}>${t('quarantine')}</${Heading}><p class="hint">${t('quarantine hint')}</p><${Failure} error=${error} />
    ${said && entries.length === 0 ? html`<p>${t('quarantine empty')}</p>` : null}
    ${entries.length > 0 ? html`<${Table} label=${t('quarantine')} head=${[t('number'), t('village'), t('field opened when'), t('why'), t('released')]}
      rows=${entries.map((one) => ({ key: one.number, cells: [one.number, one.village || '—', moment(one.at), one.why,
        one.released ? t('yes') : releasable(one) ? html`<${Do} label=${t('release')} what=${one.number} onDo=${() => ask('POST', `quarantine/${one.number}/release`, {})} onDone=${again} />` : t('no')] }))} />` : null}</main>`;
}

function Invitation({ made }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([made.invitation], { type: 'application/json' }));
    Object.assign(document.createElement('a'), { href: url, download: `${made.code}.invitation` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  return html`<section class="notice printed" role="status"><h3>${t('invitation of', made.village, made.code)}</h3><p>${t('invitation hint')}</p><p>${t('usable until', moment(made.until))}</p>
    <${Qr} text=${made.invitation} label=${t('invitation of', made.village, made.code)} /><pre class="words">${made.invitation}</pre><div class="buttons"><button type="button" class="main" onClick=${save}>${t('save file')}</button><button type="button" onClick=${() => print()}>${t('print')}</button></div></section>`;
}

function Invite({ villages, onDone }) {
  const [form, setForm] = useState({ village: '', code: '', pc: '' });
  const [made, setMade] = useState(null);
  const bind = (name) => ({ id: `invite-${name}`, label: t(`invite ${name}`), value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    setMade(await ask('POST', 'invitations', form.pc ? { pc: form.pc } : { village: form.village, code: form.code }));
    setForm({ village: '', code: '', pc: '' });
    onDone();
  }
  return html`<section><h2>${t('invite')}</h2>${made ? html`<${Invitation} made=${made} />` : null}
    <${Form} label=${t('make invitation')} onSend=${send}>
      ${form.pc ? null : html`<div class="pair"><${Field} ...${bind('village')} required=${true} /><${Field} ...${bind('code')} required=${true} hint=${t('code hint')} /></div>`}
      ${villages.length > 0 ? html`<${Choice} ...${bind('pc')} choices=${[['', t('a new village')], ...villages.map(([code, name]) => [code, t('one more pc of', name)])]} />` : null}</${Form}></section>`;
}

export function Roster({ administers }) {
  const { said, error, again } = useAsked('roster');
  const [form, setForm] = useState({ whom: '', role: 'clerk' });
  const [done, setDone] = useState('');
  const members = said?.members ?? [];
  const change = (body) => ask('POST', 'roster', body);
  const saved = () => { setDone(t('saved')); again(); };
  const own = members.filter((one) => one.roles.length > 0);
  const villages = [...new Map(members.filter((one) => one.roles.length === 0 && one.state === 'granted').map((one) => [one.code, one.village]))];
  const actions = (one) => {
    if (!administers || one.roles.length > 0) return '';
    const what = { village: one.code, whom: one.key };
    if (one.state === 'awaiting') return html`<${Do} label=${t('grant')} what=${one.worker} onDo=${() => change({ do: 'grant', ...what })} onDone=${saved} />`;
    return one.state === 'granted' ? html`<${Do} label=${t('revoke')} what=${one.worker} onDo=${() => change({ do: 'revoke', ...what })} onDone=${saved} />` : '';
  };
  return html`<main id="main"><${Heading}>${t('roster')}</${Heading}><${Said} text=${done} /><${Failure} error=${error} />
    ${members.length > 0 ? html`<${Table} label=${t('roster')} head=${[t('field worker'), t('village'), t('field state'), t('roles'), t('change')]}
      rows=${[...members].sort((a, b) => (b.state === 'awaiting') - (a.state === 'awaiting')).map((one) => ({ key: `${one.code} ${one.node} ${one.key}`, cells: [one.worker ?? one.key.slice(0, 8), `${one.village} ${one.code}`, named('member', one.state),
        one.roles.map((role) => named('role', role)).join(t('between names')), actions(one)] }))} />` : html`<p role="status">${said || error ? '' : t('loading')}</p>`}
    ${administers ? html`<${Invite} villages=${villages} onDone=${again} />
      ${own.length > 0 ? html`<section><h2>${t('give role')}</h2><${Form} label=${t('save')} onSend=${async () => { await change({ do: 'role', ...form }); saved(); }}>
        <${Choice} id="role-whom" label=${t('field worker')} required=${true} value=${form.whom} onValue=${(whom) => setForm((now) => ({ ...now, whom }))} choices=${own.map((one) => [one.worker, one.worker])} />
        <${Choice} id="role" label=${t('roles')} value=${form.role} onValue=${(role) => setForm((now) => ({ ...now, role }))} choices=${['clerk', 'head', 'auditor', 'administrator'].map((role) => [role, named('role', role)])} /></${Form}></section>` : null}` : null}</main>`;
}

const CLASSES = ['ordinary', 'complex', 'petition'];

function Days({ said, onDone }) {
  const [form, setForm] = useState({ accept: String(said.accept), ...Object.fromEntries(CLASSES.flatMap((one) => [[one, String(said[one][0])], [`${one}+`, String(said[one][1])]])) });
  const bind = (name, label) => ({ id: `days-${name.replace('+', '-more')}`, label, mode: 'numeric', required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    onDone(await ask('POST', 'settings', { accept: Number(form.accept), ...Object.fromEntries(CLASSES.map((one) => [one, [Number(form[one]), Number(form[`${one}+`])]])) }));
  }
  return html`<${Form} label=${t('save')} onSend=${send}><${Field} ...${bind('accept', t('days accept'))} />
    ${CLASSES.map((one) => html`<div class="pair" key=${one}><${Field} ...${bind(one, t('days resolve', named('class', one)))} /><${Field} ...${bind(`${one}+`, t('days extension', named('class', one)))} /></div>`)}</${Form}>`;
}

export function Settings({ administers }) {
  const { said, error, again } = useAsked('settings');
  const [office, setOffice] = useState('');
  const [done, setDone] = useState('');
  const saved = () => { setDone(t('saved')); again(); };
  if (!said) return html`<main id="main"><${Heading}>${t('settings')}</${Heading}><${Failure} error=${error} /></main>`;
  return html`<main id="main" class="narrow"><${Heading}>${t('settings')}</${Heading}><${Said} text=${done} />
    <h2>${t('days')}</h2>${administers ? html`<${Days} said=${said} onDone=${saved} />` : html`<dl><div><dt>${t('days accept')}</dt><dd>${said.accept}</dd></div>${CLASSES.map((one) => html`<div key=${one}><dt>${t('days resolve', named('class', one))}</dt><dd>${said[one].join(' + ')}</dd></div>`)}</dl>`}
    <h2>${t('offices')}</h2>${said.offices_unread ? html`<p class="remark">${t('offices unread')}</p>` : null}
    <ul>${said.offices.map((one) => html`<li key=${one}>${one} ${administers ? html`<${Do} label=${t('remove')} what=${one} onDo=${() => ask('POST', 'settings', { no_office: one })} onDone=${saved} />` : null}</li>`)}</ul>
    ${administers ? html`<${Form} label=${t('add')} onSend=${async () => { await ask('POST', 'settings', { office }); setOffice(''); saved(); }}><${Field} id="office" label=${t('new office')} value=${office} onValue=${setOffice} required=${true} /></${Form}>` : null}</main>`;
}

export function Audit() {
  const { said, error } = useAsked('audit');
  return html`<main id="main"><${Heading}>${t('audit')}</${Heading}><p class="hint">${t('audit hint')}</p><${Failure} error=${error} />
    ${said ? html`<${Table} label=${t('audit')} head=${[t('field opened when'), t('field worker'), t('what'), t('outcome')]} rows=${said.lines.map((one, i) => ({ key: i, cells: [one.at.replace('T', ' '), one.worker, one.what, one.status] }))} />` : null}</main>`;
}

// A form above the notices.
export function PostNotice({ onDone }) {
  const [form, setForm] = useState({ title: '', text: '' });
  const bind = (name) => ({ id: `notice-${name}`, label: t(`field ${name}`), required: true, value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  async function send() {
    await ask('POST', 'notices', form);
    setForm({ title: '', text: '' });
    onDone();
  }
  return html`<details><summary>${t('post notice')}</summary><div class="inner"><p class="hint">${t('post hint')}</p><${Form} label=${t('save')} onSend=${send}><${Field} ...${bind('title')} /><${Field} ...${bind('text')} kind="text" /></${Form}></div></details>`;
}
