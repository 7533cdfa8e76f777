/* Logs for tests, written by the library itself with sample keys. */
#ifndef YIZHAN_TESTS_SAMPLE_H
#define YIZHAN_TESTS_SAMPLE_H

#include <yizhan/roster.h>

/* A node or worker whose secrets are all one letter. */
struct sample {
  struct yz_secret *seed, *box;
  struct yz_key key, box_key;
};
void sample_init(struct sample *s, char letter);
void sample_finish(struct sample *s);
struct yz_id sample_id(char letter);

/* A log, and the record that was added last. */
struct sample_log {
  const struct sample *node;
  struct yz_id id, ledger, incarnation;
  struct yz_hash hash;
  struct yz_place head; /* of the last record */
  struct yz_buf line;
  struct yz_record record;
  struct yz_members members;
};
void sample_log_init(struct sample_log *log, const struct sample *node, char ledger,
                     char incarnation);
void sample_log_finish(struct sample_log *log);
/* Adds a record of this type; plain: its members, given away; NULL: none. */
void sample_add(struct sample_log *log, const struct sample *author, const char *type,
                json_t *plain);
/* log.begin; hub "" where NULL; continues: another log's head, or NULL. */
void sample_begin(struct sample_log *log, const struct yz_key *hub,
                  const struct sample_log *continues);

/* New references for members of records. */
json_t *sample_hex(const void *bytes, size_t n);
json_t *sample_key_list(const struct sample *const *keys, size_t n);
json_t *sample_place(const struct sample_log *log);

#endif
