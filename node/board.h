/* The township's notices as they hang at a node, and at a hub who has received each. */
#ifndef YIZHAN_NODE_BOARD_H
#define YIZHAN_NODE_BOARD_H

#include "notices.h"

struct board {
  struct node *n;
  struct notice *notices; /* newest first */
  size_t n_notices;
  struct notice_village *villages; /* at a hub */
  size_t n_villages;
};
/* finish is good after a failure too. */
int board_load(struct board *b, struct node *n, struct yz_error *err) YZ_MUST_CHECK;
void board_finish(struct board *b);

/* How many villages have received it, of how many. */
size_t board_received(const struct board *b, const struct notice *notice, size_t *of);
/* What its author is called; appended. */
int board_author(const struct board *b, const struct notice *notice, struct yz_buf *out,
                 struct yz_error *err) YZ_MUST_CHECK;
/* The object that "notice list" has for it, or whole that of "notice show"; new reference. */
int board_notice(const struct board *b, const struct notice *notice, bool whole, json_t **out,
                 struct yz_error *err) YZ_MUST_CHECK;

#endif
