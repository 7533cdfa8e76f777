// Six tasks, each within a written limit of clicks and keys.
import { contact, launch, visitor } from './browser.mjs';
import { Hands } from './hands.mjs';

const WORDS = {
  zh: { other: '中文', logIn: '登录', today: '今天', queue: '待办', newCase: '登记诉求', title: '标题', spot: '当场已解决', done: '办理情况', satisfied: '满意', dissatisfied: '不满意', save: '保存', closed: '已归档', escalate: '上报乡镇', others: '其他', reason: '理由', cases: '诉求',
    escalated: '已上报', assign: '交办', to: '交给谁', resolve: '办结', followUp: '回访', close: '归档', roads: '联系与 U 盘', exchange: '与乡镇联系', ingest: '接收各村送来的内容', went: /联系成功/, took: /联系成功|联系已结束/, folder: 'U 盘的文件夹', write: '写到 U 盘', answer: '读取并答复', read: '只读取',
    written: /可以拔出/, none: /还有 0 条未确认/, conflict: /各处写下了不同的内容/, right: /^选定这个：水利站/, settled: '已选定，并保存在本机。', roster: '名册与邀请', village: '村名', code: '代码', make: '写邀请函', file: '保存为文件', invitation: '邀请函文件', join: '加入', joined: /已加入乡镇/,
    figures: '统计', each: '分别统计', category: '类别', exported: '导出表格（CSV）', without: '（未填写）', month: '月份', resolved: '已办结' },
  en: { other: 'English', logIn: 'Log in', today: 'Today', queue: 'Queue', newCase: 'New case', title: 'Title', spot: 'Solved on the spot', done: 'What was done', satisfied: 'satisfied', dissatisfied: 'dissatisfied', save: 'Save', closed: 'closed', escalate: 'Escalate to the township', others: 'Others', reason: 'Reason', cases: 'Cases',
    escalated: 'escalated', assign: 'Assign', to: 'To whom', resolve: 'Resolve', followUp: 'Follow up', close: 'Close', roads: 'Link and stick', exchange: 'Exchange with the township', ingest: 'Take in what villages brought', went: /contact was made/, took: /contact was made|contact ended/, folder: 'The folder of the stick', write: 'Write to the stick', answer: 'Read and answer', read: 'Only read',
    written: /may be pulled out/, none: /still pending: 0/, conflict: /something was said apart/, right: /^This is right：水利站/, settled: 'Settled, and saved here.', roster: 'Roster', village: 'Name of the village', code: 'Its code', make: 'Make the invitation', file: 'Save as a file', invitation: 'The file of the invitation', join: 'Join', joined: /has joined the township/,
    figures: 'Figures', each: 'For each', category: 'Category', exported: 'Export a table (CSV)', without: '(none)', month: 'Month', resolved: 'resolved' },
};
const { LANGUAGE, ROOM, STICK } = process.env;
const w = WORDS[LANGUAGE];

async function arrive(browser, url, heading) {
  const page = await visitor(browser, url);
  const hands = new Hands(page);
  await page.goto(url);
  if (LANGUAGE === 'en') await hands.click('button', w.other);
  await hands.click('button', w.logIn);
  await hands.at(heading);
  return hands;
}

// One contact over the link, from the page of roads.
async function exchange(hands, name, ended) {
  await hands.click('link', w.roads);
  await hands.at(w.roads);
  await contact(hands.page, () => hands.click('button', name));
  await hands.page.getByRole('button', { name, exact: true }).waitFor();
  await hands.page.locator('.notice', { hasText: ended }).waitFor();
}
const up = (hands) => exchange(hands, w.exchange, w.went);
const take = (hands) => exchange(hands, w.ingest, w.took);

async function find(hands, title) {
  await hands.click('link', w.cases);
  await hands.at(w.cases);
  await hands.click('link', new RegExp(title));
  await hands.at(new RegExp(title));
}

async function move(hands, name, fill, folded) {
  if (folded) await hands.unfold(w.others);
  await hands.click('button', name);
  await fill();
  await hands.click('button', w.save);
  await hands.page.getByRole('heading', { level: 3, name, exact: true }).waitFor({ state: 'detached' });
}

async function open(hands, title) {
  await hands.click('link', w.newCase);
  await hands.at(w.newCase);
  await hands.type(w.title, title);
}

async function invitedAndJoined(village, hub) {
  await hub.click('link', w.roster);
  await hub.type(w.village, '示例村 Sample Village');
  await hub.type(w.code, 'SL');
  await hub.click('button', w.make);
  const [download] = await Promise.all([hub.page.waitForEvent('download'), hub.click('button', w.file)]);
  await download.saveAs(`${ROOM}/SL.invitation`);
  await village.click('link', w.roads);
  await village.file(w.invitation, `${ROOM}/SL.invitation`);
  await village.click('button', w.join);
  await village.sees(village.page.locator('.notice', { hasText: w.joined }));
  await take(hub);
  await up(village);
  hub.within('to invite', 10, 30);
  village.within('to join', 10, 0);
}

