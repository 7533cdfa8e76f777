// Photos, scans and sound that go with a case: made smaller here, kept with a draft, sent, and seen again.
import { html, useEffect, useRef, useState } from './html.js';
import { sendFile } from './ask.js';
import { Failure, megabytes } from './parts.js';
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

// [files, add, drop]: those chosen for a form and not sent yet, there again after a crash as its words are. name: as of the
// draft; secret: nothing of it is to be kept.
export function useFiles(name, secret) {
  const [files, setFiles] = useState([]);
  const key = `${location.port} ${name}`;
  const keep = (list) => {
    setFiles(list);
    kept('readwrite', (store) => (secret || list.length === 0 ? store.delete(key) : store.put(list, key))).catch(() => null);
  };
  useEffect(() => { kept('readonly', (store) => store.get(key)).then((found) => { if (found) setFiles(found); }, () => null); }, []);
  useEffect(() => { if (files.length > 0) keep(files); }, [secret]);
  return [files, (more) => { if (more.length > 0) keep([...files, ...more]); }, (one) => keep(one === undefined ? [] : files.filter((each) => each !== one))];
}

// --- sending ------------------------------------------------------------------

// One after the other; what of them could not be sent, [{ file, error }], and whether a camera's words went along.
// onSent(bytes, of how many).
export async function sendFiles(id, files, onSent) {
  const failed = [];
  const all = files.reduce((sum, one) => sum + one.blob.size, 0);
  let tells = false;
  let before = 0;
  for (const file of files) {
    onSent(before, all);
    try {
      tells = (await sendFile(`cases/${encodeURIComponent(id)}/attachments?name=${encodeURIComponent(file.name)}`, file.blob, (bytes) => onSent(before + Math.min(bytes, file.blob.size), all))).tells || tells;
    } catch (error) {
      failed.push({ file, error });
    }
    before += file.blob.size;
  }
  return { failed, tells };
}

// How far files are on their way. sent: [bytes, of how many]; null: none are.
export const Sending = ({ sent }) => html`<div role="status">${sent ? html`<p>${t('sending', megabytes(sent[0]), megabytes(sent[1]))}</p><progress aria-label=${t('files')} value=${sent[0]} max=${Math.max(1, sent[1])}></progress>` : null}</div>`;

// Those that could not be sent with a case stay with it, to be sent again from there.
const unsentName = (worker, id) => `${worker} unsent ${id}`;
export const keepUnsent = (worker, id, failed, secret) => (failed.length === 0 || secret ? Promise.resolve()
  : kept('readwrite', (store) => store.put(failed.map(({ file }) => file), `${location.port} ${unsentName(worker, id)}`)).catch(() => null));

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
  const [unsent, addUnsent, dropUnsent] = useFiles(unsentName(worker, it.id), it.flags.includes('township-only'));
  const files = it.history.filter((event) => event.type === 'case.attach' && event.body.number).map((event) => event.body);
  const may = it.moves.includes('note');
  if (files.length === 0 && !may) return null;
  const send = async (made) => {
    setSent([0, 1]);
    dropUnsent();
    const came = await sendFiles(it.id, made, (bytes, all) => setSent([bytes, all]));
    setSent(null);
    addUnsent(came.failed.map(({ file }) => file));
    onDone(came);
  };
  return html`<section><h2>${t('files')} ${files.length > 0 ? html`<span class="count">${files.length}</span>` : null}</h2>
    ${files.length > 0 ? html`<ul class="files">${files.map((file) => html`<${Attachment} key=${file.number} id=${it.id} file=${file} />`)}</ul>` : null}
    ${may && unsent.length > 0 && !sent ? html`<div class="notice"><p>${t('not sent')}</p><${ChosenFiles} files=${unsent} onDrop=${dropUnsent} /><button type="button" onClick=${() => send(unsent)}>${t('send again')}</button></div>` : null}
    <${Sending} sent=${sent} />${may ? html`<${ChooseFiles} onFiles=${send} busy=${sent !== null} />` : null}</section>`;
}

// What is to be said once files were sent: words, and failures of some.
export function filesWords({ failed, tells }) {
  return [tells ? t('files tell') : '', ...failed.map(({ file, error }) => t('file failed', file.name, error.message))].filter(Boolean).join(' ');
}
