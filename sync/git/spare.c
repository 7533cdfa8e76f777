/* The way to the hub over https: libgit2's own, but that a push does not ask for branches which the
 * contact has seen already, that the pack can be one of ours, compressed together with what is
 * asked for (the header Content-Encoding: gzip says so), and that what goes up goes in large parts.
 * libgit2 hands over each piece of a pack as it comes from the compressor, and its https makes
 * three TLS records of each. And that nothing is asked twice: libgit2 follows a redirection within
 * the same server, whatever it is told. */
#include <git2/sys/transport.h>
#include <git2/trace.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sync/git/remote.h"

enum { PART = 64 * 1024 };

struct way {
  git_smart_subtransport parent;
  git_smart_subtransport *https;
  struct yz_remote *s;
};

static int no_memory(void) {
  git_error_set_oom();
  return GIT_ERROR;
}

/* --- once ---------------------------------------------------------------------------- */

/* Requests of the action that goes on. libgit2 does not say whose they are. */
static _Thread_local unsigned asked;

bool yz_spare_is_sent_on(void) {
  return asked > 1;
}

/* Before each request. What is sent to a line that is hung up fails. */
static void on_trace(git_trace_level_t level, const char *text) {
  static const char request[] = "Sending ";
  (void)level;
  if (strncmp(text, request, strlen(request)) == 0 && ++asked > 1) yz_wire_hang_up();
}

/* --- what comes down ---------------------------------------------------------------- */

/* An answer, of which no more is taken than `most` bytes beside its pack. */
struct answer {
  git_smart_subtransport_stream *https;
  struct yz_remote *s;
  size_t came, most;
};

/* libgit2 takes what comes as long as it comes, and keeps much of it. */
static int read_some(struct answer *a, char *out, size_t room, size_t *n) {
  int rc = a->https->read(a->https, out, room, n);
  if (rc < 0) return rc;
  a->came += *n;
  if (a->came <= a->most + a->s->received) return 0;
  a->s->too_much = true;
  git_error_set_str(GIT_ERROR_HTTP, "more than there can be");
  return GIT_EUSER;
}

struct bounded {
  git_smart_subtransport_stream parent;
  struct answer a;
};

static int bounded_read(git_smart_subtransport_stream *stream, char *out, size_t room, size_t *n) {
  return read_some(&((struct bounded *)stream)->a, out, room, n);
}

static int bounded_write(git_smart_subtransport_stream *stream, const char *bytes, size_t n) {
  git_smart_subtransport_stream *https = ((struct bounded *)stream)->a.https;
  return https->write(https, bytes, n);
}

static void bounded_free(git_smart_subtransport_stream *stream) {
  struct bounded *b = (struct bounded *)stream;
  b->a.https->free(b->a.https);
  free(b);
}

static int ask_bounded(struct way *w, const char *url, git_smart_service_t what, size_t most,
                       git_smart_subtransport_stream **out) {
  struct bounded *b = calloc(1, sizeof *b);
  if (b == NULL) return no_memory();
  b->a = (struct answer){.s = w->s, .most = most};
  int rc = w->https->action(&b->a.https, w->https, url, what);
  if (rc < 0) {
    free(b);
    return rc;
  }
  b->parent =
      (git_smart_subtransport_stream){&w->parent, bounded_read, bounded_write, bounded_free};
  *out = &b->parent;
  return 0;
}

/* --- the branches, out of what is known --------------------------------------------- */

struct told {
  git_smart_subtransport_stream parent;
  struct yz_buf text;
  size_t at;
};

static int told_read(git_smart_subtransport_stream *stream, char *out, size_t room, size_t *n) {
  struct told *t = (struct told *)stream;
  size_t left = t->text.len - t->at;
  *n = left < room ? left : room;
  memcpy(out, t->text.data + t->at, *n);
  t->at += *n;
  return 0;
}

static int told_write(git_smart_subtransport_stream *stream, const char *bytes, size_t n) {
  (void)stream, (void)bytes, (void)n;
  return GIT_ERROR;
}

