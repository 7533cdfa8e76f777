// What whoever is logged in sees: where records are, and a view, which is fetched when it is first opened, or before, when there is
// nothing else to do.
import { html, useEffect, useState } from './html.js';
import { ask } from './ask.js';
import { useContact } from './contact.js';
import { Help } from './help.js';
import { Light } from './light.js';
import { dropNames, keepNames, later, whenIdle } from './parts.js';
import { sealWith } from './sealed.js';
import { named, t } from './words.js';
import './words_rest.js';

const LOOK_MS = 15000;

const VIEWS = {
  Case: later(() => import('./case.js'), 'Case'),
  Card: later(() => import('./card.js'), 'Card'),
  Open: later(() => import('./open.js'), 'Open'),
  Today: later(() => import('./today.js'), 'Today'),
  Household: later(() => import('./households.js'), 'Household'),
  Households: later(() => import('./households.js'), 'Households'),
  Notices: later(() => import('./notices.js'), 'Notices'),
  Quarantine: later(() => import('./township.js'), 'Quarantine'),
  Roster: later(() => import('./roster.js'), 'Roster'),
  Settings: later(() => import('./township.js'), 'Settings'),
  Audit: later(() => import('./township.js'), 'Audit'),
  Erasures: later(() => import('./erase.js'), 'Erasures'),
  Figures: later(() => import('./figures.js'), 'Figures'),
  Roads: later(() => import('./roads.js'), 'Roads'),
  Me: later(() => import('./me.js'), 'Me'),
  Workers: later(() => import('./workers.js'), 'Workers'),
  Villages: later(() => import('./villages.js'), 'Villages'),
  Village: later(() => import('./villages.js'), 'Village'),
  Queue: later(() => import('./queue.js'), 'Queue'),
  List: later(() => import('./list.js'), 'List'),
};

// How things stand, looked at again and again.
function useStatus(onLocked) {
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
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return { ...state, look };
}

const HOME = { village: 'today', hub: 'queue' };
const AUDIT = ['worker', 'day', 'case'];
const HOMES = ['search', 'not_visited', 'gone'];
const LIST = ['state', 'search', 'who', 'work', 'village', 'category', 'place', 'month', 'assigned'];
const queuePlace = (of, matters) => `#/queue?of=${of}${matters ? '&matters=true' : ''}`;

// Words, names and places that were looked for are in no address, and so not in the browser's history, which lies on the disk: there
// stands a number instead, of what is known while the page is open and its reader logged in.
const TYPED = ['search', 'who', 'place'];
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
  if (view === 'case') return html`<${VIEWS.Case} key=${place.name} id=${place.name} worker=${session.worker} erases=${erases} notice=${notice} onNotice=${on.say} />`;
  if (view === 'card') return html`<${VIEWS.Card} key=${place.name} id=${place.name} size=${place.args.get('size') ?? 'a4'} node=${node} onSize=${(size) => go(`card/${place.name}`, { size })} />`;
  if (view === 'new' && !hub) return html`<${VIEWS.Open} worker=${session.worker} joined=${on.joined} onOpened=${on.opened} />`;
  if (view === 'today' && !hub) return html`<${VIEWS.Today} />`;
  if (view === 'household') return html`<${VIEWS.Household} key=${place.name} id=${place.name} worker=${session.worker} erases=${erases} />`;
  if (view === 'households') return html`<${VIEWS.Households} hub=${hub} worker=${session.worker} filter=${taken(HOMES, place.args)} onFilter=${(wanted) => go('households', wanted)} onOpen=${(id) => { location.hash = `#/household/${id}`; }} />`;
  if (view === 'notices') return html`<${VIEWS.Notices} hub=${hub} writes=${writes} />`;
  if (view === 'quarantine') return html`<${VIEWS.Quarantine} hub=${hub} administers=${administers} />`;
  if (view === 'roster' && hub) return html`<${VIEWS.Roster} administers=${administers} />`;
  if (view === 'settings') return html`<${VIEWS.Settings} administers=${administers} />`;
  if (view === 'audit' && hub) return html`<${VIEWS.Audit} key=${place.args.toString()} filter=${taken(AUDIT, place.args)} onFilter=${(wanted) => go('audit', wanted)} />`;
  if (view === 'erasures' && hub) return html`<${VIEWS.Erasures} />`;
  if (view === 'figures') return html`<${VIEWS.Figures} role=${node.role} filter=${taken(['by', 'month'], place.args)} onFilter=${(wanted) => go('figures', wanted)} />`;
  if (view === 'roads') return html`<${VIEWS.Roads} hub=${hub} far=${node.far} practice=${node.practice} joined=${on.joined} contact=${on.contact} />`;
  if (view === 'me') return html`<${VIEWS.Me} locked=${locked} named=${on.named} onDone=${on.learn} />`;
  if (view === 'workers' && !hub) return html`<${VIEWS.Workers} worker=${session.worker} onLeave=${on.leave} />`;
  if (view === 'villages' && hub) return html`<${VIEWS.Villages} administers=${administers} />`;
  if (view === 'village' && hub) return html`<${VIEWS.Village} key=${place.name} id=${place.name} />`;
  if (view === 'queue' && hub) return html`<${VIEWS.Queue} of=${place.args.get('of')} matters=${place.args.get('matters') === 'true'} code=${node.code} writes=${writes} onPlace=${queuePlace} />`;
  return html`<${VIEWS.List} filter=${taken(LIST, place.args)} onFilter=${(wanted) => go('cases', wanted)} hub=${hub} />`;
}

// session: of who is logged in. on: leave(), it has ended; learn(), the node or the session is another one now.
export function Inside({ place, node, session, onLeave, onLearn }) {
  const [notice, setNotice] = useState(null);
  const { status, error, look } = useStatus(onLeave);
  const contact = useContact(session, () => look());
  keepNames(!session.locked);
  sealWith(session.drafts);
  useEffect(() => { if (session.locked) dropNames(session.worker); }, [session]);
  useEffect(() => { if (notice && notice.at !== location.hash) setNotice(null); }, [place]);
  useEffect(() => () => { sought.clear(); keepNames(false); sealWith(null); }, []);
  useEffect(() => whenIdle(Object.values(VIEWS).map((view) => view.fetch)), []);
  const say = (what) => { setNotice({ ...what, at: location.hash }); look(); };
  const opened = (answer, more) => {
    location.hash = `#/case/${answer.id}`;
    setNotice({ text: [t('saved case', answer.case), ...answer.warnings.map((one) => named('looks like', one.looks_like)), more].filter(Boolean).join(' '), likely: answer.duplicates, at: `#/case/${answer.id}` });
    look();
  };
  return html`<${Light} status=${status} error=${error} contact=${contact} />
    ${session.locked || node.practice || place.view === 'me' ? null : html`<section class="light" aria-label=${t('me')}><p class="warning">${t('no passphrase')} <a href="#/me">${t('set passphrase')}</a></p></section>`}
    <${View} place=${place} node=${node} session=${session} notice=${notice} locked=${session.locked} on=${{ say, opened, learn: onLearn, leave: onLeave, contact, joined: status?.joined ?? true, named: status?.named ?? 0 }} />
    <${Help} key=${place.view} view=${place.view || HOME[node.role]} role=${node.role} />`;
}
