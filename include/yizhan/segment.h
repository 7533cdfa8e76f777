/* Segments, batches, keys files, acknowledgements and their paths: FORMAT.md
 * §5 to §9. Pure: bytes in, bytes out. */
#ifndef YIZHAN_SEGMENT_H
#define YIZHAN_SEGMENT_H

#include <stdbool.h>
#include <yizhan/record.h>

/* --- segment, §5 ------------------------------------------------------ */

struct yz_segment {
  struct yz_id log;
  int64_t first, last;
  struct yz_hash prev, end; /* ids before the first and of the last */
  struct yz_sig sig;
  size_t n;
  struct yz_record records[YZ_MAX_SEGMENT_RECORDS]; /* point into the bytes read */
  struct yz_hash ids[YZ_MAX_SEGMENT_RECORDS];       /* as the chain gives them */
};
/* Reads and checks form, places and chain (rules segment.syntax,
 * segment.version, segment.chain), not the signatures. On failure *rule names
 * the rule. YZ_E_FORMAT, YZ_E_LIMIT, YZ_E_VERSION. */
int yz_segment_read(const char *bytes, size_t len, struct yz_segment *out, const char **rule,
                    struct yz_error *err) YZ_MUST_CHECK;
bool yz_segment_signed(const struct yz_segment *s, const struct yz_key *node);
/* The header and the closing line that a segment of these bounds has. */
int yz_segment_header(const struct yz_id *log, int64_t first, const struct yz_hash *prev,
                      struct yz_buf *out) YZ_MUST_CHECK;
int yz_segment_closing(const struct yz_id *log, int64_t first, const struct yz_hash *prev,
                       const struct yz_place *end, const struct yz_secret *node_seed,
                       struct yz_buf *out) YZ_MUST_CHECK;

/* --- batch, §6 -------------------------------------------------------- */

struct yz_content {
  char audience[YZ_MAX_AUDIENCE + 1];
  unsigned char key[YZ_CONTENT_KEY_LEN];
  const char *bytes; /* the content object */
  size_t len;
  json_t *json; /* the same, parsed, where whoever checked it had to; NULL: it was not */
};
void yz_content_hash(const struct yz_content *c, struct yz_hash *out);

/* Seals items (each one as §6's `item`, appended by yz_batch_item) into a batch
 * file under batch_key with the given nonce. */
int yz_batch_item(struct yz_buf *items, int64_t seq, const struct yz_content *c) YZ_MUST_CHECK;
int yz_batch_seal(const struct yz_id *log, int64_t first, int64_t last, const char *audience,
                  const struct yz_buf *items, const unsigned char batch_key[YZ_BATCH_KEY_LEN],
                  const unsigned char nonce[YZ_NONCE_LEN], struct yz_buf *out) YZ_MUST_CHECK;
/* Opens one; its header must say exactly these bounds. items: the unpacked
 * bytes. YZ_E_FORMAT, YZ_E_LIMIT (unpacks to more than it may), YZ_E_KEY. */
int yz_batch_open(const void *bytes, size_t len, const struct yz_id *log, int64_t first,
                  int64_t last, const char *audience,
                  const unsigned char batch_key[YZ_BATCH_KEY_LEN], struct yz_buf *items,
                  struct yz_error *err) YZ_MUST_CHECK;
/* The next item at *at (advanced past it): 1 one was read (out points into
 * items), 0 at the end, YZ_E_FORMAT. */
int yz_batch_next(const struct yz_buf *items, size_t *at, int64_t *seq, struct yz_content *out,
                  struct yz_error *err) YZ_MUST_CHECK;

/* --- keys file, §7 ---------------------------------------------------- */

/* The keys file of a segment: wraps the key of its batch for this audience to each receiver.
 * before: the file as it was, of which what it says of other audiences is kept; NULL: none. */
