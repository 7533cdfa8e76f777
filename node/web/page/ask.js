// Asking the program. What fails is an Error whose message is for people.
import { language, t } from './words.js';

let guard = '';
export const setGuard = (value) => { guard = value; };

function failure(message, status, subject) {
  return Object.assign(new Error(message), { status, subject });
}

// One request below /api/v1; body undefined: none; a Blob: a file, as it is. Throws what failure() makes; status 0: the program
// did not answer.
export async function ask(method, path, body) {
  const headers = { 'Accept-Language': language() };
  if (method !== 'GET') headers['X-Yizhan-Guard'] = guard;
  const file = body instanceof Blob;
  if (body !== undefined) headers['Content-Type'] = file ? 'application/octet-stream' : 'application/json';
  let answer;
  let said;
  try {
    answer = await fetch('/api/v1/' + path, { method, headers, body: body === undefined || file ? body : JSON.stringify(body), cache: 'no-store' });
  } catch {
    throw failure(t('not answering'), 0);
  }
  try {
    said = await answer.json();
  } catch {
    throw failure(answer.status === 413 ? t('too long') : t('no sense'), answer.status);
  }
  if (answer.ok) return said;
  const error = said.error ?? {};
  throw failure(error.message ?? t('no sense'), answer.status, error.subject);
}

// A file that the program makes, as the browser saves it under this name.
export async function saveFile(path, name) {
  let answer;
  try {
    answer = await fetch('/api/v1/' + path, { headers: { 'Accept-Language': language() }, cache: 'no-store' });
  } catch {
    throw failure(t('not answering'), 0);
  }
  if (!answer.ok) throw failure((await answer.json().catch(() => ({}))).error?.message ?? t('no sense'), answer.status);
  const url = URL.createObjectURL(await answer.blob());
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
