/* The node's memory as the library needs it: a table of functions that
 * node/store fills with SQLite and a simulation with plain memory.
 *
 * All return 0 or a negative code and fill err. "get" functions answer
 * YZ_E_NOT_FOUND (err untouched) for what is not there. Writing happens between
 * begin and commit only; a record given to put_record counts, with its effect on
 * the tables of whoever gives it meaning, when commit returned 0. Strings and
 * bytes handed to callbacks live until the callback returns; a callback's
 * non-zero return stops the walk and is returned. Nested walks are allowed. */
#ifndef YIZHAN_STORE_H
#define YIZHAN_STORE_H

#include <yizhan/ledger.h>
#include <yizhan/roster.h>
#include <yizhan/segment.h>

/* A ledger that this node takes part in. */
struct yz_ledger_row {
  struct yz_id id;
  struct yz_key hub, hub_box; /* pinned; all zero for a village alone */
  bool joined;                /* has a hub (at the hub itself: true) */
  struct yz_id own;           /* this node's log of the present incarnation in it */
  char url[1024];             /* the other side's repository; "" when ours is the one others use */
  char name[YZ_MAX_NAME + 1], code[YZ_MAX_CODE + 1]; /* the village's */
};

/* A log that is kept here. */
struct yz_log_row {
  struct yz_id id, ledger; /* ledger: the one it travels in */
  struct yz_hash hash;     /* id before its first record */
  struct yz_key node, box;
  struct yz_id incarnation;
  bool own; /* written by this node, in this or an earlier incarnation */
  bool hub; /* the hub's */
  bool old; /* from a ledger of a village that worked alone */
  char letter[4];
  struct yz_place head; /* the last record kept */
};

struct yz_stored {
  struct yz_id log;
  int64_t seq;
  struct yz_hash id;
  struct yz_key by;
  const char *line; /* record line without LF */
  size_t line_len;
  enum yz_status status;
  const char *rule; /* NULL when accepted */
  const char *type; /* "" where the record could not be parsed */
  struct yz_stamp stamp;
  const struct yz_hash *case_id; /* NULL: none */
  const struct yz_hash *heads;
  size_t n_heads;
  const json_t *json;                /* the record object; NULL where it could not be parsed */
  const struct yz_content *contents; /* those that opened and fit */
  size_t n_contents;
};

struct yz_segment_row {
  struct yz_id log;
  int64_t first, last;
  const char *closing; /* the closing line with LF */
  size_t closing_len;
};

struct yz_refused {
  struct yz_id ledger, log;
  int64_t seq; /* 0: not about one record */
  const char *rule;
  struct yz_hash hash; /* SHA-256 of the bytes */
  const char *ref;     /* where it was found; "" */
  const void *bytes;   /* kept whole up to a cap a node */
  size_t len;
};

struct yz_store {
  void *ctx;

  int (*begin)(void *ctx, struct yz_error *err);
  int (*commit)(void *ctx, struct yz_error *err);
  void (*rollback)(void *ctx);
  /* In an open transaction: back takes back what was written since the last mark, and no more. A
   * mark ends with the transaction, or where the next one is set. Where back fails, only rollback
   * may follow. */
  int (*mark)(void *ctx, struct yz_error *err);
  int (*back)(void *ctx, struct yz_error *err);

  /* Small named values of the library ("clock"). get appends to out. */
  int (*get_meta)(void *ctx, const char *name, struct yz_buf *out, struct yz_error *err);
  int (*put_meta)(void *ctx, const char *name, const void *bytes, size_t n, struct yz_error *err);

  int (*get_ledger)(void *ctx, const struct yz_id *id, struct yz_ledger_row *out,
                    struct yz_error *err);
  int (*put_ledger)(void *ctx, const struct yz_ledger_row *row, struct yz_error *err);

  int (*get_log)(void *ctx, const struct yz_id *id, struct yz_log_row *out, struct yz_error *err);
  int (*put_log)(void *ctx, const struct yz_log_row *row, struct yz_error *err);
  /* All logs of a ledger, in the order in which they were first put. */
  int (*each_log)(void *ctx, const struct yz_id *ledger,
                  int (*fn)(void *arg, const struct yz_log_row *row), void *arg,
                  struct yz_error *err);