int yz_keys_write(const struct yz_id *log, int64_t first, const struct yz_buf *before,
                  const char *audience, const unsigned char batch_key[YZ_BATCH_KEY_LEN],
                  const struct yz_key *receivers, size_t n, struct yz_buf *out,
                  struct yz_error *err) YZ_MUST_CHECK;
/* The batch key for the holder of box, from a keys file for these bounds.
 * YZ_E_FORMAT; YZ_E_KEY: not wrapped to us, or does not open. */
int yz_keys_read(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                 const char *audience, const struct yz_secret *box,
                 unsigned char batch_key[YZ_BATCH_KEY_LEN], struct yz_error *err) YZ_MUST_CHECK;
/* Of a keys file for these bounds the part for this audience, to be kept where its key is not
 * known here; NULL: it has none, or is no keys file for them. The caller drops it. */
json_t *yz_keys_part(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                     const char *audience);
/* A keys file of this part alone. */
int yz_keys_keep(const struct yz_id *log, int64_t first, const char *audience, const json_t *part,
                 struct yz_buf *out, struct yz_error *err) YZ_MUST_CHECK;
/* Marks those of the receivers whom a keys file for these bounds names; one that has not
 * the form of a keys file names nobody. */
void yz_keys_mark(const char *bytes, size_t len, const struct yz_id *log, int64_t first,
                  const char *audience, const struct yz_key *receivers, size_t n, bool *named);
int yz_epoch_write(const struct yz_id *log, int64_t n, struct yz_buf *out) YZ_MUST_CHECK;
int yz_epoch_read(const char *bytes, size_t len, const struct yz_id *log, int64_t *n,
                  struct yz_error *err) YZ_MUST_CHECK;

/* --- acknowledgement, §8 ---------------------------------------------- */

struct yz_exception {
  struct yz_id log;
  int64_t seq;
  bool refused; /* else waiting */
  char rule[32];
};
struct yz_ack_head {
  struct yz_id log;
  struct yz_place at;
};
/* What a node says of itself: its program's version, printable ASCII, and how much room its disk
 * has, by class ("ok", "low", "full"). "": nothing. */
enum { YZ_MAX_PROGRAM = 31, YZ_MAX_DISK = 7 };
struct yz_condition {
  char program[YZ_MAX_PROGRAM + 1], disk[YZ_MAX_DISK + 1];
};
struct yz_ack {
  struct yz_id log; /* the writer's */
  int64_t n, time_ms;
  struct yz_place head; /* the writer's own log */
  struct yz_ack_head *heads;
  size_t n_heads;
  struct yz_exception *except;
  size_t n_except;
  struct yz_condition condition; /* one of another form is read as nothing */
};
void yz_ack_finish(struct yz_ack *a);
int yz_ack_write(const struct yz_ack *a, const struct yz_secret *node_seed, struct yz_buf *line,
                 struct yz_error *err) YZ_MUST_CHECK;
/* node: whose signature must hold. YZ_E_FORMAT, YZ_E_LIMIT, YZ_E_SIGNATURE. */
int yz_ack_read(const char *line, size_t len, const struct yz_key *node, struct yz_ack *out,
                struct yz_error *err) YZ_MUST_CHECK;

/* --- paths, §9 -------------------------------------------------------- */

enum { YZ_MAX_PATH = 100 };
/* "4/1/2/3/1234" + "." + ending. */
void yz_path_of(int64_t first, const char *ending, char out[static YZ_MAX_PATH]);
/* The reverse: false unless path is exactly what yz_path_of gives for some
 * first and ending; ending points into path. */
bool yz_path_read(const char *path, int64_t *first, const char **ending);
/* What belongs to another log's segment: that log's id + "/" + path. In a keys/ branch its keys
 * file ("json"), in the hub's log/ a batch in place of its own. */
void yz_path_of_other(const struct yz_id *log, int64_t first, const char *ending,
                      char out[static YZ_MAX_PATH]);
bool yz_path_read_other(const char *path, struct yz_id *log, int64_t *first, const char **ending);

#endif
