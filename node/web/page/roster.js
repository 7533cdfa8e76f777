// Who may sign where: the roster, invitations, workers of the hub, PCs that were lost.
import { html, useState } from './html.js';
import { ask } from './ask.js';
import { Qr } from './card.js';
import { Do } from './do.js';
import { Choice, Failure, Field, Form, Heading, moment, Said, Table, Tick, useAsked } from './parts.js';
import { AddWorker, LeftOpen, ROLES } from './workers.js';
import { named, t } from './words.js';

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

// What whoever has a stolen PC could read.
const Readable = ({ readable }) => html`<div class="notice" role="status"><p>${t('could be read', readable.cases, readable.records)}</p><ul>${readable.numbers.map((one) => html`<li key=${one}><a href=${`#/case/${encodeURIComponent(one)}`}>${one}</a></li>`)}</ul></div>`;

// A PC of a village that is not theirs any more: it and all who sign there.
function LostPc({ members, onDone }) {
  const [form, setForm] = useState({ node: '', stolen: false });
  const [readable, setReadable] = useState(null);
  const pcs = [...new Map(members.map((one) => [one.node, [one, members.filter((other) => other.node === one.node).map((other) => other.worker ?? other.key.slice(0, 8))]]))];
  async function send() {
    const { code } = pcs.find(([node]) => node === form.node)[1][0];
    const said = await ask('POST', 'roster', { do: 'revoke', whom: form.node, village: code, ...(form.stolen ? { stolen: true } : {}) });
    setReadable(said.readable ?? null);
    setForm({ node: '', stolen: false });
    onDone(said);
  }
  return html`<section><h2>${t('lost pc')}</h2><p class="hint">${t('for good')}</p>${readable ? html`<${Readable} readable=${readable} />` : null}
    <${Form} label=${t('revoke pc')} onSend=${send}><${Choice} id="lost" label=${t('which pc')} required=${true} value=${form.node} onValue=${(node) => setForm((now) => ({ ...now, node }))}
      choices=${pcs.map(([node, [one, names]]) => [node, t('pc of', one.village, node.slice(0, 8), names.join(t('between names')))])} />
    <${Tick} label=${t('stolen')} value=${form.stolen} onValue=${(stolen) => setForm((now) => ({ ...now, stolen }))} /></${Form}></section>`;
}

export function Roster({ administers }) {
  const { said, error, again } = useAsked('roster');
  const [form, setForm] = useState({ whom: '', role: 'clerk' });
  const [done, setDone] = useState('');
  const [left, setLeft] = useState([]);
  const members = said?.members ?? [];
  const change = (body) => ask('POST', 'roster', body);
  const saved = (what) => { setDone(t('saved')); setLeft(what?.open_cases ?? []); again(); };
  const own = members.filter((one) => one.roles.length > 0 && one.state === 'granted');
  const pcs = members.filter((one) => one.roles.length === 0 && one.state === 'granted');
  const villages = [...new Map(pcs.map((one) => [one.code, one.village]))];
  const actions = (one) => {
    if (!administers) return '';
    const what = { village: one.code, whom: one.key };
    const end = (body) => html`<${Do} label=${t('revoke')} what=${one.worker} sure=${t('for good')} onDo=${() => change({ do: 'revoke', ...body })} onDone=${saved} />`;
    if (one.roles.length > 0) return one.state === 'granted' && one.worker ? end({ whom: one.worker }) : '';
    if (one.state === 'awaiting') return html`<${Do} label=${t('grant')} what=${one.worker} onDo=${() => change({ do: 'grant', ...what })} onDone=${saved} />`;
    return one.state === 'granted' ? end(what) : '';
  };
  return html`<main id="main"><${Heading}>${t('roster')}</${Heading}><${Said} text=${done} />${left.length > 0 ? html`<${LeftOpen} left=${left} />` : null}<${Failure} error=${error} />
    ${members.length > 0 ? html`<${Table} label=${t('roster')} head=${[t('field worker'), t('village'), t('field state'), t('roles'), t('change')]}
      rows=${[...members].sort((a, b) => (b.state === 'awaiting') - (a.state === 'awaiting')).map((one) => ({ key: `${one.code} ${one.node} ${one.key}`, cells: [one.worker ?? one.key.slice(0, 8), `${one.village} ${one.code}`, named('member', one.state),
        one.roles.map((role) => named('role', role)).join(t('between names')), actions(one)] }))} />` : html`<p role="status">${said || error ? '' : t('loading')}</p>`}
    ${administers ? html`<${Invite} villages=${villages} onDone=${again} />
      ${own.length > 0 ? html`<section><h2>${t('give role')}</h2><${Form} label=${t('save')} onSend=${async () => { await change({ do: 'role', ...form }); saved(); }}>
        <${Choice} id="role-whom" label=${t('field worker')} required=${true} value=${form.whom} onValue=${(whom) => setForm((now) => ({ ...now, whom }))} choices=${own.map((one) => [one.worker, one.worker])} />
        <${Choice} id="role" label=${t('roles')} value=${form.role} onValue=${(role) => setForm((now) => ({ ...now, role }))} choices=${ROLES.map((role) => [role, named('role', role)])} /></${Form}></section>` : null}<${AddWorker} hub=${true} onDone=${saved} />
      ${pcs.length > 0 ? html`<${LostPc} members=${pcs} onDone=${saved} />` : null}` : null}</main>`;
}
