// What only an administrator of the township does: days off, villages that change, workers, a PC that was stolen.
import { check, launch, look, tabTo, visitor } from './browser.mjs';

const WORDS = {
  zh: { queue: '待办', settings: '设置', villages: '各村', roster: '名册与邀请', save: '保存', add: '新增', from: '从哪天', until: '到哪天（只有一天就不填）', worked: '上班', off: '放假', remove: /^删除/, categories: '类别', category: '新增类别', saved: '已保存在本机。',
    change: /^更改/, name: '村名', code: '代码', close: '撤销这个村', merged: /已并入；/, closed: '已撤销。', nobody: '不并入别的村', worker: '姓名', passphrase: '第一个口令', same: '再输一次新口令', recovery: /已加入。恢复码/, head: '负责人',
    revoke: /^撤销/, good: /撤销不能恢复/, cancel: '取消', pc: '撤销这台电脑', stolen: '被偷了：列出在那里能读到什么', read: /请告知当事人/, grant: /^批准/, cases: '诉求', erase: '抹除内容', why: '原因', gone: /这里的话已抹除/, asked: '各村请求抹除的', no: '不予抹除', stays: /内容保留；/, whyNot: '为什么不抹除', answered: '已答复：不予抹除。', erasures: '抹除', later: /各站都已抹除完毕|由中心站代为抹除/, audit: '谁读了什么', by: '诉求编号', who: '谁', search: '查找', full: '看过全部内容的', page: '网页上' },
  en: { queue: 'Queue', settings: 'Settings', villages: 'Villages', roster: 'Roster', save: 'Save', add: 'Add', from: 'From which day', until: 'Until which day (nothing for one day)', worked: 'worked', off: 'off', remove: /^Remove/, categories: 'Categories', category: 'One more category', saved: 'Saved here.',
    change: /^Change/, name: 'Name of the village', code: 'Its code', close: 'Close this village', merged: /It is merged:/, closed: 'It is closed.', nobody: 'nobody: it goes into no other village', worker: 'Name', passphrase: 'The first passphrase', same: 'The new passphrase once more', recovery: /signs here from now on. Recovery code/, head: 'head',
    revoke: /^Revoke/, good: /That is for good/, cancel: 'Cancel', pc: 'Revoke this PC', stolen: 'It was stolen: say what could be read there', read: /Tell those concerned/, grant: /^Grant/, cases: 'Cases', erase: 'Erase the words', why: 'Why', gone: /The words are gone here/, asked: 'What villages ask to be erased', no: 'Do not erase', stays: /^The words stay\./, whyNot: 'Why not', answered: 'It is answered: the words stay.', erasures: 'Erasures', later: /Every node has/ , audit: 'Who read what', by: 'Number of the case', who: 'Who', search: 'Search', full: 'Read in full', page: 'At the page' },
};
const HOSTILE = ['"><img src=x onerror=globalThis.broken=1>', '<svg/onload=globalThis.broken=1>', '</title><iframe srcdoc="<script>parent.broken=1</script>">', '{{constructor.constructor("globalThis.broken=1")()}}', "'><input autofocus onfocus=globalThis.broken=1>"];
const button = (page, name, where = page) => where.getByRole('button', { name, exact: typeof name === 'string' });
const link = (page, name) => page.getByRole('navigation').getByRole('link', { name, exact: true });
const field = (page, name) => page.getByLabel(name, { exact: false });
const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const row = (page, what) => page.getByRole('row', { name: what });

async function arrive(browser, language, worker, passphrase) {
  const page = await visitor(browser, process.env.URL);
  await page.goto(process.env.URL);
  if (language === 'en') await button(page, 'English').click();
  await page.getByLabel(worker).check();
  if (passphrase) await page.locator('input[type=password]').fill(passphrase);
  await page.locator('form button[type=submit]').click();
  await heading(page, WORDS[language].queue).waitFor();
  return page;
}

