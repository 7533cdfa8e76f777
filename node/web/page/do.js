// A button that does one thing, and says what went wrong. sure: it is asked for once more, in these words.
import { html, useLayoutEffect, useRef, useState } from './html.js';
import { Failure } from './parts.js';
import { t } from './words.js';

export function Do({ label, what, sure, onDo, onDone }) {
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState(null);
  const again = useRef(null);
  useLayoutEffect(() => { if (asked) again.current.focus(); }, [asked]);
  async function run() {
    setBusy(true);
    setError(null);
    try {
      const said = await onDo();
      setAsked(false);
      onDone(said);
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }
  const name = html`${label}<span class="unseen">：${what}</span>`;
  if (asked) return html`<div class="sure" role="group" aria-label=${`${label}：${what}`}><p>${sure}</p><div class="buttons"><button type="button" class="main" ref=${again} disabled=${busy} onClick=${run}>${name}</button>
    <button type="button" onClick=${() => setAsked(false)}>${t('cancel')}</button></div><${Failure} error=${error} /></div>`;
  return html`<button type="button" disabled=${busy} onClick=${sure ? () => setAsked(true) : run}>${name}</button><${Failure} error=${error} />`;
}
