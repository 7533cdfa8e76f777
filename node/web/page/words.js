// Every word that the page says, Chinese and English. The words of cases are those of the program's
// own catalogue (po/), which a test compares.
import first from './words_page.js';

const WORDS = { ...first };
// More of them, as they have come.
export const learn = (words) => { Object.assign(WORDS, words); };

const stored = (() => {
  try { return localStorage.getItem('yizhan-language'); } catch { return null; }
})();
let chosen = stored === 'en' ? 'en' : 'zh';

export const language = () => chosen;
export function chooseLanguage(which) {
  chosen = which;
  try { localStorage.setItem('yizhan-language', which); } catch { /* it is asked again next time */ }
}

// What the page says under this name, each %s replaced by what follows. An unknown name as it is.
export function t(name, ...args) {
  const words = WORDS[name];
  let text = words === undefined ? name : words[chosen === 'zh' ? 0 : 1];
  for (const arg of args) text = text.replace('%s', () => String(arg));
  return text;
}
// Is there anything under this name?
export const said = (name) => WORDS[name] !== undefined;
// The same of a kind; a value without a word (from a newer version) as it is.
export const named = (kind, value) => (WORDS[`${kind} ${value}`] === undefined ? String(value) : t(`${kind} ${value}`));