async function days(page, w, language) {
  await link(page, w.settings).click();
  await heading(page, w.settings).waitFor();
  const section = page.locator('section', { has: field(page, w.from) });
  const add = async (from, until, is) => {
    await field(page, w.from).fill(from);
    await field(page, w.until).fill(until);
    await section.getByLabel(is, { exact: true }).check();
    await button(page, w.add, section).click();
  };
  if (language === 'zh') {
    await add('2027-02-08', '2027-02-10', w.off);
    await row(page, /2027-02-10/).waitFor();
    await add('2027-02-06', '', w.worked);
    await row(page, /2027-02-06/).waitFor();
    await button(page, w.remove, row(page, /2027-02-10/)).click();
    await row(page, /2027-02-10/).waitFor({ state: 'detached' });
  } else {
    await add('2027-02-08', '2027-02-07', w.off);
    await page.getByRole('alert').waitFor();
  }
  check(await section.getByRole('row').count() === 4, 'the days are', await section.innerText());
  await look(page, `${language}-holidays`);
}

// What cases are about, as the township puts it: added, and taken out again.
async function categories(page, w, language) {
  const section = page.locator('section', { has: page.getByRole('heading', { level: 2, name: w.categories }) });
  const names = language === 'zh' ? ['道路', '低保'] : ['Lamps'];
  for (const name of names) {
    await field(page, w.category).fill(name);
    await button(page, w.add, section).click();
    await section.getByRole('listitem').filter({ hasText: name }).waitFor();
  }
  await look(page, `${language}-settings`);
  await button(page, w.remove, section.getByRole('listitem').filter({ hasText: names[0] })).click();
  await section.getByRole('listitem').filter({ hasText: names[0] }).waitFor({ state: 'detached' });
}

async function open(page, w, village) {
  await link(page, w.villages).click();
  await row(page, village).getByRole('link', { name: w.change }).click();
  await heading(page, village).waitFor();
}

async function villages(page, w, language) {
  if (language === 'zh') {
    await open(page, w, /东湾村/);
    await look(page, `${language}-village`);
    await field(page, w.name).fill('东湾社区 East');
    await button(page, w.save).click();
    await heading(page, /东湾社区 East DW/).waitFor();
    await page.getByText(w.saved).waitFor();
    await open(page, w, /西湾村/);
    await page.getByLabel('东湾社区 East DW').check();
    await button(page, w.close).click();
    await page.getByText(w.merged).waitFor();
    await button(page, w.close).waitFor({ state: 'detached' });
  } else {
    await open(page, w, /北湾村/);
    await field(page, w.code).fill('DW');
    await button(page, w.save).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel(w.nobody).check();
    await button(page, w.close).click();
    await page.getByText(w.closed).waitFor();
    await look(page, `${language}-village`);
  }
}

async function roster(page, w, language) {
  await link(page, w.roster).click();
  await heading(page, w.roster).waitFor();
  await row(page, /Officer/).waitFor();
  const name = `head ${language}`;
  const section = page.locator('section', { has: field(page, w.passphrase) });
  await section.getByLabel(w.worker).fill(name);
  await section.getByLabel(w.head, { exact: true }).check();
  await section.getByLabel(w.passphrase).fill(process.env.PASSPHRASE);
  await section.getByLabel(w.same).fill('another');
  await button(page, w.add, section).click();
  await page.getByRole('alert').waitFor();
  await section.getByLabel(w.same).fill(process.env.PASSPHRASE);
  await button(page, w.add, section).click();
  await page.getByText(w.recovery).waitFor();
  await row(page, new RegExp(name)).getByText(w.head, { exact: true }).waitFor();
  await look(page, `${language}-roster`);
  // What is for good is asked for once more.
  await button(page, w.revoke, row(page, new RegExp(name))).click();
  await page.getByText(w.good).first().waitFor();
  await look(page, `${language}-revoke`, [360]);
  await button(page, w.cancel, row(page, new RegExp(name))).click();
  await row(page, new RegExp(name)).getByText(w.head, { exact: true }).waitFor();
  if (language === 'zh') {
    await button(page, w.grant, row(page, /New one/)).click();
    await page.getByText(w.saved).waitFor();
    await page.getByLabel(/干部 Clerk DW/).check();
    await page.getByLabel(w.stolen).check();
    await button(page, w.pc).click();
    await page.getByText(w.read).waitFor();
    check(await page.locator('.notice').getByRole('link', { name: /^DW-/ }).count() === 1, 'the case that could be read is not told');
    await look(page, `${language}-stolen`);
  }
}

