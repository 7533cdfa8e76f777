/* What the parts of a station share. */
#include "station_private.h"
#include <stdio.h>
#include <string.h>

const char *const station_kinds[YZ_KINDS] = {"keys", "log", "files"};

void yz_taken_finish(struct yz_taken *t) {
  if (!t) return;
  free(t->logs);
  memset(t, 0, sizeof *t);
}

void station_ref(const char *prefix, const char *kind, const struct yz_id *log,
                 char out[static REF_ROOM]) {
  char hex[YZ_ID_HEX + 1];
  yz_to_hex(log->bytes, YZ_ID_LEN, hex);
  snprintf(out, REF_ROOM, "%s%s/%s", prefix, kind, hex);
}

bool station_ref_log(const char *ref, const char *prefix, const char *kind, struct yz_id *out) {
  char expected[REF_ROOM];
  size_t n = strlen(ref);
  if (n < YZ_ID_HEX || !yz_from_hex(ref + n - YZ_ID_HEX, YZ_ID_HEX, out->bytes, YZ_ID_LEN))
    return false;
  station_ref(prefix, kind, out, expected);
  return strcmp(ref, expected) == 0;
}

bool station_ref_kind(const char *ref, const char *prefix, struct yz_id *log, enum yz_kind *kind) {
  for (*kind = YZ_KIND_KEYS; *kind < YZ_KINDS; (*kind)++)
    if (station_ref_log(ref, prefix, station_kinds[*kind], log)) return true;
  return false;
}

void station_stored(struct yz_stored *out, const struct yz_record *record, const struct yz_hash *id,
                    const void *line, size_t line_len, const struct yz_members *members) {
  *out = (struct yz_stored){.log = record->log,
                            .seq = record->seq,
                            .id = *id,
                            .by = record->by,
                            .line = line,
                            .line_len = line_len,
                            .status = YZ_ACCEPTED,
                            .type = ""};
  if (!members || !members->json) return;
  out->type = members->type;
  out->stamp = members->stamp;
  out->case_id = members->has_case ? &members->case_id : NULL;
  out->heads = members->heads;
  out->n_heads = members->n_heads;
  out->json = members->json;
}

int station_end(const struct yz_station *st, int rc, struct yz_error *err) {
  const struct yz_store *store = st->store;

  if (!rc) rc = store->commit(store->ctx, err);
  if (rc) store->rollback(store->ctx);
  return rc;
}

static int put_line(void *arg, const struct yz_stored *record) {
  struct yz_buf *out = arg;
  int rc = yz_buf_append(out, record->line, record->line_len);
  return rc ? rc : yz_buf_puts(out, "\n");
}

static int keep_place(void *arg, const struct yz_stored *record) {
  *(struct yz_place *)arg = (struct yz_place){record->seq, record->id};
  return YZ_OK;
}

bool station_hubs_road(const struct yz_ledger_row *row) {
  char end[8 + YZ_ID_HEX + 2], id[YZ_ID_HEX + 1];
  size_t n = strcspn(row->url, "#");

  yz_to_hex(row->id.bytes, YZ_ID_LEN, id);
  int len = snprintf(end, sizeof end, "/ledger/%s", id);
  return strncmp(row->url, "https://", 8) == 0 && n > (size_t)len &&
         memcmp(row->url + n - (size_t)len, end, (size_t)len) == 0;
}

int station_bounds(void *arg, const struct yz_segment_row *row) {
  struct yz_segment_row *out = arg;
  *out = *row;
  out->closing = NULL;
  return 1;
}

int station_place(const struct yz_station *st, const struct yz_id *log, int64_t seq,
                  struct yz_place *out, struct yz_error *err) {
  return st->store->each_line(st->store->ctx, log, seq, seq, false, keep_place, out, err);
}

int station_segment_bytes(const struct yz_station *st, const struct yz_segment_row *row,
                          struct yz_buf *out, struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct yz_log_row log;
  struct yz_place prev;

  int rc = store->get_log(store->ctx, &row->log, &log, err);
  if (rc) goto done;
  prev.id = log.hash;
  if (row->first > 1) rc = station_place(st, &row->log, row->first - 1, &prev, err);
  if (!rc) rc = yz_segment_header(&row->log, row->first, &prev.id, out);
  if (!rc)
    rc = store->each_line(store->ctx, &row->log, row->first, row->last, false, put_line, out, err);
  if (!rc) rc = yz_buf_append(out, row->closing, row->closing_len);
done:
  if (rc) yz_fail(err, rc, YZ_N_("A segment could not be built from the store."), NULL);
  return rc;
}

struct segment_text {
  const struct yz_station *st;
  struct yz_buf *out;
  struct yz_error *err;
};

static int build_first(void *arg, const struct yz_segment_row *row) {
  struct segment_text *t = arg;
  int rc = station_segment_bytes(t->st, row, t->out, t->err);
  return rc ? rc : 1;
}

int station_tree_file(const struct yz_station *st, const struct yz_log_row *log, const char *ref,
                      const struct yz_oid *commit, const char *path, struct yz_buf *out,
                      struct yz_error *err) {
  const struct yz_store *store = st->store;
  struct segment_text text = {st, out, err};
  int64_t first;
  const char *ending;

  if (!yz_path_read(path, &first, &ending) || strcmp(ending, "jsonl") != 0)
    return store->get_file_of(store->ctx, &log->ledger, ref, commit, path, out, err);
  int rc = store->each_segment(store->ctx, &log->id, first, build_first, &text, err);
  return rc == 1 ? YZ_OK : rc ? rc : YZ_E_NOT_FOUND;
}

int station_find_ref(struct yz_ledger *git, const char *ref, struct yz_oid *out, bool *found,
                     struct yz_error *err) {
  struct yz_error why = {0};
  int rc = yz_ledger_ref(git, ref, out, &why);

  *found = rc == YZ_OK;
  if (rc == YZ_OK || rc == YZ_E_NOT_FOUND) return YZ_OK;
  return yz_fail(err, rc, why.message, "%s", why.subject);
}

bool station_has_commit(struct yz_ledger *git, const struct yz_oid *oid) {
  struct yz_commit_view view = {0};
  bool has = yz_ledger_read_commit(git, oid, &view, NULL) == YZ_OK;
  yz_commit_view_finish(&view);
  return has;
}
