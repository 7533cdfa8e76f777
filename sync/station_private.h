/* What the parts of a station share. Writing: append.c, cut.c, publish.c,
 * acknowledge.c. Taking in: ingest.c and what intake.h names, settle.c. Both: exchange.c.
 * Looking: standing.c, audit.c, rebuild.c, union.c. */
#ifndef YIZHAN_SYNC_STATION_PRIVATE_H
#define YIZHAN_SYNC_STATION_PRIVATE_H

#include <yizhan/station.h>

/* Those whom words are sealed to, each by a batch of its own. */
enum audience { FOR_VILLAGE, FOR_TOWNSHIP, AUDIENCES };
const char *audience_name(enum audience audience);
/* Does this node read what is for them? */
bool station_reads(const struct yz_station *st, const char *audience);

enum { REF_ROOM = YZ_MAX_REF + 1 };
extern const char *const station_kinds[YZ_KINDS]; /* "keys", "log", "files" */
/* "refs/heads/" + kind + "/" + log id. */
void station_ref(const char *prefix, const char *kind, const struct yz_id *log,
                 char out[static REF_ROOM]);
/* The log id of such a name; false for any other. */
bool station_ref_log(const char *ref, const char *prefix, const char *kind, struct yz_id *out);

/* Commits of this node's files/ branch for pieces that no commit has brought yet, of about so many
 * bytes, one piece at least. *more: there are others. */
int station_publish_pieces(const struct yz_station *st, struct yz_ledger *git,
                           const struct yz_ledger_row *ledger, int64_t bytes, bool *more,
                           struct yz_error *err) YZ_MUST_CHECK;

/* Ends the open transaction by what came of it: commits when rc is YZ_OK, else takes it
 * back. Returns rc, or why the commit failed. */
int station_end(const struct yz_station *st, int rc, struct yz_error *err) YZ_MUST_CHECK;

/* The log and the kind of a branch of this name; false: it is none. */
bool station_ref_kind(const char *ref, const char *prefix, struct yz_id *log, enum yz_kind *kind);

/* The commit a ref points to, if there is such a ref. */
int station_find_ref(struct yz_ledger *git, const char *ref, struct yz_oid *out, bool *found,
                     struct yz_error *err) YZ_MUST_CHECK;

/* A repository that was removed, or lost what was on its way to the disk, is built
 * again from the store before anything goes on. */
int station_mend(const struct yz_station *st, struct yz_ledger *git,
                 const struct yz_ledger_row *ledger, struct yz_error *err) YZ_MUST_CHECK;

/* Does the repository hold this commit object? */
bool station_has_commit(struct yz_ledger *git, const struct yz_oid *oid);

/* Fills out from a record that was read and, where members is not NULL, parsed;
 * accepted, without contents. Points into the caller's memory. */
void station_stored(struct yz_stored *out, const struct yz_record *record, const struct yz_hash *id,
                    const void *line, size_t line_len, const struct yz_members *members);

/* Lets the clock follow the newest stamp that was taken in. */
int station_clock_seen(const struct yz_station *st, struct yz_stamp newest,
                       struct yz_error *err) YZ_MUST_CHECK;

/* Rights change, or keys came: in the transaction that brings them, so that what they concern is
 * judged anew though the process dies before it does so. ends: rights end. */
int station_mark_unjudged(const struct yz_station *st, const struct yz_id *ledger, bool ends,
                          struct yz_error *err) YZ_MUST_CHECK;
/* Has this node back of a former log of its own what others of the ledger hold of it, as far as
 * they say? Where there is nobody else: yes. */
int station_regained(const struct yz_station *st, const struct yz_ledger_row *ledger,
                     const struct yz_log_row *log, bool *yes, struct yz_error *err) YZ_MUST_CHECK;
/* Is there such a mark, and do rights end? */
int station_unjudged(const struct yz_station *st, const struct yz_id *ledger, bool *any, bool *ends,
                     struct yz_error *err) YZ_MUST_CHECK;
/* Types by which rights end. */
bool station_ends_rights(const char *type);

/* yz_rejudge; where nobody was revoked, only what is not accepted is looked at. */
int station_rejudge(const struct yz_station *st, const struct yz_id *ledger, bool revoked,
                    struct yz_error *err) YZ_MUST_CHECK;

