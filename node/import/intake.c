#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../said.h"
#include "../tidy.h"
#include "intake.h"
#include "when.h"

enum { ROWS_AT_ONCE = 400, SOURCE_MAX = 300 };

void intake_init(struct intake *in, struct node *node, const struct signer *who, bool live) {
  *in = (struct intake){.node = node, .who = who, .live = live};
}

void intake_finish(struct intake *in) {
  if (in->open) store_rollback(in->node->store);
  tally_finish(&in->seen);
  *in = (struct intake){0};
}

void import_row_finish(struct import_row *row) {
  for (int i = 0; i < IMPORT_COLUMNS; i++) free(row->cells[i]);
  *row = (struct import_row){0};
}

int import_row_set(struct import_row *row, enum import_column column, char *text) {
  char **place = &row->cells[column];
  if (text == NULL) return YZ_E_MEMORY;
  bool said = *place != NULL && **place != '\0';
  free(said ? text : *place);
  if (!said) *place = text;
  return 0;
}

static const char *cell(const struct import_row *row, enum import_column column) {
  const char *text = row->cells[column];
  return text != NULL && text[0] != '\0' ? text : NULL;
}

/* A long id is kept as its hash: source stays small and the id stays one. */
static void source_of_id(const char *id, char out[static SOURCE_MAX]) {
  char hex[YZ_HASH_HEX + 1];
  struct yz_hash hash;
  size_t len = strlen(id);
  if (len + 4 <= SOURCE_MAX) {
    (void)snprintf(out, SOURCE_MAX, "id:%s", id);
    return;
  }
  yz_sha256(&(struct yz_part){id, len}, 1, &hash);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
  (void)snprintf(out, SOURCE_MAX, "id-hash:%s", hex);
}

/* What a row says, each cell with the zero that ends it. */
static void row_hash(const struct import_row *row, struct yz_hash *out) {
  struct yz_part parts[IMPORT_COLUMNS];
  for (int i = 0; i < IMPORT_COLUMNS; i++) {
    const char *text = row->cells[i] != NULL ? row->cells[i] : "";
    parts[i] = (struct yz_part){text, strlen(text) + 1};
  }
  yz_sha256(parts, IMPORT_COLUMNS, out);
}

static int source_of(struct intake *in, const struct import_row *row, char out[static SOURCE_MAX],
                     struct yz_error *err) {
  char hex[YZ_HASH_HEX + 1];
  struct yz_hash hash;
  size_t before;
  const char *id = cell(row, COLUMN_ID);
  if (id != NULL) {
    source_of_id(id, out);
    return 0;
  }
  row_hash(row, &hash);
  if (tally_add(&in->seen, &hash, &before) != 0) return yz_no_memory(err);
  yz_to_hex(hash.bytes, YZ_HASH_LEN, hex);
  (void)snprintf(out, SOURCE_MAX, "row:%s:%zu", hex, before);
  return 0;
}

static json_t *content_of(const struct import_row *row, const char *title, const char *source) {
  static const enum import_column columns[] = {COLUMN_TEXT,    COLUMN_CATEGORY, COLUMN_CHANNEL,
                                               COLUMN_URGENCY, COLUMN_PLACE,    COLUMN_RESIDENT,
                                               COLUMN_PHONE,   COLUMN_HOUSEHOLD};
  json_t *content = json_pack("{s:s,s:s}", "title", title, "source", source);
  for (size_t i = 0; content != NULL && i < sizeof columns / sizeof *columns; i++) {
    const char *text = cell(row, columns[i]);
    if (text == NULL) continue;
    if (json_object_set_new(content, import_column_name(columns[i]), json_string(text)) == 0)
      continue;
    json_decref(content);
    content = NULL;
  }
  return content;
}

/* What a row says, ready to be signed. */
struct entry {
  int64_t at_ms, reply_ms;
  bool resolved;
  json_t *content;
};

static bool read_time(const struct import_row *row, enum import_column column, int zone,
                      int64_t missing, int64_t *out) {
  const char *text = cell(row, column);
  *out = missing;
  return text == NULL || when_parse(text, strlen(text), zone, out);
}

static size_t words_of(const struct import_row *row) {
  size_t total = 0;
  for (int i = 0; i < IMPORT_COLUMNS; i++)
    if (row->cells[i] != NULL) total += strlen(row->cells[i]);
  return total;
}

/* What the row says may be longer, or of another day, than can be written. */
static int check_entry(struct intake *in, const struct import_row *row, const struct entry *entry,
                       const char **bad, struct yz_error *err) {
  struct said_over over;
  const char *reply = cell(row, COLUMN_REPLY);
  size_t len = reply != NULL ? strlen(reply) : 0;
  int rc = said_when(in->node, entry->at_ms, bad, err);
  if (rc == 0 && *bad == NULL) rc = said_when(in->node, entry->reply_ms, bad, err);
  if (rc != 0 || *bad != NULL) return rc;
  bool is_over = said_over(entry->content, &over);
  if (!is_over && len > SAID_MAX_TEXT)
    is_over = true, over = (struct said_over){.name = "reply", .len = len, .max = SAID_MAX_TEXT};
  if (!is_over) return 0;
  *bad = YZ_N_("A cell has more bytes than it may have (a Chinese character has three).");
  (void)snprintf(in->detail, sizeof in->detail, "%s: %zu > %zu", over.name, over.len, over.max);
  return 0;
}

