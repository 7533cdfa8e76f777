// Rates as a chart: each month's as lines, of other groups as marks beside their names. Each mark leads to the cases that it is of;
// marks differ in form too, and the table says the same in words. Drawn here, as the bars are: what is drawn by lines and links
// prints sharply and is reached by a reader of screens, which a canvas is not.
import { html } from './html.js';
import { t } from './words.js';

const FORMS = ['M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z', 'M-4.5 -4.5h9v9h-9z', 'M0 -6l6 10.5h-12z', 'M0 -6l6 6l-6 6l-6 -6z', 'M-2 -6h4v4h4v4h-4v4h-4v-4h-4v-4h4z'];
const APART = 7; // px between marks of one place, so that none hides another

const Mark = ({ form }) => html`<path class=${`rate-${form}`} d=${FORMS[form]} />`;

// shares: names of the rates; each group: { ...rates, name, place } (place: null, none leads there). lines: groups follow one another.
export function Rates({ shares, groups, lines }) {
  const high = lines ? 160 : groups.length * 40 + 28;
  const share = (rate) => rate.numerator / rate.denominator;
  const at = (one, k, i) => (lines ? [i * 40 + 50 + (k - 2) * APART, 120 - 100 * share(one[shares[k]])] : [150 + 290 * share(one[shares[k]]), i * 40 + 22 + (k - 2) * APART]);
  const known = (k) => groups.map((one, i) => [one, i]).filter(([one]) => one[shares[k]].denominator > 0);
  const steps = [0, 50, 100];
  const short = (text) => ([...text].length > 14 ? `${[...text].slice(0, 13).join('')}…` : text);
  const says = (one, name) => `${one.name}：${t(`figure ${name}`)} ${Math.round(100 * share(one[name]))}%（${one[name].numerator}/${one[name].denominator}）`;
  return html`<figure class="rates-chart"><figcaption>${t('rates chart')}</figcaption>
    <ul class="legend">${shares.map((name, k) => html`<li key=${name}><svg viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true"><${Mark} form=${k} /></svg> ${t(`figure ${name}`)}</li>`)}</ul>
    <svg viewBox=${`0 0 ${lines ? groups.length * 40 + 40 : 480} ${high}`} role="group" aria-label=${t('rates chart')}>
      ${steps.map((step) => (lines ? html`<g key=${step}><line x1="32" x2=${groups.length * 40 + 36} y1=${120 - step} y2=${120 - step} /><text x="28" y=${124 - step} text-anchor="end">${step}%</text></g>`
    : html`<g key=${step}><line x1=${150 + 2.9 * step} x2=${150 + 2.9 * step} y1="4" y2=${high - 18} /><text x=${150 + 2.9 * step} y=${high - 4} text-anchor="middle">${step}%</text></g>`))}
      ${groups.map((one, i) => (lines ? html`<text key=${i} x=${i * 40 + 50} y="146" text-anchor="middle">${one.name.slice(5)}</text>` : html`<text key=${i} x="144" y=${i * 40 + 26} text-anchor="end">${short(one.name)}</text>`))}
      ${lines ? shares.map((name, k) => html`<polyline key=${name} class=${`rate-${k}`} points=${known(k).map(([one, i]) => at(one, k, i).join()).join(' ')} />`) : null}
      ${shares.map((name, k) => known(k).map(([one, i]) => {
    const mark = html`<g transform=${`translate(${at(one, k, i).join()})`}><title>${says(one, name)}</title><${Mark} form=${k} /></g>`;
    return one.place ? html`<a key=${`${name} ${i}`} href=${one.place} tabindex="-1" aria-label=${says(one, name)}>${mark}</a>` : html`<g key=${`${name} ${i}`}>${mark}</g>`;
  }))}
    </svg></figure>`;
}