  /* put_record: a new record with its contents and, when accepted, its effect.
   * The log's head (put_log) is moved by the caller. YZ_E_EXISTS: the place is taken. */
  int (*put_record)(void *ctx, const struct yz_stored *record, struct yz_error *err);
  /* Judged anew: changes status and rule, adds contents that have come (n_contents
   * may be 0: those kept stay), makes or unmakes the effect. */
  int (*judge_record)(void *ctx, const struct yz_stored *record, struct yz_error *err);
  /* Records of a log from first to last (0: to the end), in order. */
  int (*each_record)(void *ctx, const struct yz_id *log, int64_t first, int64_t last,
                     int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                     struct yz_error *err);
  /* The same for who takes the lines on as they are: of each only log, seq, by, id, status, rule,
   * line and, where words is set, contents; what stands in the line is not parsed. */
  int (*each_line)(void *ctx, const struct yz_id *log, int64_t first, int64_t last, bool words,
                   int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                   struct yz_error *err);
  /* Records of the trust types in a ledger that are accepted, or lack nothing but their
   * words, or begin a log: in the order of each_log, within one by seq. */
  int (*each_trust)(void *ctx, const struct yz_id *ledger,
                    int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                    struct yz_error *err);
  /* Records of a ledger whose status is not accepted. */
  int (*each_unsettled)(void *ctx, const struct yz_id *ledger,
                        int (*fn)(void *arg, const struct yz_stored *record), void *arg,
                        struct yz_error *err);

  /* Erasures (FORMAT.md §7, §14): whose words the hub's records that count say are erased. The
   * words of such a record are dropped where they are kept, and none are taken in for it.
   * How many subjects are erased in a ledger. */
  int (*count_erased)(void *ctx, const struct yz_id *ledger, int64_t *n, struct yz_error *err);
  /* Are this record's words erased? It need not be kept yet. */
  int (*is_erased)(void *ctx, const struct yz_id *ledger, const struct yz_stored *record,
                   bool *erased, struct yz_error *err);
  /* The seqs of a log's records whose words are erased, rising. */
  int (*each_erased)(void *ctx, const struct yz_id *log, int (*fn)(void *arg, int64_t seq),
                     void *arg, struct yz_error *err);

  /* Pieces (piece.h). Of a file of a files/ branch put_file keeps the bytes by the hash that its
   * path says, once for all branches; get_file and get_file_of give them back.
   * Does a record that is kept in this ledger, whatever came of it, name this piece? */
  int (*is_named)(void *ctx, const struct yz_id *ledger, const struct yz_hash *piece, bool *named,
                  struct yz_error *err);
  /* Pieces that an own record of this ledger names, whose bytes are here and which no commit of it
   * has brought: in the order in which they are to go. */
  int (*each_piece)(void *ctx, const struct yz_id *ledger,
                    int (*fn)(void *arg, const struct yz_hash *piece), void *arg,
                    struct yz_error *err);
  int (*get_piece)(void *ctx, const struct yz_hash *piece, struct yz_buf *out,
                   struct yz_error *err);
  /* The other side has all that this node's commits of this ledger brought so far. */
  int (*pieces_arrived)(void *ctx, const struct yz_id *ledger, struct yz_error *err);

  /* Segments of a log, own and foreign. */
  int (*put_segment)(void *ctx, const struct yz_segment_row *row, struct yz_error *err);
  /* The last seq that lies in a segment; YZ_E_NOT_FOUND: none. */
  int (*last_segment)(void *ctx, const struct yz_id *log, int64_t *out, struct yz_error *err);
  /* Those with last >= from, by first. */
  int (*each_segment)(void *ctx, const struct yz_id *log, int64_t from,
                      int (*fn)(void *arg, const struct yz_segment_row *row), void *arg,
                      struct yz_error *err);
  /* The key of a batch that this node made, and whom it was wrapped to
   * (SHA-256 over the receivers' keys, sorted). */
  int (*put_batch_key)(void *ctx, const struct yz_id *log, int64_t first, const char *audience,
                       const unsigned char key[YZ_BATCH_KEY_LEN], const struct yz_hash *receivers,
                       struct yz_error *err);
  /* Forgets the keys of a log's batches: its keys/ were begun anew elsewhere. */
  int (*drop_batch_keys)(void *ctx, const struct yz_id *log, struct yz_error *err);
  /* Own keys of a log's batches for an audience that were wrapped to others than `receivers`. */
  int (*each_stale_batch_key)(void *ctx, const struct yz_id *log, const char *audience,
                              const struct yz_hash *receivers,
                              int (*fn)(void *arg, int64_t first,
                                        const unsigned char key[YZ_BATCH_KEY_LEN]),
                              void *arg, struct yz_error *err);

