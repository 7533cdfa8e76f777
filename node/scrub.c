#include <stdlib.h>

#include "attaching.h"
#include "erase.h"
#include <yizhan/parcel.h>

struct kept {
  const struct node *n;
  const char *folder;
};

static int drop(void *arg, const char *name, bool plain) {
  const struct kept *k = arg;
  char *path = NULL;
  if (!plain) return 0;
  if (asprintf(&path, "%s/%s", k->folder, name) < 0) return YZ_E_MEMORY;
  k->n->world->drop_file(k->n->world->ctx, path);
  free(path);
  return 0;
}

/* Who sent it sends it again, without what was erased. What a copying that was killed left there,
 * too. */
static int drop_kept(const struct node *n, struct yz_error *err) {
  char *folder = node_path(n, "parcels");
  struct kept k = {n, folder};
  int rc =
      folder == NULL ? YZ_E_MEMORY : n->world->each_file(n->world->ctx, folder, drop, &k, NULL);
  free(folder);
  return rc == YZ_E_MEMORY ? yz_no_memory(err) : 0;
}

int node_scrub(struct node *n, struct yz_error *err) {
  bool due = false;
  int rc = attaching_sweep(n, err);
  if (rc == 0) rc = store_scrub_due(n->store, &due, err);
  if (rc == 0 && due) rc = drop_kept(n, err);
  return rc == 0 ? store_scrub(n->store, err) : rc;
}
