import { html, useState } from './html.js';
import { Choice, Failure, Field, Form, Heading } from './parts.js';
import { t } from './words.js';

// Who acts. onLogIn(name, passphrase) may throw.
export function Login({ node, notice, onLogIn }) {
  const [name, setName] = useState(node.workers.length === 1 ? node.workers[0].name : '');
  const [passphrase, setPassphrase] = useState('');
  const worker = node.workers.find((one) => one.name === name);
  const asked = node.far || worker?.locked;
  async function send() {
    try {
      await onLogIn(name, asked ? passphrase : undefined);
    } finally {
      setPassphrase('');
    }
  }
  return html`<main id="main" class="narrow"><${Heading}>${t('log in')}</${Heading}>
    ${notice ? html`<p class="notice" role="status">${notice}</p>` : null}
    ${node.workers.length === 0 && !node.far ? html`<${Failure} error=${new Error(t('no workers'))} />` : html`<${Form} onSend=${send} label=${t('log in')}>
      ${node.far ? html`<${Field} id="worker" label=${t('your name')} value=${name} onValue=${setName} required=${true} />`
      : html`<${Choice} id="worker" label=${t('who are you')} value=${name} onValue=${setName} required=${true}
        choices=${node.workers.map((one) => [one.name, one.name])} />`}
      ${asked ? html`<${Field} id="passphrase" type="password" label=${t('field passphrase')} value=${passphrase} onValue=${setPassphrase} required=${true} />` : null}
      ${worker && !worker.locked ? html`<p class="hint">${t('not locked')}</p>` : null}
    </${Form}>`}
  </main>`;
}
