// The letters with which Chinese names begin as they are spoken: 张三 is found by "zs". The order of characters by their
// sound is the browser's (ICU's collation by pinyin).
const LETTERS = 'abcdefghjklmnopqrstwxyz';
// The first character of each letter in that order.
const FIRST = '阿八嚓哒妸发旮哈讥咔垃呣拏喔妑七呥仨他屲夕丫帀';
// Behind the last stand those whose sound is not known there: rare ones. A name is found by its others.
const LAST = '糳';
// Characters that are spoken otherwise where they are a surname.
const SURNAMES = { 单: 's', 曾: 'z', 查: 'z', 仇: 'q', 解: 'x', 朴: 'p', 区: 'o', 盖: 'g', 翟: 'z', 缪: 'm', 冼: 'x', 洗: 'x', 晁: 'c', 种: 'c',
  繁: 'p', 员: 'y', 秘: 'b', 折: 's', 召: 's', 尉: 'y', 乐: 'y', 宓: 'm', 逄: 'p', 郗: 'x', 万俟: 'mq', 长孙: 'zs', 澹台: 'tt', 尉迟: 'yc' };
const order = new Intl.Collator('zh-Hans-CN-u-co-pinyin');

function letterOf(character) {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase();
  if (order.compare(character, LAST) > 0) return '';
  let i = FIRST.length - 1;
  while (i > 0 && order.compare(character, FIRST[i]) < 0) i -= 1;
  return LETTERS[i];
}

const lettersOf = (text) => [...text].filter((one) => /[\p{L}\p{N}]/u.test(one)).map(letterOf).join('');

// The ways to spell a name by first letters: as a surname says it first.
export function initials(name) {
  const plain = lettersOf(name);
  const surname = [2, 1].map((n) => name.slice(0, n)).find((one) => one in SURNAMES);
  return surname ? [SURNAMES[surname] + lettersOf(name.slice(surname.length)), plain] : [plain];
}

const folded = (text) => text.normalize('NFKC').toLowerCase().trim();

// Of these names those that hold what was typed, or are spelt so; what begins so first.
export function namesLike(names, typed) {
  const words = folded(typed);
  const rank = (name) => {
    const at = folded(name).indexOf(words);
    const spelt = /^[a-z0-9]+$/.test(words) ? Math.min(...initials(name).map((one, i) => (one.startsWith(words) ? 1 + i : 9))) : 9;
    return Math.min(at === 0 ? 0 : at > 0 ? 4 : 9, spelt);
  };
  return names.map((name) => [rank(name), name]).filter(([n]) => n < 9).sort((a, b) => a[0] - b[0]).map(([, name]) => name);
}
