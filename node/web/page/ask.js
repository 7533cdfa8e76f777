// Asking the program. What fails is an Error whose message is for people.
import { language, t } from './words.js';

let guard = '';
export const setGuard = (value) => { guard = value; };

function failure(message, status, subject) {
  return Object.assign(new Error(message), { status, subject });
}

// One request below /api/v1; body undefined: none. Throws what failure() makes; status 0: the program
// did not answer.
export async function ask(method, path, body) {
  const headers = { 'Accept-Language': language() };
  if (method !== 'GET') headers['X-Yizhan-Guard'] = guard;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  let said;
  try {
    answer = await fetch('/api/v1/' + path, { method, headers, body: body === undefined ? body : JSON.stringify(body), cache: 'no-store' });
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

// A file to the program, saying on its way how many of its bytes have gone: onSent(bytes). signal: ends it. Throws as ask does.
export function sendFile(path, blob, onSent, signal) {
  return new Promise((well, badly) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/' + path);
    request.setRequestHeader('Accept-Language', language());
    request.setRequestHeader('X-Yizhan-Guard', guard);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onerror = () => badly(failure(t('not answering'), 0));
    request.onabort = () => badly(failure(t('upload stopped'), 0));
    signal.addEventListener('abort', () => request.abort());
    request.onload = () => {
      let said;
      try {
        said = JSON.parse(request.responseText);
      } catch {
        badly(failure(request.status === 413 ? t('too long') : t('no sense'), request.status));
        return;
      }
      if (request.status < 300) well(said);
      else badly(failure(said.error?.message ?? t('no sense'), request.status, said.error?.subject));
    };
    request.send(blob);
  });
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
