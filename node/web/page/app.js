import { html, render, useEffect, useState } from './html.js';
import { ask, setGuard } from './ask.js';
import { Card } from './card.js';
import { Case } from './case.js';
import { useContact } from './contact.js';
import { List } from './list.js';
import { Login } from './login.js';
import { Me } from './me.js';
import { Erasures } from './erase.js';
import { Figures } from './figures.js';
import { Help } from './help.js';
import { Household, Households } from './households.js';
import { Notices } from './notices.js';
import { Queue } from './queue.js';
import { Roads } from './roads.js';
import { Setup } from './setup.js';
import { Today } from './today.js';
import { Roster } from './roster.js';
import { Audit, Quarantine, Settings } from './township.js';
import { Village, Villages } from './villages.js';
import { Workers } from './workers.js';
import { Open } from './open.js';
import { dropNames, Failure, keepNames, Light } from './parts.js';
import { chooseLanguage, language, named, t } from './words.js';

const LOOK_MS = 15000;

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

// How things stand, looked at again and again while someone is logged in.
function useStatus(session, onLocked) {
  const [state, setState] = useState({ status: null, error: null });
  async function look() {
    try {
      setState({ status: await ask('GET', 'status'), error: null });
    } catch (error) {
      if (error.status === 401) onLocked();
      else setState((before) => ({ ...before, error }));
    }
  }
  useEffect(() => {
    if (!session) return undefined;
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [session]);
  return { ...state, look };
}

const MENU = { village: [['today', 'today'], ['new', 'new case'], ['cases', 'cases'], ['households', 'households'], ['notices', 'notices'], ['figures', 'figures'], ['roads', 'roads'], ['workers', 'workers']],
  hub: [['queue', 'queue'], ['villages', 'villages'], ['cases', 'cases'], ['households', 'households'], ['notices', 'notices'], ['figures', 'figures'], ['roads', 'roads'],
    ['roster', 'roster'], ['settings', 'settings'], ['quarantine', 'quarantine'], ['erasures', 'erasures'], ['audit', 'audit']] };
const HOME = { village: 'today', hub: 'queue' };
const AUDIT = ['worker', 'day', 'case'];
const HOMES = ['search', 'not_visited', 'gone'];
const LIST = ['state', 'search', 'who', 'work', 'village', 'category', 'month', 'assigned'];
const queuePlace = (of, matters) => `#/queue?of=${of}${matters ? '&matters=true' : ''}`;

// Words and names that were looked for are in no address, and so not in the browser's history, which lies on the disk: there
// stands a number instead, of what is known while the page is open and its reader logged in.
const TYPED = ['search', 'who'];
const sought = new Map();
let next = Date.now();

const taken = (names, args) => Object.fromEntries(names.map((name) => [name, (TYPED.includes(name) ? sought.get(args?.get('sought'))?.[name] : args?.get(name)) ?? '']));
function go(view, wanted) {
  const said = Object.entries(wanted).filter(([, value]) => value !== '');
  const typed = said.filter(([name]) => TYPED.includes(name));
  const more = [];
  if (typed.length > 0) {
    next += 1;
    sought.set(`${next}`, Object.fromEntries(typed));
    more.push(['sought', next]);
  }
  const args = new URLSearchParams([...said.filter((one) => !typed.includes(one)), ...more]).toString();
  location.hash = args === '' ? `#/${view}` : `#/${view}?${args}`;
}

// What is shown to whoever is logged in.
function View({ place, node, session, notice, locked, on }) {
  const hub = node.role === 'hub';
  const view = place.view || HOME[node.role];
  const administers = session.roles.includes('administrator');
  const writes = !(session.roles.length === 1 && session.roles[0] === 'auditor');
  const erases = hub ? (administers ? 'everywhere' : '') : on.joined ? 'ask' : 'here';
  if (view === 'case') return html`<${Case} key=${place.name} id=${place.name} worker=${session.worker} erases=${erases} notice=${notice} onNotice=${on.say} />`;
  if (view === 'card') return html`<${Card} key=${place.name} id=${place.name} size=${place.args.get('size') ?? 'a4'} node=${node} onSize=${(size) => go(`card/${place.name}`, { size })} />`;
  if (view === 'new' && !hub) return html`<${Open} worker=${session.worker} joined=${on.joined} onOpened=${on.opened} />`;
  if (view === 'today' && !hub) return html`<${Today} />`;
  if (view === 'household') return html`<${Household} key=${place.name} id=${place.name} worker=${session.worker} erases=${erases} />`;
  if (view === 'households') return html`<${Households} hub=${hub} worker=${session.worker} filter=${taken(HOMES, place.args)} onFilter=${(wanted) => go('households', wanted)} onOpen=${(id) => { location.hash = `#/household/${id}`; }} />`;
  if (view === 'notices') return html`<${Notices} hub=${hub} writes=${writes} />`;
  if (view === 'quarantine') return html`<${Quarantine} hub=${hub} administers=${administers} />`;
  if (view === 'roster' && hub) return html`<${Roster} administers=${administers} />`;
  if (view === 'settings') return html`<${Settings} administers=${administers} />`;
  if (view === 'audit' && hub) return html`<${Audit} key=${place.args.toString()} filter=${taken(AUDIT, place.args)} onFilter=${(wanted) => go('audit', wanted)} />`;
  if (view === 'erasures' && hub) return html`<${Erasures} />`;
  if (view === 'figures') return html`<${Figures} role=${node.role} filter=${taken(['by', 'month'], place.args)} onFilter=${(wanted) => go('figures', wanted)} />`;
  if (view === 'roads') return html`<${Roads} hub=${hub} far=${node.far} practice=${node.practice} joined=${on.joined} contact=${on.contact} />`;
  if (view === 'me') return html`<${Me} locked=${locked} named=${on.named} onDone=${on.learn} />`;
  if (view === 'workers' && !hub) return html`<${Workers} worker=${session.worker} onLeave=${on.leave} />`;
  if (view === 'villages' && hub) return html`<${Villages} administers=${administers} />`;
  if (view === 'village' && hub) return html`<${Village} key=${place.name} id=${place.name} />`;
  if (view === 'queue' && hub) return html`<${Queue} of=${place.args.get('of')} matters=${place.args.get('matters') === 'true'} code=${node.code} writes=${writes} onPlace=${queuePlace} />`;
  return html`<${List} filter=${taken(LIST, place.args)} onFilter=${(wanted) => go('cases', wanted)} hub=${hub} />`;
}

function Header({ node, view, session, onLanguage, onLock }) {
  return html`<header><a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.querySelector('h1')?.focus(); }}>${t('skip')}</a>
    <p class="place"><strong>${node?.name ? node.name : t('yizhan')}</strong>${node?.role === 'hub' ? ` · ${t('hub')}` : ''}</p>
    ${session ? html`<nav aria-label=${t('menu')}>${MENU[node?.role ?? 'village'].map(([place, name]) => html`<a key=${place} href=${`#/${place}`} aria-current=${view === place ? 'page' : undefined}>${t(name)}</a>`)}</nav>` : null}
    <div class="who">${session ? html`<a href="#/me">${session.worker}</a><button type="button" onClick=${onLock}>${t('lock')}</button>` : null}
      <button type="button" lang=${language() === 'zh' ? 'en' : 'zh-CN'} onClick=${onLanguage}>${t('other language')}</button></div></header>`;
}

function App() {
  const [node, setNode] = useState(null);
  const [session, setSession] = useState(undefined); // undefined: not known yet
  const [error, setError] = useState(null);
  const [words, setWords] = useState(language());
  const [notice, setNotice] = useState(null);
  const [locked, setLocked] = useState(false);
  const place = usePlace();
  // Who works here may have changed since this page was loaded.
  const leave = (why) => {
    sought.clear();
    setGuard('');
    setSession(null);
    setLocked(why);
    ask('GET', 'node').then(setNode, () => null);
  };
  const { status, error: dark, look } = useStatus(session, () => leave(true));
  const contact = useContact(session, () => look());

  const locksKey = session?.locked ?? true;
  keepNames(!locksKey);
  useEffect(() => { if (session?.locked) dropNames(session.worker); }, [session]);
  const learn = async () => { setNode(await ask('GET', 'node')); setSession(await ask('GET', 'session')); };

  async function begin() {
    try {
      setNode(await ask('GET', 'node'));
      const found = await ask('GET', 'session').catch((failure) => { if (failure.status !== 401) throw failure; return null; });
      setGuard(found?.guard ?? '');
      setSession(found);
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  }
  useEffect(() => { begin(); }, []);
  useEffect(() => {
    document.documentElement.lang = words === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.classList.toggle('practice', node?.practice ?? false);
    document.title = node?.name ? `${node.name} · ${t('yizhan')}` : t('yizhan');
  }, [words, node]);
  useEffect(() => { if (notice && notice.at !== location.hash) setNotice(null); }, [place]);

  const say = (what) => { setNotice({ ...what, at: location.hash }); look(); };
  const opened = (answer, more) => {
    location.hash = `#/case/${answer.id}`;
    setNotice({ text: [t('saved case', answer.case), ...answer.warnings.map((one) => named('looks like', one.looks_like)), more].filter(Boolean).join(' '), likely: answer.duplicates, at: `#/case/${answer.id}` });
    look();
  };
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
  else if (session) view = html`<${View} place=${place} node=${node} session=${session} notice=${notice} locked=${locksKey} on=${{ say, opened, learn, leave: () => leave(true), contact, joined: status?.joined ?? true, named: status?.named ?? 0 }} />`;
  return html`<${Header} node=${node} view=${place.view} session=${session} onLanguage=${switchWords} onLock=${lock} />
    ${node?.practice ? html`<section class="practice-banner" aria-label=${t('practice')}><p><strong>${t('practice')}</strong> ${t('practice hint')}</p></section>` : null}
    ${session ? html`<${Light} status=${status} error=${dark} contact=${contact} />` : null}
    ${session && !locksKey && !node.practice && place.view !== 'me' ? html`<section class="light" aria-label=${t('me')}><p class="warning">${t('no passphrase')} <a href="#/me">${t('set passphrase')}</a></p></section>` : null}${view}
    ${session ? html`<${Help} key=${place.view} view=${place.view || HOME[node.role]} role=${node.role} />` : null}`;
}

const at = document.getElementById('page');
at.textContent = '';
render(html`<${App} />`, at);
