/* Attachments: photos, scans and sound on a case. Sealed in pieces (yizhan/piece.h) under a key
 * that lies in the record's words, so that whoever reads these reads it, and erasing them erases
 * it. */
#ifndef YIZHAN_NODE_ATTACH_H
#define YIZHAN_NODE_ATTACH_H

#include "casework.h"
#include "tidy.h"

enum {
  ATTACH_MAX = 50 * 1024 * 1024, /* bytes of one */
  ATTACH_MAX_CASE = 100          /* that are added to one case */
};

/* Where it comes from: its name, without or with folders before it, how many bytes it has, and the
 * next n of them (fewer only where it ends). */
struct attach_source {
  const char *name;
  int64_t size;
  int (*read)(void *ctx, void *bytes, size_t n, size_t *got, struct yz_error *err);
  void *ctx;
};
/* Attaches it to a case: sealed piece by piece, flushed, then recorded in a transaction of its own.
 * Its kind is what its first bytes say (sniff.h). *tells: it carries what a camera wrote beside the
 * picture. YZ_E_INPUT: empty, or of no kind that is taken; YZ_E_LIMIT: too large, or too many;
 * YZ_E_FULL: the disk has no room for it beside what casework needs; YZ_E_BUSY: it changed
 * meanwhile; and what casework_make says. */
int attach_to(struct node *n, const struct signer *who, const struct yz_hash *case_id,
              const struct attach_source *source, struct casework_made *out, bool *tells,
              struct yz_error *err) YZ_MUST_CHECK;
/* The same with a file. */
int attach_file(struct node *n, const struct signer *who, const struct yz_hash *case_id,
                const char *path, struct casework_made *out, bool *tells,
                struct yz_error *err) YZ_MUST_CHECK;

/* An attachment as its record says. */
struct attachment {
  char name[TIDY_FILE]; /* made such as a file's may be; "": erased, or not readable here */
  const char *media; /* by its own first bytes, where they are here; else as its writer says; lives
                      * as long as the case; NULL without a name */
  int64_t size;
  size_t pieces, here;
  bool sealed; /* to workers, and none of them is here to open it */
};
/* Is this record of the case an attachment that counts? Then it is in *out. */
bool attachment_read(struct node *n, const struct case_whole *whole, size_t record,
                     struct attachment *out);
/* The record of attachment `number`, from 1, in the case's order; CASE_NO_RECORD: there is none. */
size_t attachment_find(const struct case_whole *whole, size_t number);
/* {"number","name","media","size","pieces","here"}; NULL when memory ran out. */
json_t *attachment_json(const struct attachment *a, size_t number);

/* The attachment again, piece by piece: each is checked before it is given. */
struct attachment_reader;
/* Begins; the node outlives the reader, which the caller closes. YZ_E_NOT_FOUND: not all of it is
 * here yet, or its words are erased. */
int attachment_open(struct node *n, const struct case_whole *whole, size_t record,
                    struct attachment_reader **out, struct yz_error *err) YZ_MUST_CHECK;
/* The next piece, *len bytes of it, valid until the next call; 0 after the last. YZ_E_DAMAGED. */
int attachment_next(struct attachment_reader *r, const unsigned char **bytes, size_t *len,
                    struct yz_error *err) YZ_MUST_CHECK;
void attachment_close(struct attachment_reader *r); /* NULL allowed */

/* Opens all its pieces, checks them, and writes the file: beside its name, flushed, renamed; never
 * over one that is there (YZ_E_EXISTS). YZ_E_NOT_FOUND: not all of it is here yet, or its words are
 * erased; YZ_E_DAMAGED: it is not what its record says. */
int attachment_save(struct node *n, const struct case_whole *whole, size_t record, const char *path,
                    struct yz_error *err) YZ_MUST_CHECK;

#endif
