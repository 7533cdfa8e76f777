// The page: who one is, and then what is inside, which comes when someone is logged in.
import { html, render, useEffect, useState } from './html.js';
import { ask, setGuard } from './ask.js';
import { Login } from './login.js';
import { Failure, later, whenIdle } from './parts.js';
import { chooseLanguage, language, t } from './words.js';

const LATE_MS = 500;

const Inside = later(() => import('./inside.js'), 'Inside');
const Setup = later(() => import('./setup.js'), 'Setup');

// A part of an address as it was before it was escaped; one that was not escaped well as it is.
function plain(part) {
  try { return decodeURIComponent(part ?? ''); } catch { return part; }
}

// "#/case/ID", "#/new", "#/queue?of=…", "#/cases?state=…&sought=…": Back works, and a link is a filter.
function readPlace() {
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  const args = new URLSearchParams(query ?? '');
  const [view, name] = path.slice(1).split('/');
  return { view, name: plain(name), args };
}

function usePlace() {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const look = () => setPlace(readPlace());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return place;
}

const MENU = { village: [['today', 'today'], ['new', 'new case'], ['cases', 'cases'], ['households', 'households'], ['notices', 'notices'], ['figures', 'figures'], ['roads', 'roads'], ['workers', 'workers']],
  hub: [['queue', 'queue'], ['villages', 'villages'], ['cases', 'cases'], ['households', 'households'], ['notices', 'notices'], ['figures', 'figures'], ['roads', 'roads'],
    ['roster', 'roster'], ['settings', 'settings'], ['quarantine', 'quarantine'], ['erasures', 'erasures'], ['audit', 'audit']] };

function Header({ node, view, session, onLanguage, onLock }) {
  return html`<header><a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.querySelector('h1')?.focus(); }}>${t('skip')}</a>
    <p class="place"><strong>${node?.name ? node.name : t('yizhan')}</strong>${node?.role === 'hub' ? ` · ${t('hub')}` : ''}</p>
    ${session ? html`<nav aria-label=${t('menu')}>${MENU[node?.role ?? 'village'].map(([place, name]) => html`<a key=${place} href=${`#/${place}`} aria-current=${view === place ? 'page' : undefined}>${t(name)}</a>`)}</nav>` : null}
    <div class="who">${session ? html`<a href="#/me">${session.worker}</a><button type="button" onClick=${onLock}>${t('lock')}</button>` : null}
      <button type="button" lang=${language() === 'zh' ? 'en' : 'zh-CN'} onClick=${onLanguage}>${t('other language')}</button></div></header>`;
}

// What this node is, and who is logged in: { node, session }, or { error }.
async function find() {
  try {
    const [node, session] = await Promise.all([ask('GET', 'node'), ask('GET', 'session').catch((failure) => { if (failure.status !== 401) throw failure; return null; })]);
    setGuard(session?.guard ?? '');
    return { node, session, error: null };
  } catch (error) {
    return { error };
  }
}

// found: what is known already; asked: what is being asked for.
function App({ found, asked }) {
  const [node, setNode] = useState(found.node ?? null);
  const [session, setSession] = useState(found.session); // undefined: not known yet
  const [error, setError] = useState(found.error ?? null);
  const [words, setWords] = useState(language());
  const [locked, setLocked] = useState(false);
  const place = usePlace();
  // Who works here may have changed since this page was loaded.
  const leave = (why) => {
    setGuard('');
    setSession(null);
    setLocked(why);
    ask('GET', 'node').then(setNode, () => null);
  };
  const learn = async () => { setNode(await ask('GET', 'node')); setSession(await ask('GET', 'session')); };

  function take(known) {
    if (known.node) { setNode(known.node); setSession(known.session); }
    setError(known.error);
  }
  const begin = () => find().then(take);
  useEffect(() => { if (!found.node) asked.then(take); }, []);
  useEffect(() => (session === null ? whenIdle([Inside.fetch]) : undefined), [session]);
  useEffect(() => {
    document.documentElement.lang = words === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.classList.toggle('practice', node?.practice ?? false);
    document.title = node?.name ? `${node.name} · ${t('yizhan')}` : t('yizhan');
  }, [words, node]);
  const logIn = async (worker, passphrase) => {
    const found = await ask('POST', 'session', { worker, passphrase });
    setGuard(found.guard);
    setLocked(false);
    setSession(found);
  };
  const setUp = async (worker, passphrase) => {
    setNode(await ask('GET', 'node'));
    await logIn(worker, passphrase);
  };
  const lock = async () => {
    await ask('DELETE', 'session').catch(() => null);
    leave(true);
  };
  const switchWords = () => {
    chooseLanguage(words === 'zh' ? 'en' : 'zh');
    setWords(language());
  };
  let view = html`<main id="main"><p role="status">${t('loading')}</p></main>`;
  if (error) view = html`<main id="main"><${Failure} error=${error} /><button type="button" onClick=${begin}>${t('again')}</button></main>`;
  else if (node?.role === 'none') view = html`<${Setup} onDone=${setUp} />`;
  else if (node && session === null) view = html`<${Login} node=${node} notice=${locked ? t('locked now') : ''} onLogIn=${logIn} />`;
  else if (session) view = html`<${Inside} place=${place} node=${node} session=${session} onLearn=${learn} onLeave=${() => leave(true)} />`;
  return html`<${Header} node=${node} view=${place.view} session=${session} onLanguage=${switchWords} onLock=${lock} />
    ${node?.practice ? html`<section class="practice-banner" aria-label=${t('practice')}><p><strong>${t('practice')}</strong> ${t('practice hint')}</p></section>` : null}${view}`;
}

// Drawn once it is known what to draw, which spares a slow PC drawing twice; where the answer is late, that it is waited for.
async function begin() {
  const asked = find();
  const all = asked.then(async (found) => { if (found.session) await Inside.fetch().catch(() => null); return found; });
  const found = await Promise.race([all, new Promise((well) => { setTimeout(() => well({}), LATE_MS); })]);
  const at = document.getElementById('page');
  at.textContent = '';
  render(html`<${App} found=${found} asked=${asked} />`, at);
}

begin();
