#include <stdbool.h>
#include <string.h>

#include "columns.h"

static const char *const names[IMPORT_COLUMNS] = {
    [COLUMN_ID] = "id",
    [COLUMN_TITLE] = "title",
    [COLUMN_TEXT] = "text",
    [COLUMN_TIME] = "time",
    [COLUMN_CATEGORY] = "category",
    [COLUMN_CHANNEL] = "channel",
    [COLUMN_URGENCY] = "urgency",
    [COLUMN_PLACE] = "place",
    [COLUMN_RESIDENT] = "resident",
    [COLUMN_PHONE] = "phone",
    [COLUMN_HOUSEHOLD] = "household",
    [COLUMN_REPLY] = "reply",
    [COLUMN_REPLY_TIME] = "reply_time",
};

static const struct {
  const char *header;
  enum import_column column;
} aliases[] = {
    {"编号", COLUMN_ID},
    {"工单号", COLUMN_ID},
    {"工单编号", COLUMN_ID},
    {"诉求编号", COLUMN_ID},
    {"留言编号", COLUMN_ID},
    {"subject", COLUMN_TITLE},
    {"标题", COLUMN_TITLE},
    {"主题", COLUMN_TITLE},
    {"留言主题", COLUMN_TITLE},
    {"诉求标题", COLUMN_TITLE},
    {"body", COLUMN_TEXT},
    {"description", COLUMN_TEXT},
    {"content", COLUMN_TEXT},
    {"内容", COLUMN_TEXT},
    {"详情", COLUMN_TEXT},
    {"正文", COLUMN_TEXT},
    {"留言详情", COLUMN_TEXT},
    {"诉求内容", COLUMN_TEXT},
    {"opened", COLUMN_TIME},
    {"opened_at", COLUMN_TIME},
    {"at", COLUMN_TIME},
    {"date", COLUMN_TIME},
    {"created", COLUMN_TIME},
    {"created_at", COLUMN_TIME},
    {"时间", COLUMN_TIME},
    {"日期", COLUMN_TIME},
    {"留言时间", COLUMN_TIME},
    {"登记时间", COLUMN_TIME},
    {"诉求时间", COLUMN_TIME},
    {"类别", COLUMN_CATEGORY},
    {"分类", COLUMN_CATEGORY},
    {"诉求类别", COLUMN_CATEGORY},
    {"一级标签", COLUMN_CATEGORY},
    {"渠道", COLUMN_CHANNEL},
    {"来源", COLUMN_CHANNEL},
    {"诉求渠道", COLUMN_CHANNEL},
    {"priority", COLUMN_URGENCY},
    {"紧急程度", COLUMN_URGENCY},
    {"优先级", COLUMN_URGENCY},
    {"address", COLUMN_PLACE},
    {"location", COLUMN_PLACE},
    {"地点", COLUMN_PLACE},
    {"地址", COLUMN_PLACE},
    {"user", COLUMN_RESIDENT},
    {"居民", COLUMN_RESIDENT},
    {"姓名", COLUMN_RESIDENT},
    {"诉求人", COLUMN_RESIDENT},
    {"反映人", COLUMN_RESIDENT},
    {"留言用户", COLUMN_RESIDENT},
    {"telephone", COLUMN_PHONE},
    {"tel", COLUMN_PHONE},
    {"mobile", COLUMN_PHONE},
    {"电话", COLUMN_PHONE},
    {"联系电话", COLUMN_PHONE},
    {"手机", COLUMN_PHONE},
    {"手机号", COLUMN_PHONE},
    {"户", COLUMN_HOUSEHOLD},
    {"户主", COLUMN_HOUSEHOLD},
    {"户号", COLUMN_HOUSEHOLD},
    {"answer", COLUMN_REPLY},
    {"答复", COLUMN_REPLY},
    {"回复", COLUMN_REPLY},
    {"答复意见", COLUMN_REPLY},
    {"办理结果", COLUMN_REPLY},
    {"处理结果", COLUMN_REPLY},
    {"closed", COLUMN_REPLY_TIME},
    {"closed_at", COLUMN_REPLY_TIME},
    {"答复时间", COLUMN_REPLY_TIME},
    {"回复时间", COLUMN_REPLY_TIME},
    {"办结时间", COLUMN_REPLY_TIME},
    {"status", COLUMN_IGNORED},
    {"state", COLUMN_IGNORED},
    {"状态", COLUMN_IGNORED},
};

static char fold(char c) {
  if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
  if (c == ' ' || c == '-') return '_';
  return c;
}

static const char *trim(const char *text, size_t *len) {
  while (*len > 0 && (text[0] == ' ' || text[0] == '\t')) text++, --*len;
  while (*len > 0 && (text[*len - 1] == ' ' || text[*len - 1] == '\t')) --*len;
  return text;
}

static bool same(const char *a, size_t a_len, const char *b, size_t b_len) {
  a = trim(a, &a_len);
  b = trim(b, &b_len);
  if (a_len != b_len) return false;
  for (size_t i = 0; i < a_len; i++)
    if (fold(a[i]) != fold(b[i])) return false;
  return true;
}

static enum import_column known(const char *header, size_t len) {
  for (int i = 0; i < IMPORT_COLUMNS; i++)
    if (same(header, len, names[i], strlen(names[i]))) return (enum import_column)i;
  for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
    if (same(header, len, aliases[i].header, strlen(aliases[i].header))) return aliases[i].column;
  return COLUMN_UNKNOWN;
}

const char *import_column_name(enum import_column column) {
  return names[column];
}

enum import_column import_column_of(const struct import_map *map, const char *header) {
  size_t len = strlen(header);
  for (size_t i = 0; i < map->n; i++)
    if (same(header, len, map->pairs[i].from, map->pairs[i].from_len)) return map->pairs[i].to;
  return known(header, len);
}

static int add_pair(struct import_map *map, const char *pair, size_t len, struct yz_error *err) {
  const char *equals = memchr(pair, '=', len);
  if (equals == NULL || equals == pair || map->n == IMPORT_MAX_MAPPED)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("Columns are mapped like this: --map what=text,who=resident."), "%.*s",
                   (int)len, pair);
  size_t from_len = (size_t)(equals - pair);
  enum import_column to = known(equals + 1, len - from_len - 1);
  if (to >= IMPORT_COLUMNS)
    return yz_fail(
        err, YZ_E_INPUT,
        YZ_N_("There is no such column to map to. There are id, title, text, time, category, "
              "channel, urgency, place, resident, phone, household, reply, reply_time."),
        "%.*s", (int)len, pair);
  map->pairs[map->n].from = pair;
  map->pairs[map->n].from_len = from_len;
  map->pairs[map->n++].to = to;
  return 0;
}

int import_map_read(struct import_map *map, const char *text, struct yz_error *err) {
  *map = (struct import_map){0};
  while (text != NULL && *text != '\0') {
    size_t len = strcspn(text, ",");
    int rc = add_pair(map, text, len, err);
    if (rc != 0) return rc;
    text += len;
    if (*text == ',') text++;
  }
  return 0;
}
