import { html, useEffect, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { Erase, erasing, ReadBy } from './erase.js';
import { Files, filesWords } from './files.js';
import { asBody, MoveFields, MOVES } from './moves.js';
import { dueDay, Failure, Form, Heading, moment, useAsked, useDraft } from './parts.js';
import { named, t } from './words.js';

const FIRST = ['resolve', 'followup', 'close', 'note'];

function MoveForm({ move, id, worker, onDone, onCancel }) {
  const [form, setForm, drop] = useDraft(`${worker} ${move} ${id}`, {});
  async function send() {
    const answer = await ask('POST', `cases/${id}/moves`, asBody(move, form));
    drop();
    onDone(answer);
  }
  function cancel() {
    drop();
    onCancel();
  }
  // Whoever chose it goes on there, by the keyboard too.
  const at = useRef(null);
  useEffect(() => { at.current.querySelector('input, textarea, button')?.focus(); }, []);
  return html`<section class="inner" ref=${at}><h3>${named('do', move)}</h3>
    <${Form} label=${t('save')} onSend=${send} extra=${html`<button type="button" onClick=${cancel}>${t('cancel')}</button>`}>
      <${MoveFields} move=${move} form=${form} setForm=${setForm} />
    </${Form}></section>`;
}

function Moves({ moves, id, worker, onDone }) {
  const [move, setMove] = useState(null);
  const known = Object.keys(MOVES).filter((one) => moves.includes(one));
  const button = (one) => html`<button type="button" key=${one} aria-expanded=${move === one} class=${FIRST.indexOf(one) === 0 ? 'main' : ''} onClick=${() => setMove(one)}>${named('do', one)}</button>`;
  if (known.length === 0) return html`<p>${t('nothing now')}</p>`;
  const others = known.filter((one) => !FIRST.includes(one));
  return html`<div class="buttons">${known.filter((one) => FIRST.includes(one)).map(button)}</div>
    ${others.length > 0 ? html`<details><summary>${t('other moves')}</summary><div class="buttons">${others.map(button)}</div></details>` : null}
    ${move && moves.includes(move) ? html`<${MoveForm} key=${move} move=${move} id=${id} worker=${worker} onCancel=${() => setMove(null)}
      onDone=${(said) => { setMove((now) => (now === move ? null : now)); onDone(said); }} />` : null}`;
}

// The words of a record, each in a paragraph.
function Words({ event }) {
  const { body, type } = event;
  const said = [];
  if (body.result) said.push(named('result', body.result));
  if (body.solved) said.push(`${named('field', 'solved')}：${named('solved', body.solved)}`);
  for (const name of ['to', 'reason', 'turn_to']) if (typeof body[name] === 'string') said.push(body[name]);
  if (typeof body.days === 'number') said.push(`${named('field', 'days')}：${body.days}`);
  if (type !== 'case.open' && typeof body.text === 'string') said.push(body.text);
  for (const [name, value] of Object.entries(body.fields ?? {})) said.push(`${named('field', name)}：${value ?? '—'}`);
  return said.map((text, i) => html`<p key=${i} class="words">${text}</p>`);
}

function Event({ event }) {
  const did = event.type.startsWith('case.') ? named('did', event.type.slice(5)) : event.type;
  return html`<li class=${event.effect === 'applied' ? '' : 'odd'}>
    <p><time datetime=${event.at ?? ''}>${moment(event.at)}</time> <span class="by">${event.by}</span> <strong>${did.startsWith('did ') ? event.type : did}</strong>
    ${event.received === undefined ? null : html` <span class="receipt" title=${t(event.received ? 'with township' : 'only here')} role="img" aria-label=${t(event.received ? 'with township' : 'only here')}>${event.received ? '✓✓' : '✓'}</span>`}
    ${event.effect === 'applied' ? null : html` <span class="mark late">${named('effect', event.effect)}</span>`}</p>
    <${Words} event=${event} /></li>`;
}

function Facts({ it }) {
  const rows = [['state', named('state', it.state)], ['resident', it.anonymous ? t('anonymous') : it.resident], ['phone', it.phone],
    ['household', it.household], ['category', it.category], ['place', it.place], ['channel', it.channel], ['urgency', it.urgency],
    ['class', it.class && named('class', it.class)], ['assigned', it.assigned], ['opened', moment(it.opened)]].filter(([, value]) => value);
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div key=${name}><dt>${named('field', name)}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Remarks({ it, onDone }) {
  const says = [];
  if (it.due) says.push([it.overdue, t(it.due_of === 'answer' ? 'answer by' : 'resolve by', dueDay(it.due)) + (it.overdue ? ` ${t('is overdue')}` : '')]);
  if (it.provisional) says.push([false, t('provisional')]);
  for (const flag of it.flags) says.push([false, named('flag', flag)]);
  if (it.requested) says.push([false, t('requested')]);
  for (const text of erasing(it)) says.push([false, text]);
  if (it.about) says.push([true, t('about', it.about)]);
  if (it.merged_into) says.push([false, `${t('merged into')} ${it.merged_into}`]);
  if (it.matter?.length > 0) says.push([false, `${t('same matter')}：${it.matter.join('、')}`]);
  return html`${says.map(([late, text]) => html`<p key=${text} class=${late ? 'remark late' : 'remark'}>${text}</p>`)}
    ${it.conflicts.map((conflict) => html`<${Conflict} key=${conflict.field} conflict=${conflict} it=${it} onDone=${onDone} />`)}`;
}

const ofField = (field, value) => {
  if (value === null) return '—';
  return field === 'state' || field === 'class' ? named(field, value) : value;
};

// What was said apart, side by side; one of it is right.
function Conflict({ conflict, it, onDone }) {
  const [error, setError] = useState(null);
  async function settle(value) {
    try {
      await ask('POST', `cases/${it.id}/moves`, { move: 'settle', field: conflict.field, value: value ?? '' });
      onDone({ settled: true });
    } catch (failure) {
      setError(failure);
    }
  }
  return html`<section class="apart"><h2>${named('field', conflict.field)}：${t('said apart')}</h2>
    <ul>${conflict.values.map((one, i) => html`<li key=${i}><p class="words">${ofField(conflict.field, one.value)}</p><p class="hint">${one.by ?? '—'}</p>
      ${it.moves.includes('settle') ? html`<button type="button" aria-label=${`${t('settle this')}：${ofField(conflict.field, one.value)}`} onClick=${() => settle(one.value)}>${t('settle this')}</button>` : null}</li>`)}</ul>
    <${Failure} error=${error} /></section>`;
}

const heading = () => document.querySelector('h1');

export function Case({ id, worker, erases, notice, onNotice }) {
  const { said: it, error, again } = useAsked(`cases/${encodeURIComponent(id)}`);
  if (error) return html`<main id="main"><${Heading}>${t('cases')}</${Heading}><${Failure} error=${error} /><p><a href="#/cases">${t('back')}</a></p></main>`;
  if (!it) return html`<main id="main"><p role="status">${t('loading')}</p></main>`;
  function done(answer) {
    onNotice({ text: answer.more ? answer.more : answer.settled ? t('settled') : answer.request ? t('saved request') : t('saved') });
    again();
    // What had the focus is gone.
    heading()?.focus();
  }
  return html`<main id="main"><p><a href="#/cases">${t('back')}</a></p>
    <${Heading}>${it.title ?? (it.flags.includes('township-only') ? t('for township alone') : '—')}</${Heading}><p class="number">${it.case} · <a href=${`#/card/${it.id}`}>${t('print card')}</a></p>
    <div role="status">${notice ? html`<div class="notice"><p>${notice.text}</p>
      ${notice.likely?.length > 0 ? html`<p>${t('likely same')}</p><ul>${notice.likely.map((one) => html`<li key=${one.id}><a href=${`#/case/${one.id}`}>${one.case} ${one.title}</a></li>`)}</ul>` : null}</div>` : null}</div>
    <div class="columns"><section>
      <${Facts} it=${it} /><${Remarks} it=${it} onDone=${done} />
      ${it.text ? html`<p class="words">${it.text}</p>` : null}
      <${Files} it=${it} worker=${worker} onDone=${(came) => done({ more: filesWords(came) })} />
      <h2>${t('what now')}</h2><${Moves} moves=${it.moves} id=${it.id} worker=${worker} onDone=${done} />
      <${Erase} it=${it} erases=${erases} onDone=${(more) => done({ more })} /><${ReadBy} read=${it.read} />
    </section><section><h2>${t('what happened')}</h2>
      <ol class="events">${it.history.map((event) => html`<${Event} key=${event.record} event=${event} />`)}</ol></section></div>
  </main>`;
}