static void told_free(git_smart_subtransport_stream *stream) {
  struct told *t = (struct told *)stream;
  yz_buf_finish(&t->text);
  free(t);
}

/* Packet lines, as the server would say them (gitprotocol-http(5)). What is asked for behind the
 * first name are abilities that git has had since before there was a hub. */
static int write_branches(const struct yz_reflist *seen, struct yz_buf *out) {
  static const char able[] = "report-status side-band-64k ofs-delta quiet";
  enum { LENGTH = 4, BETWEEN = 1, NUL = 1 };
  char hex[YZ_OID_HEX + 1];
  int rc = yz_buf_puts(out, "001f# service=git-receive-pack\n0000");
  for (size_t i = 0; rc == 0 && i < seen->n; i++) {
    const char *name = seen->refs[i].name, *more = i == 0 ? able : "";
    size_t n = LENGTH + YZ_OID_HEX + BETWEEN + strlen(name) + (i == 0 ? NUL : 0) + strlen(more);
    rc = yz_buf_printf(out, "%04zx%s %s", n, git_oid_tostr(hex, sizeof hex, &seen->refs[i].tip),
                       name);
    if (rc == 0 && i == 0) rc = yz_buf_append(out, "", NUL);
    if (rc == 0) rc = yz_buf_puts(out, more);
  }
  return rc == 0 ? yz_buf_puts(out, "0000") : rc;
}

static int tell(struct way *w, git_smart_subtransport_stream **out) {
  struct told *t = calloc(1, sizeof *t);
  if (t == NULL) return no_memory();
  t->parent = (git_smart_subtransport_stream){&w->parent, told_read, told_write, told_free};
  *out = &t->parent;
  if (write_branches(w->s->seen, &t->text) == 0) return 0;
  told_free(&t->parent);
  return no_memory();
}

/* --- what goes up ----------------------------------------------------------------------- */

struct upload {
  git_smart_subtransport_stream parent;
  struct answer a;
  const struct yz_buf *pack; /* in the place of libgit2's; NULL: there is none */
  bool gzip;                 /* all is packed once more */
  bool asked;                /* what is asked for has been said; the pack follows */
  struct yz_buf part;
};

/* What is asked for, as libgit2 says it, and that git shall not tell of its progress. That stands
 * behind the zero byte of the first packet, whose length goes before. */
static int ask(struct upload *u, const char *bytes, size_t n) {
  enum { LENGTH = 4 };
  static const char more[] = " quiet";
  size_t name = strnlen(bytes, n) + 1, len;
  char first[LENGTH + 1] = "";
  if (n > LENGTH) memcpy(first, bytes, LENGTH);
  len = strtoul(first, NULL, 16);
  if (len > n || name > len) return yz_buf_append(&u->part, bytes, n);
  int rc = yz_buf_printf(&u->part, "%04zx", len + strlen(more));
  if (rc == 0) rc = yz_buf_append(&u->part, bytes + LENGTH, name - LENGTH);
  if (rc == 0) rc = yz_buf_puts(&u->part, more);
  return rc == 0 ? yz_buf_append(&u->part, bytes + name, n - name) : rc;
}

static int pack_part(struct upload *u) {
  enum { WINDOW = 15, GZIP = 16, MEMORY = 9 };
  z_stream z = {.next_in = u->part.data, .avail_in = (uInt)u->part.len};
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW + GZIP, MEMORY, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    return YZ_E_MEMORY;
  size_t room = deflateBound(&z, (uLong)u->part.len);
  struct yz_buf packed = {.data = malloc(room), .cap = room};
  z.next_out = packed.data;
  z.avail_out = (uInt)room;
  int rc = packed.data == NULL ? Z_MEM_ERROR : deflate(&z, Z_FINISH);
  packed.len = z.total_out;
  (void)deflateEnd(&z);
  if (rc != Z_STREAM_END) {
    yz_buf_finish(&packed);
    return YZ_E_MEMORY;
  }
  yz_buf_finish(&u->part);
  u->part = packed;
  return 0;
}

