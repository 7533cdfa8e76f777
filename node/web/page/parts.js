// What every view is made of.
import { html, useEffect, useRef, useState } from './html.js';
import { ask, saveFile } from './ask.js';
import { named, t } from './words.js';

// "2026-11-30T10:20:00+08:00", as the program says it, in the township's zone.
export const moment = (text) => (text ? text.slice(0, 16).replace('T', ' ') : '');
// What is due at the very end of a day, as that day.
export const dueDay = (text) => new Date(Date.parse(text.slice(0, 10)) - 24 * 3600 * 1000).toISOString().slice(0, 10);

export const megabytes = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

export function Failure({ error }) {
  if (!error) return null;
  const label = error.subject ? named('field', error.subject) : '';
  return html`<p class="failure" role="alert">${label && label !== error.subject ? t('of field', label, error.message)
    : error.subject ? t('of field', error.subject, error.message) : error.message}</p>`;
}

// A labelled field. kind: "line", "text", or "password"; value and onValue as in a form's state.
export function Field({ id, label, kind = 'line', value, onValue, required, hint, type = 'text', mode, autofocus }) {
  const props = {
    id, value, required, 'aria-describedby': hint ? `${id}-hint` : undefined, autofocus,
    onInput: (event) => onValue(event.currentTarget.value),
  };
  return html`<div class="field">
    <label for=${id}>${label}${required ? html` <span class="required">${t('required')}</span>` : null}</label>
    ${kind === 'text' ? html`<textarea rows="3" ...${props}></textarea>`
    : html`<input type=${type} inputmode=${mode} autocomplete=${type === 'password' ? 'current-password' : 'off'} ...${props} />`}
    ${hint ? html`<span class="hint" id=${`${id}-hint`}>${hint}</span>` : null}
  </div>`;
}

export function Choice({ id, label, value, onValue, choices, required }) {
  return html`<fieldset class="choice"><legend>${label}${required ? html` <span class="required">${t('required')}</span>` : null}</legend>
    ${choices.map(([name, text]) => html`<label key=${name}><input type="radio" name=${id} value=${name} checked=${value === name}
      required=${required} onChange=${() => onValue(name)} /> ${text}</label>`)}
  </fieldset>`;
}

export function Tick({ label, value, onValue }) {
  return html`<label class="tick"><input type="checkbox" checked=${value} onChange=${(event) => onValue(event.currentTarget.checked)} /> ${label}</label>`;
}

// Where who somebody is lies sealed on the disk, a browser writes nothing of it there either.
const IDENTITY = ['resident', 'phone', 'household', 'name', 'people'];
let names = false;
export function keepNames(on) {
  names = on;
}
const without = (form) => Object.fromEntries(Object.entries(form).filter(([name]) => !IDENTITY.includes(name)));
const kept = (form) => (names ? form : without(form));

// All drafts on a case or household whose words are erased.
export function dropDraftsOf(id) {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith('yizhan-draft ') && one.endsWith(` ${id}`))) localStorage.removeItem(key);
  } catch { /* nothing is kept in this browser */ }
}

// Of this worker's drafts what was kept before there was a passphrase.
export function dropNames(worker) {
  try {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith(`yizhan-draft ${location.port} ${worker} `));
    for (const key of drafts) localStorage.setItem(key, JSON.stringify(without(JSON.parse(localStorage.getItem(key)))));
  } catch { /* nothing is kept in this browser */ }
}

