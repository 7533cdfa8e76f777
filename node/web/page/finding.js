// A field whose words can be found by typing, those who may be written there offered below it; others stay allowed.
import { html, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { namesLike } from './pinyin.js';
import { t } from './words.js';

const MOST = 8;

// The names of the households that are there.
export const householdNames = async () => (await ask('GET', 'households')).households.map((one) => one.name).filter(Boolean);

// The township's categories.
export const categoryNames = async () => (await ask('GET', 'settings')).categories;

// names: what there is, or what asks for it once it is needed. hint(value): what is to be said of a value; null: nothing.
export function Finding({ id, label, value, onValue, names, hint = () => null }) {
  const [all, setAll] = useState(Array.isArray(names) ? names : null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const asked = useRef(false);
  const known = Array.isArray(names) ? names : all ?? [];
  const like = open ? namesLike(known, value).slice(0, MOST) : [];
  async function begin() {
    setOpen(true);
    setAt(-1);
    if (typeof names !== 'function' || asked.current) return;
    asked.current = true;
    // Who cannot be asked is not offered: what is typed is taken all the same.
    setAll(await names().catch(() => []));
  }
  function take(name) {
    onValue(name);
    setOpen(false);
    setAt(-1);
  }
  function press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) begin();
    else if (step && like.length > 0) setAt((at + step + (at < 0 && step < 0 ? 1 : 0) + like.length) % like.length);
    else if (event.key === 'Enter' && open && at >= 0) take(like[at]);
    else if (event.key === 'Escape' && open) setOpen(false);
    else return;
    event.preventDefault();
  }
  const says = hint(value);
  return html`<div class="field finding"><label for=${id}>${label}</label>
    <input id=${id} value=${value} autocomplete="off" role="combobox" aria-expanded=${like.length > 0} aria-controls=${`${id}-list`} aria-autocomplete="list"
      aria-activedescendant=${at >= 0 && like[at] ? `${id}-${at}` : undefined} aria-describedby=${says ? `${id}-hint` : undefined}
      onFocus=${begin} onBlur=${() => setOpen(false)} onKeyDown=${press} onInput=${(event) => { onValue(event.currentTarget.value); begin(); }} />
    <ul id=${`${id}-list`} role="listbox" aria-label=${label} hidden=${like.length === 0}>${like.map((name, i) => html`<li key=${name} id=${`${id}-${i}`} role="option" aria-selected=${i === at}
      onMouseDown=${(event) => { event.preventDefault(); take(name); }}>${name}</li>`)}</ul>
    ${says ? html`<span class="hint" id=${`${id}-hint`} role="status">${says}</span>` : null}</div>`;
}

// One of the township's categories, or other words.
export function Category({ names, ...props }) {
  const other = (value) => (names.length > 0 && value.trim() !== '' && !names.includes(value.trim()) ? t('other category') : null);
  return html`<${Finding} ...${props} names=${names} hint=${other} />`;
}