async function solvedOnTheSpot(village) {
  await open(village, '问路 Way');
  await village.tick(w.spot);
  await village.type(w.done, '告诉了他 Told');
  await village.tick(w.satisfied);
  await village.click('button', w.save);
  await village.sees(village.page.locator('dd', { hasText: w.closed }));
  village.within('a visit that ends in a case solved on the spot', 6, 30);
}

async function thereAndBack(village, hub) {
  const title = '水沟堵了 Ditch';
  await open(village, title);
  await village.click('button', w.save);
  await village.at(title);
  await move(village, w.escalate, () => village.type(w.reason, '要挖机'), true);
  await up(village);
  await take(hub);
  await hub.click('link', w.queue);
  await hub.click('link', w.escalated);
  await hub.click('link', /水沟堵了/);
  await hub.at(title);
  await move(hub, w.assign, () => hub.type(w.to, '水利站'), true);
  for (const [text, result] of [['挖了', w.dissatisfied], ['又挖了', w.satisfied]]) {
    await move(hub, w.resolve, () => hub.type(w.done, text));
    await take(hub);
    await up(village);
    await find(village, '水沟堵了');
    await move(village, w.followUp, () => village.tick(result));
    if (result === w.satisfied) await move(village, w.close, async () => {});
    await up(village);
    await take(hub);
    await find(hub, '水沟堵了');
  }
  await hub.sees(hub.page.locator('dd', { hasText: w.closed }));
  village.within('a case opened, escalated, followed up twice and closed', 30, 30);
  hub.within('the same, assigned and resolved twice', 30, 20);
}

async function byStick(village, hub) {
  await open(village, '路灯不亮 Lamp');
  await village.click('button', w.save);
  await village.at(/路灯不亮/);
  await village.click('link', w.roads);
  await village.type(w.folder, STICK);
  await village.click('button', w.write);
  await village.sees(village.page.locator('.notice', { hasText: w.written }));
  await hub.click('link', w.roads);
  await hub.type(w.folder, STICK);
  await hub.click('button', w.answer);
  await hub.sees(hub.page.locator('.notice', { hasText: w.written }));
  await village.click('button', w.read);
  await village.sees(village.page.locator('.notice', { hasText: w.none }));
  village.within('a stick written, and its answer read', 7, 20 + STICK.length);
  hub.within('a stick read and answered', 3, STICK.length);
}

async function conflictSettled(village, hub) {
  await find(hub, '路灯不亮');
  await move(hub, w.assign, () => hub.type(w.to, '水利站'), true);
  await find(village, '路灯不亮');
  await move(village, w.assign, () => village.type(w.to, '村委'), true);
  await take(hub);
  await up(village);
  await take(hub);
  await up(village);
  village.clicks = 0;
  await village.click('link', w.conflict);
  await village.click('link', /路灯不亮/);
  await village.click('button', w.right);
  await village.sees(w.settled);
  village.within('a conflict settled', 3, 10);
}

async function figures(village) {
  await village.click('link', w.figures);
  await village.at(w.figures);
  await village.choose(w.each, w.category);
  await village.sees(village.page.getByRole('rowheader', { name: w.without }));
  await Promise.all([village.page.waitForEvent('download'), village.click('button', w.exported)]);
  await village.choose(w.each, w.month);
  await village.click('link', LANGUAGE === 'zh' ? /^3 件诉求/ : /^3 cases: /, village.page.getByRole('table'));
  await village.at(w.cases);
  await village.sees(village.page.getByRole('link', { name: /水沟堵了/ }));
  village.within("the month's figures found, exported and drilled into", 8, 0);
}

const browser = await launch();
try {
  const village = await arrive(browser, process.env.VILLAGE, w.today);
  const hub = await arrive(browser, process.env.HUB, w.queue);
  village.within('to log in at the village', 2, 0);
  hub.within('to log in at the township', 2, 0);
  await invitedAndJoined(village, hub);
  await solvedOnTheSpot(village);
  await thereAndBack(village, hub);
  await byStick(village, hub);
  await conflictSettled(village, hub);
  await up(village);
  await take(hub);
  village.clicks = 0;
  await figures(village);
  console.log('six tasks are done');
} catch (error) {
  for (const context of browser.contexts()) for (const page of context.pages()) console.log(page.url(), page.complaints, await page.locator('body').innerText());
  throw error;
} finally {
  await browser.close();
}
