/* Cases that pack like people's words: phrases that come again, and characters that do
 * not. The same seed gives the same cases. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE = 36, TEXT = 560, COMMON = 0x4e00, N_COMMON = 700 };

static const char *const phrases[] = {
    "村口",   "路灯", "不亮", "晚上", "老人",   "小孩", "走路",   "希望",   "尽快",   "派人",
    "修理",   "水管", "漏水", "道路", "积水",   "垃圾", "清运",   "邻居",   "噪音",   "扰民",
    "医保",   "报销", "低保", "申请", "宅基地", "界址", "纠纷",   "灌溉",   "渠道",   "堵塞",
    "，",     "。",   "反映", "多次", "没有",   "答复", "上个月", "家里",   "困难",   "补贴",
    "没到账", "电线", "老化", "安全", "隐患",   "桥面", "破损",   "请核实", "村委会", "卫生站",
    "自来水", "停水", "三天", "影响", "生活",   "谢谢", "核桃树", "被砍",   "赔偿",   "土地",
    "流转",   "合同", "到期", "街道"};

static uint64_t next(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

static size_t put_character(uint64_t *state, char *out) {
  unsigned c = COMMON + 7 * (unsigned)(next(state) % N_COMMON);
  out[0] = (char)(0xe0 | c >> 12);
  out[1] = (char)(0x80 | (c >> 6 & 0x3f));
  out[2] = (char)(0x80 | (c & 0x3f));
  return 3;
}

static char *fill(uint64_t *state, size_t len) {
  char *text = malloc(len + 16);
  size_t n = 0;
  need(text != NULL, "memory");
  while (n < len) {
    const char *phrase = phrases[next(state) % (sizeof phrases / sizeof *phrases)];
    size_t m = strlen(phrase);
    if (next(state) % 5 < 2) {
      n += put_character(state, text + n);
    } else {
      memcpy(text + n, phrase, m);
      n += m;
    }
  }
  text[n] = '\0';
  return text;
}

char *words_title(uint64_t *state) {
  return fill(state, TITLE);
}

char *words_text(uint64_t *state) {
  return fill(state, TEXT);
}

void words(int64_t n, uint64_t seed) {
  uint64_t state = seed;
  for (int64_t i = 0; i < n; i++) {
    char *title = words_title(&state), *text = words_text(&state);
    (void)printf(
        "{\"id\":\"%llu-%lld\",\"title\":\"%s\",\"text\":\"%s\",\"resident\":\"示例村民\"}\n",
        (unsigned long long)seed, (long long)i, title, text);
    free(title);
    free(text);
  }
}