// What was typed and not saved is there again, whatever happened to the page: [form, change, drop, was there]. name: of
// whom, for what. secret(form): it is not to be kept.
export function useDraft(name, empty, secret = () => false) {
  const key = `yizhan-draft ${location.port} ${name}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const [before] = useState(read);
  const [form, setForm] = useState({ ...empty, ...before });
  const [there, setThere] = useState(before !== null);
  const put = (value) => { try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, JSON.stringify(kept(value))); } catch { /* it is not kept, and nothing else is lost */ } };
  function change(how) {
    setForm((now) => {
      const next = how(now);
      put(secret(next) ? null : next);
      return next;
    });
  }
  function drop() {
    put(null);
    setForm(empty);
    setThere(false);
  }
  return [form, change, drop, there];
}

// A heading that takes the keyboard's place when its view is shown.
export function Heading({ children }) {
  const at = useRef(null);
  useEffect(() => { at.current.focus(); }, []);
  return html`<h1 tabindex="-1" ref=${at}>${children}</h1>`;
}

// Safari does not say when there is nothing else to do: there, after a while.
const AFTER_MS = 200;
const idle = (what) => (globalThis.requestIdleCallback ? requestIdleCallback(what) : setTimeout(what, AFTER_MS));

// Does each, when there is nothing else to do; what it gives back ends that.
export function whenIdle(all) {
  let ended = false;
  const next = (i) => idle(() => { if (!ended && i < all.length) all[i]().then(() => next(i + 1), () => null); });
  next(0);
  return () => { ended = true; };
}

// The view of this name in a module that is fetched (load) when it is first shown, or by `fetch` before.
export function later(load, name) {
  let View = null;
  const fetch = async () => { View ??= (await load())[name]; };
  function Later(props) {
    const [, draw] = useState(false);
    const [failed, setFailed] = useState(false);
    useEffect(() => { if (!View) fetch().then(() => draw(true), () => setFailed(true)); }, []);
    if (View) return html`<${View} ...${props} />`;
    // A browser may take what once could not be fetched for absent until the page is loaded again.
    return failed ? html`<main id="main"><${Failure} error=${new Error(t('not answering'))} /><button type="button" onClick=${() => location.reload()}>${t('again')}</button></main>`
    : html`<main id="main"><p role="status">${t('loading')}</p></main>`;
  }
  return Object.assign(Later, { fetch });
}

// A form that asks once: while it is asked its button cannot be pressed. onSend may throw.
export function Form({ onSend, label, children, extra }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  async function send(event) {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSend();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }
  return html`<form onSubmit=${send}>${children}<${Failure} error=${error} />
    <div class="buttons"><button type="submit" class="main" disabled=${busy}>${busy ? t('saving') : label}</button>${extra}</div></form>`;
}

// What an address below /api/v1 says; `again` asks once more.
export function useAsked(path) {
  const [state, setState] = useState({ path, said: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let gone = false;
    ask('GET', path).then((said) => { if (!gone) setState({ path, said, error: null }); },
      (error) => { if (!gone) setState({ path, said: null, error }); });
    return () => { gone = true; };
  }, [path, turn]);
  const fresh = state.path === path;
  return { said: fresh ? state.said : null, error: fresh ? state.error : null, again: () => setTurn(turn + 1) };
}

export const MANY_ROWS = 200; // of a table that may be of any length, at first

// That something was done, where a reader of screens hears it.
export const Said = ({ text }) => html`<div role="status">${text ? html`<p class="notice">${text}</p>` : null}</div>`;

// A table that scrolls by itself where the screen is narrow. rows: [{ key, cells }]; the first cell names its row. most: so many of
// them are in the document, and as many more each time they are asked for.
export function Table({ label, head, rows, most = Infinity }) {
  const [shown, setShown] = useState(most);
  return html`<div class="table" role="region" aria-label=${label} tabindex="0"><table><thead><tr>${head.map((one) => html`<th key=${one} scope="col">${one}</th>`)}</tr></thead>
    <tbody>${rows.slice(0, shown).map(({ key, cells }) => html`<tr key=${key}>${cells.map((cell, i) => (i === 0 ? html`<th key=${i} scope="row">${cell}</th>` : html`<td key=${i}>${cell}</td>`))}</tr>`)}</tbody></table></div>
    ${rows.length > shown ? html`<button type="button" onClick=${() => setShown(shown + most)}>${t('more')}</button>` : null}`;
}

// What is shown, as a file for spreadsheets. path: of the program's table, with what is asked for.
export function Exports({ path, name, disabled }) {
  const [error, setError] = useState(null);
  const save = (as) => saveFile(`${path}&as=${as}`, `${name}.${as}`).then(() => setError(null), setError);
  return html`<button type="button" disabled=${disabled} onClick=${() => save('csv')}>${t('export csv')}</button>
    <button type="button" disabled=${disabled} onClick=${() => save('xlsx')}>${t('export xlsx')}</button><${Failure} error=${error} />`;
}
