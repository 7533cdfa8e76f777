// Moves on cases, as people make them.
import { html } from './html.js';
import { Choice, Field, Tick } from './parts.js';
import { named, t } from './words.js';

export const RESULTS = ['satisfied', 'partly', 'dissatisfied', 'unreachable'];

// What each move says: "name" or "name!" (must be said), of the kind below.
export const MOVES = {
  resolve: ['text!'], followup: ['result!', 'solved', 'words'], close: ['reason', 'no_follow_up'], note: ['text!'],
  contact: ['text!'], visit: ['text'], accept: ['text'], sign: [], assign: ['to!'], return: ['reason!'], escalate: ['reason!'],
  pause: ['reason!'], resume: ['text'], reopen: ['reason'], extend: ['days!', 'reason!'], refer: ['to!', 'reason!'],
  refuse: ['reason!', 'turn_to'], supervise: ['text'], merge: ['into!', 'text'], void: ['reason!'],
};

export function asBody(move, form) {
  const body = { move };
  for (const field of MOVES[move].map((one) => one.replace('!', ''))) {
    const value = form[field];
    if (value === undefined || value === '' || value === false) continue;
    body[field === 'words' ? 'text' : field] = field === 'days' ? Number(value) : value;
  }
  return body;
}

const LINES = ['to', 'turn_to', 'days', 'into'];

// The fields of a move; setForm as that of a draft. without: one that is asked for otherwise.
export function MoveFields({ move, form, setForm, without }) {
  return MOVES[move].filter((one) => one.replace('!', '') !== without).map((one) => {
    const name = one.replace('!', '');
    const props = { id: `move-${name}`, key: name, label: named('field', move === 'resolve' && name === 'text' ? 'done' : name), required: one.endsWith('!'),
      value: form[name] ?? '', onValue: (value) => setForm((now) => ({ ...now, [name]: value })) };
    if (name === 'result') return html`<${Choice} ...${props} choices=${RESULTS.map((result) => [result, named('result', result)])} />`;
    if (name === 'solved') return html`<${Choice} ...${props} choices=${['', 'yes', 'partly', 'no'].map((solved) => [solved, solved ? named('solved', solved) : t('not said')])} />`;
    if (name === 'no_follow_up') return html`<${Tick} ...${props} value=${form[name] ?? false} />`;
    return html`<${Field} ...${props} kind=${LINES.includes(name) ? 'line' : 'text'} mode=${name === 'days' ? 'numeric' : undefined} />`;
  });
}