static int read_entry(struct intake *in, const struct import_row *row, const char *source,
                      struct entry *entry, const char **bad, struct yz_error *err) {
  int64_t now = in->node->world->now_ms(in->node->world->ctx);
  int zone = in->node->zone;
  const char *title = cell(row, COLUMN_TITLE), *text = cell(row, COLUMN_TEXT);
  char first_words[TIDY_TITLE];
  const char *words = text != NULL ? text : cell(row, COLUMN_CATEGORY);
  if (title == NULL && words != NULL) title = tidy_title(words, first_words);
  if (title == NULL || title[0] == '\0')
    *bad = YZ_N_("The row has no title, no text and no category.");
  else if (!read_time(row, COLUMN_TIME, zone, now, &entry->at_ms))
    *bad = YZ_N_("The time cannot be read.");
  else if (!read_time(row, COLUMN_REPLY_TIME, zone, entry->at_ms, &entry->reply_ms))
    *bad = YZ_N_("The time of the reply cannot be read.");
  else if (words_of(row) + 4096 > YZ_MAX_CONTENT / 2)
    *bad = YZ_N_("The row is longer than 512 KiB.");
  if (*bad != NULL) return 0;
  entry->resolved = cell(row, COLUMN_REPLY) != NULL || cell(row, COLUMN_REPLY_TIME) != NULL;
  entry->content = content_of(row, title, source);
  return entry->content != NULL ? check_entry(in, row, entry, bad, err) : yz_no_memory(err);
}

static int resolve(struct intake *in, const struct import_row *row, const struct entry *entry,
                   const struct yz_hash *id, struct yz_error *err) {
  char number[NUMBER_MAX];
  struct yz_hash record;
  const char *reply = cell(row, COLUMN_REPLY);
  struct move m = {.move = CASE_RESOLVE, .case_id = id, .at_ms = entry->reply_ms, .fresh = true};
  m.content = json_pack("{s:s}", "text", reply != NULL ? reply : "");
  if (m.content == NULL) return yz_no_memory(err);
  int rc = node_move(in->node, in->who, &m, number, &record, err);
  json_decref(m.content);
  return rc;
}

static int save_entry(struct intake *in, const struct import_row *row, const struct entry *entry,
                      struct yz_error *err) {
  char number[NUMBER_MAX];
  struct yz_hash id;
  struct move m = {.move = CASE_OPEN, .content = entry->content, .at_ms = entry->at_ms};
  if (!in->live && (m.plain = json_pack("{s:b}", "history", 1)) == NULL) return yz_no_memory(err);
  int rc = node_move(in->node, in->who, &m, number, &id, err);
  json_decref(m.plain);
  if (rc == 0 && entry->resolved) rc = resolve(in, row, entry, &id, err);
  if (rc == 0) in->fresh_added++;
  return rc;
}

static void tidy_names(struct import_row *row) {
  static const enum import_column names[] = {COLUMN_CATEGORY, COLUMN_CHANNEL, COLUMN_URGENCY,
                                             COLUMN_RESIDENT, COLUMN_HOUSEHOLD};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (row->cells[names[i]] != NULL) tidy_name(row->cells[names[i]]);
}

/* Its identity is by names as they stand in the table: by that what came earlier is known. */
static int take(struct intake *in, struct import_row *row, const char **bad, struct yz_error *err) {
  char source[SOURCE_MAX];
  struct entry entry = {0};
  int rc = source_of(in, row, source, err);
  tidy_names(row);
  if (rc == 0) rc = read_entry(in, row, source, &entry, bad, err);
  bool fit = rc == 0 && *bad == NULL;
  if (fit) rc = store_find_source(in->node->store, source, err);
  if (!fit)
    ;
  else if (rc == 0)
    in->fresh_skipped++;
  else if (rc == YZ_E_NOT_FOUND)
    rc = save_entry(in, row, &entry, err);
  json_decref(entry.content);
  return rc;
}

int intake_row(struct intake *in, struct import_row *row, const char **bad, struct yz_error *err) {
  *bad = NULL;
  in->detail[0] = '\0';
  for (int i = 0; i < IMPORT_COLUMNS; i++)
    if (row->cells[i] != NULL) tidy_cell(row->cells[i], i == COLUMN_TEXT || i == COLUMN_REPLY);
  int rc = in->open ? 0 : store_begin(in->node->store, err);
  if (rc != 0) return rc;
  in->open = true;
  rc = take(in, row, bad, err);
  if (rc == 0) return in->fresh_added + in->fresh_skipped < ROWS_AT_ONCE ? 0 : intake_end(in, err);
  store_rollback(in->node->store);
  in->open = false;
  return rc;
}

int intake_end(struct intake *in, struct yz_error *err) {
  if (!in->open) return 0;
  in->open = false;
  int rc = store_commit(in->node->store, err);
  if (rc != 0) return rc;
  in->added += in->fresh_added;
  in->skipped += in->fresh_skipped;
  in->fresh_added = in->fresh_skipped = 0;
  return 0;
}
