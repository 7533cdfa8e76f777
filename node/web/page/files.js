// Photos, scans and sound that go with a case: made smaller here, kept with a draft, sent, and seen again.
import { html, useEffect, useRef, useState } from './html.js';
import { sendFile } from './ask.js';
import { Failure, megabytes } from './parts.js';
import { openFiles, sealFiles } from './sealed.js';
import { t } from './words.js';

const MOST = 50 * 1024 * 1024;
const LONGEST = 1600; // pixels: a page of writing can be read
const QUALITY = 0.8;
const SHOWN = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const ACCEPT = 'image/*,application/pdf,audio/*,.heic,.amr';

// A photo as a smaller one, drawn anew, so that nothing of what a camera writes beside it is left. What this browser cannot
// draw, or what moves, stays as it is.
async function shrink(file) {
  if (!['image/jpeg', 'image/png', 'image/webp'].includes(file.type)) return { name: file.name, blob: file, was: null };
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return { name: file.name, blob: file, was: null };
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((well) => { canvas.toBlob(well, 'image/jpeg', QUALITY); });
  return blob ? { name: `${file.name.replace(/\.[^.]*$/, '')}.jpg`, blob, was: file.size } : { name: file.name, blob: file, was: null };
}

// --- with a draft ----------------------------------------------------------