static int send_part(struct upload *u) {
  git_smart_subtransport_stream *https = u->a.https;
  int rc = u->part.len == 0 ? 0 : https->write(https, (const char *)u->part.data, u->part.len);
  yz_buf_clear(&u->part);
  return rc;
}

/* libgit2 says all that it asks for at once, and then hands over its pack. */
static int upload_write(git_smart_subtransport_stream *stream, const char *bytes, size_t n) {
  struct upload *u = (struct upload *)stream;
  if (u->pack != NULL && u->asked) return 0;
  int rc = u->asked ? yz_buf_append(&u->part, bytes, n) : ask(u, bytes, n);
  if (rc == 0 && u->pack != NULL) rc = yz_buf_append(&u->part, u->pack->data, u->pack->len);
  if (rc == 0 && u->gzip) rc = pack_part(u);
  u->asked = true;
  if (rc != 0) return no_memory();
  return u->part.len < PART ? 0 : send_part(u);
}

static int upload_read(git_smart_subtransport_stream *stream, char *out, size_t room, size_t *n) {
  struct upload *u = (struct upload *)stream;
  int rc = send_part(u);
  return rc < 0 ? rc : read_some(&u->a, out, room, n);
}

static void upload_free(git_smart_subtransport_stream *stream) {
  struct upload *u = (struct upload *)stream;
  u->a.https->free(u->a.https);
  yz_buf_finish(&u->part);
  free(u);
}

static int send_up(struct way *w, const char *url, git_smart_subtransport_stream **out) {
  struct upload *u = calloc(1, sizeof *u);
  if (u == NULL) return no_memory();
  u->a = (struct answer){.s = w->s, .most = YZ_REMOTE_MAX_WORDS};
  int rc = w->https->action(&u->a.https, w->https, url, GIT_SERVICE_RECEIVEPACK);
  if (rc < 0) {
    free(u);
    return rc;
  }
  u->parent = (git_smart_subtransport_stream){&w->parent, upload_read, upload_write, upload_free};
  u->pack = w->s->pack;
  u->gzip = w->s->gzip;
  *out = &u->parent;
  return 0;
}

/* --- the way ------------------------------------------------------------------------------ */

static int on_action(git_smart_subtransport_stream **out, git_smart_subtransport *way,
                     const char *url, git_smart_service_t what) {
  struct way *w = (struct way *)way;
  asked = 0;
  if (what == GIT_SERVICE_RECEIVEPACK_LS && w->s->seen != NULL) return tell(w, out);
  if (what == GIT_SERVICE_RECEIVEPACK) return send_up(w, url, out);
  size_t most = what == GIT_SERVICE_UPLOADPACK ? YZ_REMOTE_MAX_AROUND : YZ_REMOTE_MAX_LIST;
  return ask_bounded(w, url, what, most, out);
}

static int on_close(git_smart_subtransport *way) {
  struct way *w = (struct way *)way;
  return w->https->close(w->https);
}

static void on_free(git_smart_subtransport *way) {
  struct way *w = (struct way *)way;
  w->https->free(w->https);
  free(w);
}

static int make(git_smart_subtransport **out, git_transport *owner, void *remote) {
  struct way *w = calloc(1, sizeof *w);
  if (w == NULL) return no_memory();
  int rc = git_trace_set(GIT_TRACE_DEBUG, on_trace);
  if (rc == 0) rc = git_smart_subtransport_http(&w->https, owner, NULL);
  if (rc < 0) {
    free(w);
    return rc;
  }
  w->parent = (git_smart_subtransport){on_action, on_close, on_free};
  w->s = remote;
  *out = &w->parent;
  return 0;
}

int yz_spare_transport(git_transport **out, git_remote *owner, void *payload) {
  git_smart_subtransport_definition https = {.callback = make, .rpc = 1, .param = payload};
  return git_transport_smart(out, owner, &https);
}
