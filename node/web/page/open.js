import { html, useEffect, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { Category, Finding, householdNames } from './finding.js';
import { ChooseFiles, ChosenFiles, filesWords, keepUnsent, Sending, sendFiles, useFiles } from './files.js';
import { RESULTS } from './moves.js';
import { Choice, Field, Form, Heading, Tick, useAsked, useDraft } from './parts.js';
import { named, t } from './words.js';

const EMPTY = { title: '', text: '', resident: '', phone: '', place: '', category: '', household: '', channel: '', urgency: '', class: '',
  anonymous: false, township_only: false, spot: false, done: '', result: '' };

// What the form says as the API takes it: what is empty is not said.
function asBody(form) {
  const { spot, done, result, ...rest } = form;
  const body = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '' && value !== false));
  if (spot) body.solved = result === '' ? { done } : { done, result };
  return body;
}

const PAUSE_MS = 600;

// What may be the same matter as this one, while it is written: asked once the fingers rest.
function Likely({ title, household }) {
  const [cases, setCases] = useState([]);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(async () => {
      const enough = title.trim().length > 1 || household.trim() !== '';
      const found = enough ? (await ask('GET', `likely?${new URLSearchParams({ title, household })}`).catch(() => ({ cases: [] }))).cases : [];
      if (!gone) setCases(found);
    }, PAUSE_MS);
    return () => { gone = true; clearTimeout(timer); };
  }, [title, household]);
  return html`<div role="status">${cases.length > 0 ? html`<div class="notice"><p>${t('likely same')}</p><ul>${cases.map((one) => html`<li key=${one.id}><a href=${`#/case/${one.id}`} target="_blank">${one.case} ${one.title}</a></li>`)}</ul><p class="hint">${t('likely hint')}</p></div>` : null}</div>`;
}

// onOpened(answer, more): what the program said of the new case, and what is to be said of its files. joined: there is a
// township that alone may read one.
export function Open({ worker, joined, onOpened }) {
  const [form, setForm, drop, kept] = useDraft(`${worker} new`, EMPTY, (one) => one.township_only);
  const [files, addFiles, dropFiles] = useFiles(`${worker} new`, form.township_only);
  const bind = (name) => ({ id: name, label: named('field', name), value: form[name], onValue: (value) => setForm((now) => ({ ...now, [name]: value })) });
  const [sent, setSent] = useState(null);
  const stop = useRef(null);
  const categories = useAsked('settings').said?.categories ?? [];
  const category = html`<${Category} ...${bind('category')} names=${categories} />`;
  async function save() {
    const answer = await ask('POST', 'cases', asBody(form));
    drop();
    stop.current = new AbortController();
    const came = await sendFiles(answer.id, files, (bytes, all) => setSent([bytes, all]), stop.current.signal);
    await keepUnsent(worker, answer.id, came.failed, form.township_only);
    dropFiles();
    onOpened(answer, filesWords(came));
  }
  return html`<main id="main" class="narrow"><${Heading}>${t('new case')}</${Heading}>
    ${kept ? html`<div class="notice" role="status"><p>${t('draft')}</p><button type="button" onClick=${() => { drop(); dropFiles(); }}>${t('drop draft')}</button></div>` : null}
    <${Form} label=${t('save')} onSend=${save}>
      <${Field} ...${bind('title')} required=${true} />
      <${Likely} title=${form.title} household=${form.anonymous ? '' : form.household} />
      <${Field} ...${bind('text')} kind="text" />
      ${form.anonymous ? null : html`<div class="pair"><${Field} ...${bind('resident')} /><${Field} ...${bind('phone')} type="tel" /></div>`}
      ${categories.length > 0 ? category : null}
      <${Tick} ...${bind('spot')} label=${t('solved on the spot')} />
      ${form.spot ? html`<div class="inner"><${Field} ...${bind('done')} kind="text" required=${true} />
        <${Choice} ...${bind('result')} choices=${[['', t('not said')], ...RESULTS.map((one) => [one, named('result', one)])]} /></div>` : null}
      <${ChosenFiles} files=${files} onDrop=${dropFiles} /><${ChooseFiles} onFiles=${addFiles} />
      ${joined ? html`<${Tick} ...${bind('township_only')} label=${t('township only')} />
      ${form.township_only ? html`<p class="inner">${t('township only hint')}</p>` : null}` : null}
      <details><summary>${t('more fields')}</summary>
        <${Tick} ...${bind('anonymous')} label=${t('is anonymous')} />
        <div class="pair">${categories.length > 0 ? null : category}<${Field} ...${bind('place')} />
        ${form.anonymous ? null : html`<${Finding} ...${bind('household')} names=${householdNames} />`}<${Field} ...${bind('channel')} /><${Field} ...${bind('urgency')} /></div>
        <${Choice} ...${bind('class')} choices=${['', 'ordinary', 'complex', 'petition'].map((one) => [one, one ? named('class', one) : t('not said')])} />
      </details>
      <${Sending} sent=${sent} onStop=${() => stop.current.abort()} />
    </${Form}></main>`;
}