  /* What git carries beside segments, and the commits, so that the same bytes
   * come out when a repository is built again. A file is put first and belongs
   * to no commit yet; put_commit ties the files at `paths` to it, in order after
   * the ref's earlier commits. A path ending in .jsonl has no file: it is a segment. */
  int (*put_file)(void *ctx, const struct yz_id *ledger, const char *ref, const char *path,
                  const void *bytes, size_t n, struct yz_error *err);
  /* The newest file at a path, tied to a commit or not. */
  int (*get_file)(void *ctx, const struct yz_id *ledger, const char *ref, const char *path,
                  struct yz_buf *out, struct yz_error *err);
  /* The file at a path in that commit's tree: as the newest of the ref's commits up to
   * it brought it. */
  int (*get_file_of)(void *ctx, const struct yz_id *ledger, const char *ref,
                     const struct yz_oid *commit, const char *path, struct yz_buf *out,
                     struct yz_error *err);
  /* Files of a ref that no commit has yet, by path's segment then name. */
  int (*each_loose_file)(void *ctx, const struct yz_id *ledger, const char *ref,
                         int (*fn)(void *arg, const char *path, const void *bytes, size_t n),
                         void *arg, struct yz_error *err);
  int (*put_commit)(void *ctx, const struct yz_id *ledger, const char *ref,
                    const struct yz_oid *oid, const void *bytes, size_t n, const char *const *paths,
                    size_t n_paths, struct yz_error *err);
  /* The newest commit of a ref that was accepted here. */
  int (*get_tip)(void *ctx, const struct yz_id *ledger, const char *ref, struct yz_oid *out,
                 struct yz_error *err);
  /* Commits of a ref in order, each with its paths. */
  int (*each_commit)(void *ctx, const struct yz_id *ledger, const char *ref,
                     int (*fn)(void *arg, const struct yz_oid *oid, const void *bytes, size_t n,
                               const char *const *paths, size_t n_paths),
                     void *arg, struct yz_error *err);
  /* Forgets a ref's commits and files, and a log/ ref's segments: a branch that was
   * begun anew. Records stay. */
  int (*drop_ref)(void *ctx, const struct yz_id *ledger, const char *ref, struct yz_error *err);

  /* Segments of a log that no commit has yet, by first. */
  int (*each_loose_segment)(void *ctx, const struct yz_id *log,
                            int (*fn)(void *arg, const struct yz_segment_row *row), void *arg,
                            struct yz_error *err);

  /* Acknowledgements: the newest line of each writer's log. */
  int (*get_ack)(void *ctx, const struct yz_id *log, struct yz_buf *line, struct yz_error *err);
  int (*put_ack)(void *ctx, const struct yz_id *log, const void *line, size_t n,
                 struct yz_error *err);

  /* Quarantine: the same (hash, rule, log, seq) twice is one entry. Returns 1 when
   * it is new, 0 when it was known, or when the ledger's quarantine holds as much as it may. */
  int (*put_refused)(void *ctx, const struct yz_refused *entry, struct yz_error *err);

  /* At a hub: each invitation of a ledger to fn, which answers 1 to take it (marked as
   * used by `log`), 0 to go on; one that is used is never taken. Returns 1 taken, 0 none. */
  int (*take_invitation)(void *ctx, const struct yz_id *ledger, const struct yz_id *log,
                         int (*fn)(void *arg, const struct yz_invitation *invitation, bool used),
                         void *arg, struct yz_error *err);
};

#endif
