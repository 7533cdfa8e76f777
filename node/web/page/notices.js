// The township's notices, and at the hub who has received each.
import { html } from './html.js';
import { Failure, Heading, moment, useAsked } from './parts.js';
import { PostNotice } from './township.js';
import { t } from './words.js';

function Received({ notice }) {
  const lacking = notice.villages.filter((one) => !one.received);
  return html`<p>${t('received by', notice.received, notice.of)}${lacking.length > 0 ? ` ${t('not yet by', lacking.map((one) => one.name).join(t('between names')))}` : ''}</p>`;
}

export function Notices({ hub, writes }) {
  const { said, error, again } = useAsked('notices');
  return html`<main id="main"><${Heading}>${t('notices')}</${Heading}>${hub && writes ? html`<${PostNotice} onDone=${again} />` : null}<${Failure} error=${error} />
    ${said ? null : html`<p role="status">${error ? '' : t('loading')}</p>`}${said && said.notices.length === 0 ? html`<p class="hint">${t('no notices')}</p>` : null}
    ${(said?.notices ?? []).map((one) => html`<article key=${one.id} class="inner"><h2>${one.title ?? t('not readable')}</h2><p class="hint">${moment(one.at)} · ${one.by}</p>
      <p class="words">${one.text ?? t('not readable')}</p>${hub ? html`<${Received} notice=${one} />` : null}</article>`)}
  </main>`;
}
