// A list of any length: asked for page by page, and of it only what is near the screen is in the document. The rest are gaps as
// high as it; what has gone far from the screen is forgotten, and asked for again when it is wanted.
import { html, useEffect, useLayoutEffect, useRef, useState } from './html.js';
import { ask } from './ask.js';
import { t } from './words.js';

const FEW = 6; // pages that are all drawn, so that the browser's own search and paper have them
const KEPT = 20; // pages around the last one that came
const NEAR_PX = 1500;

// With this page in its place. Where it does not end as it did, what comes after it is another list.
function placed(pages, i, page, near) {
  const rest = i < pages.length && pages[i].next === page.next ? pages.slice(i + 1) : [];
  return [...pages.slice(0, i), page, ...rest].map((one, k) => (Math.abs(k - i) > KEPT && !near.includes(k) && one.rows ? { ...one, rows: null } : one));
}

// { pages, end, loaded, error, begin(), load(i, near) }: pages are { n, next, rows }, rows null where they were forgotten; end: there
// are no more. Each page is asked for once, however often it is wanted while it is on its way; what comes for another query than the
// one that is shown now is passed over. near: the pages that are shown. none(failure): this failure says that there are none.
export function usePages(query, none = () => false) {
  const [shown, setShown] = useState({ query: null, pages: [] });
  const [error, setError] = useState(null);
  const now = useRef(query);
  const asked = useRef(new Set());
  now.current = query;
  async function fetch(after, take) {
    const what = `${query} ${after}`;
    if (asked.current.has(what)) return;
    asked.current.add(what);
    setError(null);
    try {
      const { cases, next } = await ask('GET', `cases?${query}${after ? `&after=${encodeURIComponent(after)}` : ''}`).catch((failure) => {
        if (none(failure)) return { cases: [], next: null };
        throw failure;
      });
      if (now.current === query) take({ n: cases.length, next, rows: cases });
    } catch (failure) {
      if (now.current === query) setError(failure);
    } finally {
      asked.current.delete(what);
    }
  }
  const loaded = shown.query === query;
  const pages = loaded ? shown.pages : [];
  return {
    pages, loaded, error, end: loaded && !pages[pages.length - 1].next,
    begin: () => fetch(null, (page) => setShown({ query, pages: [page] })),
    load: (i, near) => fetch(i === 0 ? null : pages[i - 1].next, (page) => setShown((was) => (was.query === query && i <= was.pages.length ? { query, pages: placed(was.pages, i, page, near) } : was))),
  };
}

export const countOf = (pages) => pages.reduce((sum, page) => sum + page.n, 0);

// The pages near the screen, and around what has the focus: a place that the keyboard is at does not vanish.
function nearOf(box, heights) {
  const top = -box.getBoundingClientRect().top - NEAR_PX;
  const bottom = top + innerHeight + 2 * NEAR_PX;
  const focus = Number((box.contains(document.activeElement) && document.activeElement.closest('[data-page]')?.dataset.page) || NaN);
  const near = [];
  let y = 0;
  heights.forEach((height, i) => {
    if ((y + height >= top && y <= bottom) || Math.abs(i - focus) <= 1) near.push(i);
    y += height;
  });
  return near;
}

// of: what usePages gives. row(row, place): a list item that says its place by the attributes in `place`. name: of the class of lists.
export function Pages({ of, row, name = 'page' }) {
  const { pages, end, load } = of;
  const box = useRef(null);
  const measured = useRef(new Map());
  const wide = useRef(0);
  const [near, setNear] = useState([0]);
  // As high as it was, or as it may be, going by the rows that were seen.
  function heights() {
    let rows = 0;
    let high = 0;
    measured.current.forEach((height, i) => { if (i < pages.length) { rows += pages[i].n; high += height; } });
    return pages.map((page, i) => measured.current.get(i) ?? (page.n * (high || 1)) / (rows || 1));
  }
  function look() {
    if (wide.current !== innerWidth) measured.current.clear();
    wide.current = innerWidth;
    for (const one of box.current.querySelectorAll('[data-page]')) measured.current.set(Number(one.dataset.page), one.offsetHeight);
    const now = nearOf(box.current, heights());
    if (now.join() !== near.join()) setNear(now);
    for (const i of now) if (!pages[i].rows) load(i, now);
    if (!end && now[now.length - 1] === pages.length - 1) load(pages.length, now);
  }
  const latest = useRef(look);
  latest.current = look;
  useLayoutEffect(() => latest.current(), [pages, near]);
  useEffect(() => {
    let asked = 0;
    const soon = () => { asked ||= requestAnimationFrame(() => { asked = 0; latest.current(); }); };
    for (const what of ['scroll', 'resize']) addEventListener(what, soon, { passive: true });
    return () => { cancelAnimationFrame(asked); for (const what of ['scroll', 'resize']) removeEventListener(what, soon); };
  }, []);
  const high = heights();
  const size = end ? countOf(pages) : -1;
  const drawn = [];
  let first = 1;
  let gap = 0;
  const fill = (key) => { if (gap > 0) drawn.push(html`<div key=${`gap ${key}`} class="gap" style=${{ height: `${gap}px` }}></div>`); gap = 0; };
  pages.forEach((page, i) => {
    const from = first;
    first += page.n;
    if (!page.rows || (pages.length > FEW && !near.includes(i))) { gap += high[i]; return; }
    fill(i);
    drawn.push(html`<ul key=${i} class=${`cases ${name}`} data-page=${i}>${page.rows.map((one, k) => row(one, { 'aria-posinset': from + k, 'aria-setsize': size }))}</ul>`);
  });
  fill('end');
  return html`<div ref=${box} class="pages">${drawn}</div>${pages.length > FEW ? html`<p class="hint unprinted">${t('long list')}</p>` : null}
    ${end || pages.length === 0 ? null : html`<button type="button" onClick=${() => load(pages.length, near)}>${t('more')}</button>`}`;
}
