/* Records and logs: FORMAT.md §1, §3, §4.
 *
 * A record line is read in steps, each of which may be the last:
 *   yz_record_read    bounds and the members read by offset (log, seq, by, signature)
 *   yz_record_id      its id, from the id before it
 *   yz_record_signed  does the signature hold?
 *   yz_record_parse   the rest, as JSON: only now
 * Nothing here touches clock, disk or store. */
#ifndef YIZHAN_RECORD_H
#define YIZHAN_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <yizhan/crypto.h>
#include <yizhan/error.h>
#include <yizhan/types.h>

/* Parses a JSON text by the rules of FORMAT.md §1 (but for its size, which the
 * caller has bounded). *out is a new reference. YZ_E_FORMAT, YZ_E_MEMORY. */
int yz_json_parse(const char *text, size_t len, json_t **out, struct yz_error *err) YZ_MUST_CHECK;
/* Valid UTF-8 without control characters but LF and tab? */
bool yz_text_ok(const char *text, size_t len);
/* Without memory a JSON text reads like one that is malformed, and what is built lacks members.
 * yz_json_watch, before any other thread works: such lacks are noted from now on, for each thread.
 * yz_json_lacked: was there one in this thread? Then nothing of what was judged or built since
 * may be kept. It is asked before each commit. yz_json_forget: the next one begins anew. */
void yz_json_watch(void);
bool yz_json_lacked(void);
void yz_json_forget(void);

/* Members of an object: NULL / false when absent or of another kind. */
const char *yz_json_string(const json_t *object, const char *name);
bool yz_json_int(const json_t *object, const char *name, int64_t *out);
bool yz_json_hex(const json_t *object, const char *name, void *out, size_t n);

/* log hash; the log id is its first YZ_ID_LEN bytes. §3 */
void yz_log_hash(const struct yz_key *node, const struct yz_id *incarnation,
                 const struct yz_id *ledger, struct yz_hash *out);
struct yz_id yz_log_id(const struct yz_hash *log_hash);

/* A record line as read by offset. Points into the caller's bytes. */
struct yz_record {
  struct yz_id log;
  int64_t seq;
  struct yz_key by;
  const char *bytes; /* the record object */
  size_t len;
  struct yz_sig sig;
};
/* line without its LF. YZ_E_FORMAT; YZ_E_LIMIT; YZ_E_VERSION when it begins
 * with another version number. */
int yz_record_read(const char *line, size_t len, struct yz_record *out,
                   struct yz_error *err) YZ_MUST_CHECK;
void yz_record_id(const struct yz_hash *before, const char *bytes, size_t len, struct yz_hash *out);
bool yz_record_signed(const struct yz_record *r, const struct yz_hash *id);

/* Whom words are for, FORMAT.md §6: the nodes of the village and the hub, or the hub alone. */
#define YZ_FOR_VILLAGE "village"
#define YZ_FOR_TOWNSHIP "township"
enum { YZ_MAX_TYPE = 40, YZ_MAX_AUDIENCE = 16, YZ_MAX_AUDIENCES = 4 };

/* The general members, parsed. json is a new reference, dropped by finish. */
struct yz_members {
  json_t *json;
  const char *type;
  struct yz_stamp stamp;
  bool has_case;
  struct yz_hash case_id;
  struct yz_hash heads[YZ_MAX_HEADS];
  size_t n_heads;
  struct {
    char audience[YZ_MAX_AUDIENCE + 1];
    struct yz_hash hash;
  } content[YZ_MAX_AUDIENCES];
  size_t n_content;
};
int yz_record_parse(const char *bytes, size_t len, struct yz_members *out,
                    struct yz_error *err) YZ_MUST_CHECK;
void yz_members_finish(struct yz_members *m);

/* Who signs: a worker's or the node's own key. */
struct yz_author {
  struct yz_key key;
  const struct yz_secret *seed;
};
/* Writes the record line (with LF) that follows `before` in `log`: members are
 * those after `by`, in order, from `rest` (an object). Gives its id. YZ_E_LIMIT
 * when it would be larger than a record may be. */
int yz_record_make(const struct yz_id *log, const struct yz_place *before,
                   const struct yz_author *author, const json_t *rest, struct yz_buf *line,
                   struct yz_hash *id, struct yz_error *err) YZ_MUST_CHECK;

/* Hybrid logical clock, §4: a stamp for a new record, greater than *last; and
 * what *last becomes on seeing another's, unless that is more than a day past
 * now. Pure. */
struct yz_stamp yz_clock_next(struct yz_stamp last, int64_t now_ms);
struct yz_stamp yz_clock_seen(struct yz_stamp last, struct yz_stamp other, int64_t now_ms);
int yz_stamp_compare(struct yz_stamp a, struct yz_stamp b);

#endif