/* A segment file's bytes from the store: header, lines, closing. */
int station_segment_bytes(const struct yz_station *st, const struct yz_segment_row *row,
                          struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;

/* The place of a record that is kept; *out stays as it was where there is none. */
int station_place(const struct yz_station *st, const struct yz_id *log, int64_t seq,
                  struct yz_place *out, struct yz_error *err) YZ_MUST_CHECK;

/* Is a ledger reached at its hub itself, where passes are shown? Pins of other places are not the
 * hub's to say. */
bool station_hubs_road(const struct yz_ledger_row *row);

/* For each_segment: *arg, a struct yz_segment_row, is the first one, without its closing; ends the
 * walk with 1. */
int station_bounds(void *arg, const struct yz_segment_row *row);

/* What lies at a path in the tree of one of a ref's commits, as the store has it: a
 * segment, or a kept file. YZ_E_NOT_FOUND. */
int station_tree_file(const struct yz_station *st, const struct yz_log_row *log, const char *ref,
                      const struct yz_oid *commit, const char *path, struct yz_buf *out,
                      struct yz_error *err) YZ_MUST_CHECK;

/* The contents of one segment's batches as far as this node can open them. */
struct contents {
  struct yz_buf items[AUDIENCES];
  struct yz_content *list; /* point into items */
  int64_t *seqs;
  size_t n;
};
/* Opens one batch of a segment with the first key that opens it: its author's, else one that
 * another node of the ledger wrapped anew. items: unpacked. YZ_E_NOT_FOUND, YZ_E_KEY and
 * YZ_E_FORMAT: none does. */
int contents_unseal(const struct yz_station *st, const struct yz_id *ledger,
                    const struct yz_id *log, int64_t first, int64_t last, enum audience audience,
                    unsigned char key[static YZ_BATCH_KEY_LEN], struct yz_buf *items,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Opens the batches of the segment from the files that the store holds. What does
 * not open is left out: the records then wait. */
int contents_open(const struct yz_station *st, const struct yz_id *ledger, const struct yz_id *log,
                  int64_t first, int64_t last, struct contents *out,
                  struct yz_error *err) YZ_MUST_CHECK;
void contents_finish(struct contents *c);
/* Picks those whose keyed hash is the record's; *rule NULL when all that the record names
 * for this node are there, else content.missing or content.hash. n ≤ YZ_MAX_AUDIENCES.
 * Each is parsed: contents_leave frees that. */
size_t contents_pick(const struct yz_station *st, const struct contents *c, int64_t seq,
                     const struct yz_members *members,
                     struct yz_content out[static YZ_MAX_AUDIENCES], const char **rule);
/* What was parsed of those that were picked is needed no more. */
void contents_leave(struct yz_content *picked, size_t n);

/* Which records of a log have no words any more: erase.c. */
struct erased {
  int64_t *seqs; /* rising; erased_finish frees */
  size_t n;
};
int erased_read(const struct yz_station *st, const struct yz_id *log, struct erased *out,
                struct yz_error *err) YZ_MUST_CHECK;
void erased_finish(struct erased *e);
/* Is one of them within these bounds? */
bool erased_within(const struct erased *e, int64_t first, int64_t last);
/* Do a batch's items hold words of one of them? */
bool erased_held(const struct erased *e, const struct yz_buf *items);

/* The type by which words are erased. */
bool station_erases(const char *type);
/* Words that are erased are not taken in, and not missed: takes them out of a record that is to be
 * stored, and lets it count where it would wait for nothing else. */
int station_leave_erased(const struct yz_station *st, const struct yz_id *ledger,
                         struct yz_stored *record, struct yz_error *err) YZ_MUST_CHECK;
/* Where branches stand that a parcel brought, until they are taken in. */
#define PARCEL_PREFIX "refs/parcel/"

/* git still holds objects that no branch of this ledger reaches any more, keys among them; in an
 * open transaction. */
int station_mark_prune(const struct yz_station *st, const struct yz_id *ledger, bool needed,
                       struct yz_error *err) YZ_MUST_CHECK;
/* Marks so a repository that others push to, where that is many bytes. */
int station_mark_waste(const struct yz_station *st, struct yz_ledger *git,
                       const struct yz_id *ledger, struct yz_error *err) YZ_MUST_CHECK;
/* Removes them where that was marked, and keys of logs that are here which waited in a parcel's
 * branch. */
int station_prune(const struct yz_station *st, struct yz_ledger *git, const struct yz_id *ledger,
                  struct yz_error *err) YZ_MUST_CHECK;

/* Closes the segment in the making of an own log, with its last record, whose words these are
 * (NULL: they are erased): sealed here, kept nowhere else. In an open transaction. */
int station_cut_now(const struct yz_station *st, const struct yz_ledger_row *ledger,
                    const struct yz_log_row *log, const struct yz_content *words,
                    struct yz_error *err) YZ_MUST_CHECK;

/* Puts this node's acknowledgement of the ledger's other logs into the store, to be
 * committed with the next commit of its log, when it says something new (or when
 * records were cut, so that its head is theirs). In an open transaction. */
int station_put_ack(const struct yz_station *st, const struct yz_ledger_row *ledger, bool cut,
                    struct yz_error *err) YZ_MUST_CHECK;
/* Believes an acknowledgement found in this log's branch, when it counts. *rule: what it broke. */
int station_take_ack(const struct yz_station *st, const struct yz_log_row *log, const void *line,
                     size_t len, const char **rule, struct yz_error *err) YZ_MUST_CHECK;
/* Commits, by this node's key, what it put into the emptied keys/ of a node that is gone, where no
 * commit has it yet; then moves the ref. */
int station_publish_emptied(const struct yz_station *st, struct yz_ledger *git,
                            const struct yz_log_row *log, struct yz_error *err) YZ_MUST_CHECK;
/* Commits what the store holds for an own log's two branches and no commit has
 * yet; then moves the refs. keys/ first. */
int station_publish_log(const struct yz_station *st, struct yz_ledger *git,
                        const struct yz_log_row *log, struct yz_error *err) YZ_MUST_CHECK;

#endif
