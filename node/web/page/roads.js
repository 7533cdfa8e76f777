// How records move: over a link or by a stick; what came of it, and what is not with the township yet.
import { html, useState } from './html.js';
import { Progress, useAsking } from './contact.js';
import { Choice, Failure, Heading, moment, Table, useAsked } from './parts.js';
import { named, t } from './words.js';

// What one of them came to, in words.
export function outcome({ kind, said, ended }) {
  if (said?.error) return t('contact failed', said.error.message);
  if (kind === 'link' && typeof said?.sent === 'number') return t('contact done', said.sent, said.received);
  if (kind === 'write' && said?.parcels) return said.parcels.length > 0 ? t('parcels written', said.parcels.map((one) => one.file).join(t('between names'))) : t('parcels none');
  if (kind === 'join' && said?.village) return t('joined', said.village);
  if (said?.parcels) {
    const bad = said.parcels.filter((one) => one.error);
    return [t('parcels read', said.parcels.filter((one) => one.state !== 'others').length, said.accepted), ...(kind === 'answer' ? [t('parcels answered', said.reply.length)] : []),
      ...(typeof said.acknowledged === 'number' ? [t('parcels acknowledged', said.acknowledged, said.pending)] : []), ...bad.map((one) => `${one.file}：${one.error.message}`)].join(' ');
  }
  return ended ? t('contact ended') : '';
}

function Stick({ busy, onBegin }) {
  const { said, error } = useAsked('sticks');
  const [folder, setFolder] = useState('');
  const [other, setOther] = useState('');
  const folders = said?.folders ?? [];
  const chosen = folder === '' ? other.trim() : folder;
  return html`<section><h2>${t('stick')}</h2><p class="hint">${t('stick hint')}</p><${Failure} error=${error} />
    ${folders.length > 0 ? html`<${Choice} id="stick" label=${t('stick found')} value=${folder} onValue=${setFolder} choices=${[...folders.map((one) => [one, one]), ['', t('another folder')]]} />` : null}
    ${folder === '' ? html`<div class="field"><label for="folder">${t('folder')}</label><input id="folder" value=${other} placeholder="/media/…" autocomplete="off" onInput=${(event) => setOther(event.currentTarget.value)} /></div>` : null}
    <div class="buttons">${['write', 'answer', 'read'].map((one) => html`<button type="button" key=${one} disabled=${busy || chosen === ''} onClick=${() => onBegin('parcels', { do: one, folder: chosen })}>${t(`stick ${one}`)}</button>`)}</div></section>`;
}

// What the township handed over: the file, or its words, as a QR code says them too.
export function Invitation({ words, onWords }) {
  const take = async (event) => { const [file] = event.currentTarget.files; if (file && file.size < 65536) onWords(await file.text()); };
  return html`<div class="field"><label for="invitation-file">${t('invitation file')}</label><input id="invitation-file" type="file" onChange=${take} /></div>
    <div class="field"><label for="invitation">${t('invitation words')}</label><textarea id="invitation" rows="4" value=${words} onInput=${(event) => onWords(event.currentTarget.value)}></textarea></div>`;
}

// A village that works alone joins.
function Join({ busy, onBegin }) {
  const [words, setWords] = useState('');
  return html`<section><h2>${t('join')}</h2><p class="hint">${t('join hint')}</p><${Invitation} words=${words} onWords=${setWords} />
    <div class="buttons"><button type="button" class="main" disabled=${busy || words.trim() === ''} onClick=${() => onBegin('join', { invitation: words })}>${t('join now')}</button></div></section>`;
}

function Pending() {
  const { said } = useAsked('pending');
  if (!said) return null;
  return html`<section><h2>${t('not with township')} <span class="count">${said.count}</span></h2>
    ${said.items.length === 0 ? html`<p class="hint">${t('nothing there')}</p>` : html`<${Table} label=${t('not with township')} head=${[t('record'), t('field opened when'), t('cases'), t('why')]}
      rows=${said.items.map((one) => ({ key: `${one.seq} ${one.why}`, cells: [one.type.startsWith('case.') ? named('did', one.type.slice(5)) : named('record', one.type), moment(one.at),
        one.case ? html`<a href=${`#/case/${encodeURIComponent(one.case)}`}>${one.case} ${one.title}</a>` : '', `${t(`why ${one.why}`)}${one.rule ? ` (${one.rule})` : ''}`] }))} />`}</section>`;
}

// What ended last: what was asked for here, or of the history.
function last(state) {
  if (!state) return '';
  if (state.ended && !(state.past[0]?.ended > state.ended)) return `${moment(state.ended)} ${outcome(state)}`;
  return state.past.length > 0 ? `${moment(state.past[0].ended)} ${outcome(state.past[0])}` : t('no exchange yet');
}

export function Roads({ hub, far, joined, practice, contact }) {
  const [state, begin, error] = useAsking(contact);
  const running = state?.running ?? false;
  const past = state?.past ?? [];
  return html`<main id="main"><${Heading}>${t('roads')}</${Heading}>
    <div class="notice" role="status">${running ? t(`${state.kind} runs`) : last(state)}</div>${running ? html`<${Progress} progress=${state.progress} />
      <div class="buttons"><button type="button" onClick=${() => begin('contact/stop')}>${t('contact stop')}</button></div>` : null}<${Failure} error=${error} />
    <section><h2>${t('link')}</h2><div class="buttons">${running ? null : html`<button type="button" onClick=${() => begin('contact')}>${t(hub ? 'contact hub' : 'contact')}</button>`}</div>
      ${state?.rounds.on ? html`<p class="hint">${t('rounds on')}</p><${Progress} progress=${state.rounds.progress} />` : null}</section>
    ${hub || joined || practice ? null : html`<${Join} busy=${running} onBegin=${begin} />`}
    ${far ? null : html`<${Stick} busy=${running} onBegin=${begin} />`}
    ${hub ? null : html`<${Pending} key=${state?.turn} />`}
    <section><h2>${t('history')}</h2><p class="hint">${t('history hint')}</p>
      ${past.length > 0 ? html`<${Table} label=${t('history')} head=${[t('field opened when'), t('road'), t('outcome')]} rows=${past.map((one, i) => ({ key: i, cells: [moment(one.ended), t(`road ${one.kind}`), outcome(one)] }))} />` : null}</section>
  </main>`;
}
