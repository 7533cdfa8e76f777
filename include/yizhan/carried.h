/* A record of one ledger inside a record of another: FORMAT.md §12, "Carrying". The hub of both
 * vouches that the line counts where it stands; who wrote it and what it says is checked here.
 * Pure. */
#ifndef YIZHAN_CARRIED_H
#define YIZHAN_CARRIED_H

#include <yizhan/record.h>

/* A line as carried. Its bytes lie in `line`, those of the carrying record's JSON. */
struct yz_carried {
  const char *line; /* as signed, without LF */
  size_t line_len;
  struct yz_record record;
  struct yz_hash id;
  struct yz_members members; /* of the line */
  json_t *content;           /* its content object; NULL: none, or not carried */
  bool hub;                  /* written in a log of the hub */
  bool head;                 /* and by one with the role `head` there */
  int64_t ceiling_ms;        /* 0: none */
};
/* Reads what a carrying record holds: json, its record object; content, its content object, NULL
 * where it has none. YZ_E_FORMAT: it carries nothing that counts: the line is none, stands at
 * another place, is not signed by its author, is of another case or area, or carries a line
 * itself; or the content is not the one that was signed. YZ_E_MEMORY. finish frees. */
int yz_carried_read(const json_t *json, const json_t *content, struct yz_carried *out,
                    struct yz_error *err) YZ_MUST_CHECK;
void yz_carried_finish(struct yz_carried *c);

/* Is this the type of a record that carries another? Those are a hub's alone. */
bool yz_carry_type(const char *type);

#endif
