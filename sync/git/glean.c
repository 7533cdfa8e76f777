/* A pack on its way in, looked at while it comes, so that of a fetch that is cut at least the way
 * is known (way.c), and that none is taken which would grow too large (growth.c). */
#include <git2/sys/odb_backend.h>
#include <stdlib.h>
#include <string.h>

#include "sync/git/git.h"

enum { PRIORITY = 9 };

struct gleaning {
  git_odb_backend parent;
  struct yz_way *way; /* may be NULL */
  const char *packs;
};

struct writing {
  git_odb_writepack parent;
  git_indexer *indexer;
  struct yz_inpack *in;
  struct yz_growth *growth;
  struct yz_toil toil;
  git_indexer_progress_cb progress; /* who asked for the pack hears of it too */
  void *payload;
};

static void note(void *way, const void *commit, size_t size) {
  struct yz_commit_head head;
  git_oid id, parent = {{0}};
  if (!yz_commit_head_parse(commit, size, &head) ||
      git_odb_hash(&id, commit, size, GIT_OBJECT_COMMIT) < 0)
    return;
  if (head.n_parents > 0) parent = yz_commit_head_parent(&head, 0);
  if (way != NULL) yz_way_note(way, &id, &parent);
}

static int on_append(git_odb_writepack *pack, const void *bytes, size_t n,
                     git_indexer_progress *stats) {
  struct writing *w = (struct writing *)pack;
  struct yz_error why = {0};
  if (yz_growth_feed(w->growth, bytes, n, &why) != 0) {
    if (why.code == YZ_E_MEMORY)
      git_error_set_oom();
    else
      git_error_set_str(GIT_ERROR_INDEXER, "a pack that would grow too large");
    return GIT_EUSER;
  }
  yz_inpack_feed(w->in, bytes, n);
  return git_indexer_append(w->indexer, bytes, n, stats);
}

static int on_progress(const git_indexer_progress *stats, void *writing) {
  struct writing *w = writing;
  if (yz_toil_is_over(&w->toil)) {
    git_error_set_str(GIT_ERROR_INDEXER, "a pack that would take too long");
    return GIT_EUSER;
  }
  return w->progress != NULL ? w->progress(stats, w->payload) : 0;
}

static int on_commit(git_odb_writepack *pack, git_indexer_progress *stats) {
  struct writing *w = (struct writing *)pack;
  yz_toil_turn(&w->toil);
  return git_indexer_commit(w->indexer, stats);
}

static void on_free(git_odb_writepack *pack) {
  struct writing *w = (struct writing *)pack;
  git_indexer_free(w->indexer);
  yz_inpack_destroy(w->in);
  yz_growth_destroy(w->growth);
  free(w);
}

static int on_writepack(git_odb_writepack **out, git_odb_backend *backend, git_odb *odb,
                        git_indexer_progress_cb progress, void *payload) {
  struct gleaning *g = (struct gleaning *)backend;
  struct writing *w = calloc(1, sizeof *w);
  git_indexer_options how = {
      .version = GIT_INDEXER_OPTIONS_VERSION, .progress_cb = on_progress, .progress_cb_payload = w};
  if (w == NULL || (w->in = yz_inpack_create(note, g->way)) == NULL ||
      (w->growth = yz_growth_create()) == NULL) {
    if (w != NULL) on_free(&w->parent);
    git_error_set_oom();
    return GIT_ERROR;
  }
  w->parent = (git_odb_writepack){
      .backend = backend, .append = on_append, .commit = on_commit, .free = on_free};
  w->progress = progress;
  w->payload = payload;
  yz_toil_begin(&w->toil);
  int rc = git_indexer_new(&w->indexer, g->packs, 0, odb, &how);
  if (rc == 0)
    *out = &w->parent;
  else
    on_free(&w->parent);
  return rc;
}

static void on_end(git_odb_backend *backend) {
  free(backend);
}

int yz_git_glean(git_odb *odb, const char *packs, struct yz_way *way) {
  struct gleaning *g = calloc(1, sizeof *g);
  if (g == NULL) {
    git_error_set_oom();
    return GIT_ERROR;
  }
  int rc = git_odb_init_backend(&g->parent, GIT_ODB_BACKEND_VERSION);
  g->parent.writepack = on_writepack;
  g->parent.free = on_end;
  g->way = way;
  g->packs = packs;
  if (rc == 0) rc = git_odb_add_backend(odb, &g->parent, PRIORITY);
  if (rc < 0) free(g);
  return rc;
}
