// What to do here, in a few sentences, on every page.
import { html } from './html.js';
import { said, t } from './words.js';

// view: as in the address; role: of the node.
export function Help({ view, role }) {
  const name = said(`help ${role} ${view}`) ? `help ${role} ${view}` : `help ${view}`;
  if (!said(name)) return null;
  return html`<aside class="help" aria-label=${t('help')}><details><summary>${t('help')}</summary>${t(name).split('\n').map((text, i) => html`<p key=${i}>${text}</p>`)}
    ${role === 'hub' ? null : html`<p>${t('help practice')} <code>yizhan serve --practice --open</code></p>`}</details></aside>`;
}