// A village asks for words to be erased: the administrator answers that they stay, and why. Nobody else is offered it.
async function refuse(page, w, language) {
  await link(page, w.erasures).click();
  await heading(page, w.erasures).waitFor();
  const asked = page.getByRole('region', { name: w.asked });
  const before = language === 'zh' ? 2 : 1;
  await asked.getByRole('row').nth(before).waitFor();
  check(await asked.getByRole('row').count() === 1 + before, 'what is asked for');
  await look(page, `${language}-asked`);
  await link(page, w.cases).click();
  await page.getByRole('link', { name: `Kept ${language}` }).click();
  await heading(page, `留着的 Kept ${language}`).waitFor();
  await page.getByText(/不想留着 Not wanted/).waitFor();
  await page.locator('summary', { hasText: w.no }).click();
  await page.getByText(w.stays).waitFor();
  await button(page, w.no).click();
  check(await page.getByText(w.answered).count() === 0, 'it is answered without a reason');
  await page.getByLabel(w.whyNot).fill(`诉求还在办 Still open ${language}`);
  await look(page, `${language}-refuse-erasing`);
  await button(page, w.no).click();
  await page.getByText(w.answered).waitFor();
  await page.locator('.remark', { hasText: `Still open ${language}` }).waitFor();
  await heading(page, `留着的 Kept ${language}`).waitFor();
  check(await page.locator('summary', { hasText: w.no }).count() === 0 && await page.locator('summary', { hasText: w.erase }).count() === 1, 'it is answered, and asked again');
}

// Who read a case, and then its words are taken away; a link is a filter.
async function erase(page, w, language) {
  await link(page, w.cases).click();
  await page.getByRole('link', { name: language === 'zh' ? /水沟堵了/ : /^—/ }).click();
  await heading(page, language === 'zh' ? /水沟堵了/ : '—').waitFor();
  const number = (await page.locator('p.number').innerText()).match(/DW-\S+/)[0];
  if (language === 'zh') {
    const draft = `yizhan-draft ${new URL(page.url()).port} Officer note ${page.url().split('/').pop()}`;
    await page.evaluate((name) => { localStorage.setItem(name, '{"text":"drafted"}'); localStorage.setItem('yizhan-draft 1 Officer note another', '{}'); }, draft);
    await page.locator('summary', { hasText: w.erase }).click();
    await page.getByLabel(w.why).fill(HOSTILE[1]);
    await look(page, `${language}-erase`);
    await button(page, w.erase).click();
    await page.getByText(w.gone).waitFor();
    await heading(page, '—').waitFor();
    await page.locator('.remark', { hasText: HOSTILE[1] }).waitFor();
    const drafts = await page.evaluate(() => Object.keys(localStorage).join(' '));
    check(!drafts.includes(draft) && drafts.includes('another'), 'drafts of what is erased', drafts);
    await link(page, w.erasures).click();
    await heading(page, w.erasures).waitFor();
    await page.getByText(w.later).waitFor();
    await look(page, `${language}-erasures`);
  }
  check(await page.locator('summary', { hasText: w.erase }).count() === 0, 'what is erased can be erased');
  await link(page, w.audit).click();
  await heading(page, w.audit).waitFor();
  await page.getByLabel(w.by, { exact: true }).fill(number);
  await button(page, w.search).click();
  const full = page.getByRole('region', { name: w.full });
  // The head of the table, the one who reads here, and nobody else.
  await full.getByRole('row').nth(2).waitFor({ state: 'detached' });
  await full.getByRole('row', { name: number }).waitFor();
  await page.getByRole('region', { name: w.page }).getByRole('row', { name: /Officer/ }).first().waitFor();
  check(page.url().includes(`case=${number}`), 'the filter is no link');
  await look(page, `${language}-audit`, [1024, 360]);
  await page.getByLabel(w.who, { exact: true }).fill(HOSTILE[0]);
  await button(page, w.search).click();
  await full.waitFor({ state: 'detached' });
}

