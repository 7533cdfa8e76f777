// The contact with the township: what goes on, by whichever page it was begun or by itself, as the server tells it.
import { html, useEffect, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { t } from './words.js';

const LOOK_MS = 2000; // where the server has no stream for one more page
const AGAIN_MS = 30000;

// [state, tell], for whoever is logged in; tell(method, path, body) throws. onEnd: one has ended. A page that nobody sees
// holds no connection.
export function useContact(session, onEnd) {
  const [state, setState] = useState(null);
  const seen = useRef(null);
  const ended = useRef(onEnd);
  ended.current = onEnd;
  const isEnd = (now) => seen.current !== null && (seen.current.turn !== now.turn || (seen.current.running && !now.running));
  // true: one has ended.
  function take(now) {
    const end = isEnd(now);
    seen.current = now;
    setState((was) => ({ said: null, past: [], ...was, ...now }));
    return end;
  }
  async function tell(method, path, body) {
    if (take(await ask(method, path, method === 'POST' ? body ?? {} : undefined))) ended.current();
  }
  useEffect(() => {
    if (!session) return undefined;
    let stream = null;
    let timer = null;
    seen.current = null;
    const look = () => tell('GET', 'contact').catch(() => null); // the light says that nobody answers
    function rest() {
      stream?.close();
      stream = null;
      clearInterval(timer);
      timer = null;
    }
    function listen() {
      rest();
      if (document.hidden) return;
      look();
      stream = new EventSource('/api/v1/events');
      // What came of it the stream does not say.
      stream.onmessage = (event) => { const now = JSON.parse(event.data); if (isEnd(now)) look(); else take(now); };
      stream.onerror = () => {
        if (stream?.readyState !== EventSource.CLOSED) return;
        const until = Date.now() + AGAIN_MS;
        timer ??= setInterval(() => { if (Date.now() > until) listen(); else look(); }, LOOK_MS);
      };
    }
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => { document.removeEventListener('visibilitychange', listen); rest(); };
  }, [session]);
  return [state, tell];
}

// The same for one who asks, and is told there what went wrong: [state, begin(path, body), error].
export function useAsking([state, tell]) {
  const [error, setError] = useState(null);
  const begin = (path, body) => tell('POST', path, body).then(() => setError(null), setError);
  return [state, begin, error];
}

const kilobytes = (bytes) => Math.round(bytes / 1000);

// How far it is. progress: an event of the program's.
export function Progress({ progress }) {
  if (!progress) return null;
  if (typeof progress.records !== 'number') return html`<p class="hint">${t('progress parcel', kilobytes(progress.written), kilobytes(progress.read))}</p>`;
  return html`<p class="hint"><progress aria-label=${t('progress')} max=${Math.max(progress.records, 1)} value=${progress.acknowledged}></progress> ${t('progress records', progress.acknowledged, progress.records)}
    ${' '}${t('progress bytes', kilobytes(progress.bytes_up), kilobytes(progress.bytes_down))}${typeof progress.left_ms === 'number' ? ` ${t('progress left', Math.ceil(progress.left_ms / 1000))}` : ''}</p>`;
}