// The browser's own store, on the disk when this returns.
function kept(mode, act) {
  return new Promise((well, badly) => {
    const open = indexedDB.open('yizhan', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('files');
    open.onerror = () => badly(open.error);
    open.onsuccess = () => {
      const change = open.result.transaction('files', mode, { durability: 'strict' });
      const request = act(change.objectStore('files'));
      change.oncomplete = () => { open.result.close(); well(request.result); };
      change.onabort = () => { open.result.close(); badly(change.error); };
    };
  });
}

// Those chosen for a case whose words are erased.
export async function dropFilesOf(id) {
  const keys = await kept('readonly', (store) => store.getAllKeys()).catch(() => []);
  for (const key of keys) if (key.endsWith(` ${id}`)) await kept('readwrite', (store) => store.delete(key)).catch(() => null);
}

// One after another, so that what was chosen last is what stays.
let last = Promise.resolve();
const keepSealed = (key, files) => {
  last = last.then(async () => {
    const sealed = files.length === 0 ? null : await sealFiles(files);
    await kept('readwrite', (store) => (sealed ? store.put(sealed, key) : store.delete(key)));
  }).catch(() => null); // they are not kept, and nothing else is lost
  return last;
};

// [files, add, drop]: those chosen for a form and not sent yet, there again after a crash as its words are. name: as of the
// draft; secret: nothing of it is to be kept.
export function useFiles(name, secret) {
  const [files, setFiles] = useState([]);
  const now = useRef([]); // while some are sent others are chosen or left out
  const opened = useRef(false); // until then the store has more than is shown, and is left as it is
  const key = `${location.port} ${name}`;
  const show = (list) => { now.current = list; setFiles(list); };
  const keep = (list) => {
    show(list);
    if (opened.current) keepSealed(key, secret ? [] : list);
  };
  const end = useRef(null);
  // anew: the store is to have them as they are kept now.
  end.current = (old, anew) => {
    opened.current = true;
    const more = now.current;
    (anew || secret || more.length > 0 ? keep : show)([...old, ...more]);
  };
  useEffect(() => {
    last.then(() => kept('readonly', (store) => store.get(key))).then(async (found) => {
      const before = Array.isArray(found); // kept before they were sealed
      return [before ? found : found ? await openFiles(found) : [], before];
    }).catch(() => [[], false]).then((all) => end.current(...all));
  }, []);
  useEffect(() => { if (files.length > 0) keep(files); }, [secret]);
  return [files, (more) => { if (more.length > 0) keep([...now.current, ...more]); }, (one) => keep(one === undefined ? [] : now.current.filter((each) => each !== one))];
}

// --- sending ------------------------------------------------------------------

// One after the other; what of them could not be sent, [{ file, error }], and whether a camera's words went along.
// onSent(bytes, of how many). signal: ends it; what has not gone then could not be sent.
export async function sendFiles(id, files, onSent, signal) {
  const failed = [];
  const all = files.reduce((sum, one) => sum + one.blob.size, 0);
  let tells = false;
  let before = 0;
  for (const file of files) {
    onSent(before, all);
    try {
      if (signal.aborted) throw new Error(t('upload stopped'));
      tells = (await sendFile(`cases/${encodeURIComponent(id)}/attachments?name=${encodeURIComponent(file.name)}`, file.blob, (bytes) => onSent(before + Math.min(bytes, file.blob.size), all), signal)).tells || tells;
    } catch (error) {
      failed.push({ file, error });
    }
    before += file.blob.size;
  }
  return { failed, tells };
}

// How far files are on their way. sent: [bytes, of how many]; null: none are. onStop: they are not to go on.
export const Sending = ({ sent, onStop }) => html`<div role="status">${sent ? html`<p>${t('sending', megabytes(sent[0]), megabytes(sent[1]))}</p><progress aria-label=${t('files')} value=${sent[0]} max=${Math.max(1, sent[1])}></progress>` : null}</div>${sent ? html`<div class="buttons"><button type="button" onClick=${onStop}>${t('stop sending')}</button></div>` : null}`;

// Those that could not be sent with a case stay with it, to be sent again from there.
const unsentName = (worker, id) => `${worker} unsent ${id}`;
export const keepUnsent = (worker, id, failed, secret) => (failed.length === 0 || secret ? Promise.resolve()
  : keepSealed(`${location.port} ${unsentName(worker, id)}`, failed.map(({ file }) => file)));

// Chooses files; onFiles is given them as they will be sent.
export function ChooseFiles({ onFiles, busy }) {
  const [error, setError] = useState(null);
  const [working, setWorking] = useState(false);
  const at = useRef(null);
  async function take(event) {
    const chosen = [...event.currentTarget.files];
    setError(null);
    setWorking(true);
    const made = [];
    for (const file of chosen) {
      const one = await shrink(file);
      if (one.blob.size > MOST) setError(new Error(t('file too large', one.name)));
      else made.push(one);
    }
    setWorking(false);
    if (at.current) at.current.value = '';
    if (made.length > 0) await onFiles(made);
  }
  return html`<div class="field"><label for="files">${t('add files')}</label><input id="files" ref=${at} type="file" multiple accept=${ACCEPT} disabled=${busy || working} aria-describedby="files-hint" onChange=${take} />
    <span class="hint" id="files-hint">${t('files hint')}</span></div><div role="status">${working ? t('making smaller') : ''}</div><${Failure} error=${error} />`;
}

// Those that wait for the form to be saved.
export function ChosenFiles({ files, onDrop }) {
  if (files.length === 0) return null;
  return html`<ul class="files" aria-label=${t('files chosen')}>${files.map((one, i) => html`<li key=${i}><span>${one.name} · ${megabytes(one.blob.size)}${one.was ? ` ${t('made smaller', megabytes(one.was))}` : ''}</span>
    <button type="button" aria-label=${t('leave this out', one.name)} onClick=${() => onDrop(one)}>${t('leave this out', '')}</button></li>`)}</ul>`;
}

// --- seeing -------------------------------------------------------------------

function Attachment({ id, file }) {
  const at = `/api/v1/cases/${id}/attachments/${file.number}`;
  const whole = file.here === file.pieces;
  if (!file.name) return html`<li>${t('file erased', file.number)}</li>`;
  const facts = `${file.name} · ${megabytes(file.size)}`;
  if (!whole) return html`<li>${facts} · ${t('file partly', file.here, file.pieces)}</li>`;
  if (SHOWN.includes(file.media)) return html`<li><a href=${at} target="_blank" rel="noopener"><img src=${at} alt=${file.name} loading="lazy" /></a><span>${facts}</span></li>`;
  return html`<li><a href=${at} download=${file.name}>${facts}</a></li>`;
}

// The attachments of a case, and more of them where it takes any. onDone({ failed, tells }): some were sent.
export function Files({ it, worker, onDone }) {
  const [sent, setSent] = useState(null);
  const stop = useRef(null);
  const [unsent, addUnsent, dropUnsent] = useFiles(unsentName(worker, it.id), it.flags.includes('township-only'));
  const files = it.history.filter((event) => event.type === 'case.attach' && event.body.number).map((event) => event.body);
  const may = it.moves.includes('note');
  if (files.length === 0 && !may) return null;
  const send = async (made) => {
    setSent([0, 1]);
    if (made === unsent) dropUnsent();
    stop.current = new AbortController();
    const came = await sendFiles(it.id, made, (bytes, all) => setSent([bytes, all]), stop.current.signal);
    setSent(null);
    addUnsent(came.failed.map(({ file }) => file));
    onDone(came);
  };
  return html`<section><h2>${t('files')} ${files.length > 0 ? html`<span class="count">${files.length}</span>` : null}</h2>
    ${files.length > 0 ? html`<ul class="files">${files.map((file) => html`<${Attachment} key=${file.number} id=${it.id} file=${file} />`)}</ul>` : null}
    ${may && unsent.length > 0 && !sent ? html`<div class="notice"><p>${t('not sent')}</p><${ChosenFiles} files=${unsent} onDrop=${dropUnsent} /><button type="button" onClick=${() => send(unsent)}>${t('send again')}</button></div>` : null}
    <${Sending} sent=${sent} onStop=${() => stop.current.abort()} />${may ? html`<${ChooseFiles} onFiles=${send} busy=${sent !== null} />` : null}</section>`;
}

// What is to be said once files were sent: words, and failures of some.
export function filesWords({ failed, tells }) {
  return [tells ? t('files tell') : '', ...failed.map(({ file, error }) => t('file failed', file.name, error.message))].filter(Boolean).join(' ');
}