// Whatever is typed here is shown as it was typed; the new ones are gone again afterwards.
async function hostile(page, w) {
  await link(page, w.roster).click();
  const section = page.locator('section', { has: field(page, w.passphrase) });
  for (const name of HOSTILE.slice(0, 2)) {
    await section.getByLabel(w.worker).fill(name);
    await section.getByLabel(w.passphrase).fill(name);
    await section.getByLabel(w.same).fill(name);
    await button(page, w.add, section).click();
    const its = page.getByRole('row').filter({ hasText: name });
    await its.waitFor();
    await button(page, w.revoke, its).click();
    await button(page, w.revoke, its).click();
    await button(page, w.revoke, its).waitFor({ state: 'detached' });
  }
  await open(page, w, /北湾村/);
  for (const name of [...HOSTILE, '北湾村 North Bay']) {
    await field(page, w.name).fill(name);
    await button(page, w.save).click();
    await page.getByRole('heading', { level: 1 }).filter({ hasText: name }).waitFor();
  }
  await link(page, w.settings).click();
  for (const [one, name] of ['One more office', 'One more category'].flatMap((one) => HOSTILE.map((name) => [one, name]))) {
    await field(page, one).fill(name);
    await page.locator('form', { has: field(page, one) }).getByRole('button').click();
    const its = page.getByRole('listitem').filter({ hasText: name });
    await its.waitFor();
    await its.getByRole('button').click();
    await its.waitFor({ state: 'detached' });
  }
  check(await page.evaluate(() => globalThis.broken) === undefined, 'a hostile script ran');
  check(await page.locator('main script, main img, main svg, main iframe').count() === 0, 'something hostile is an element');
}

async function keyboard(page, w) {
  await tabTo(page, 'a', w.roster);
  await page.keyboard.press('Enter');
  await row(page, /Officer/).waitFor();
  await tabTo(page, 'input', `${w.worker} required`);
  await page.keyboard.type('by keys');
  await tabTo(page, 'input', w.passphrase);
  await page.keyboard.type('a few words');
  await page.keyboard.press('Tab');
  await page.keyboard.type('a few words');
  await page.keyboard.press('Enter');
  await row(page, /by keys/).waitFor();
  // To the top, and down to that row; what is asked for once more has the focus.
  await page.locator('h1').focus();
  await tabTo(page, 'button', /^Revoke[^]*by keys/);
  await page.keyboard.press('Enter');
  await page.locator('.sure button.main:focus').filter({ hasText: 'by keys' }).waitFor();
  await page.keyboard.press('Enter');
  await button(page, w.revoke, row(page, /by keys/)).waitFor({ state: 'detached' });
}

const browser = await launch();
try {
  for (const language of ['zh', 'en']) {
    const w = WORDS[language];
    const page = await arrive(browser, language, '示例镇干部 Officer');
    await days(page, w, language);
    await categories(page, w, language);
    if (language === 'zh') {
      await refuse(page, w, 'zh');
      await button(page, 'English').click();
      await refuse(page, WORDS.en, 'en');
      await button(page, '中文').click();
    }
    await villages(page, w, language);
    await roster(page, w, language);
    await erase(page, w, language);
    if (language === 'en') {
      await hostile(page, w);
      await page.goto(`${process.env.URL}#/queue`);
      await heading(page, w.queue).waitFor();
      await keyboard(page, w);
    }
    check(page.complaints.length === 0, page.complaints);
    await page.context().close();
    // Who does not administer sees none of it.
    const other = await arrive(browser, language, 'clerk', process.env.PASSPHRASE);
    for (const [place, name] of [['settings', w.settings], ['roster', w.roster], ['villages', w.villages]]) {
      await link(other, name).click();
      await heading(other, name).waitFor();
      check(await other.locator('main form, main table button').count() === 0, place, 'has a form for a clerk');
      await look(other, `${language}-clerk-${place}`, [360]);
    }
    await other.context().close();
  }
  console.log('an administrator administers, in both languages');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
