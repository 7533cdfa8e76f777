/* A contact with the township, begun from the page, over a link or by a stick. */
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "api_call.h"

enum { ACCEPTED = 202, REFUSED = 409 };

int api_see_contact(struct api_call *c, struct yz_error *err) {
  bool english = api_wants_english(c->request);
  c->said = contact_state(c->api->contact, english, c->node.zone);
  return c->said == NULL ? yz_no_memory(err) : 0;
}

static int nothing_said(const struct api_call *c, struct yz_error *err) {
  static const struct api_field none[] = {{0}};
  return api_check(c->body, none, err);
}

static int begin(struct api_call *c, enum contact_kind kind, const char *with,
                 struct yz_error *err) {
  int rc = contact_begin(c->api->contact, kind, with, api_wants_english(c->request), err);
  c->status = rc == 0 ? ACCEPTED : rc == YZ_E_BUSY ? REFUSED : 0;
  return rc == 0 ? api_see_contact(c, err) : rc;
}

int api_contact(struct api_call *c, struct yz_error *err) {
  int rc = nothing_said(c, err);
  return rc == 0 ? begin(c, CONTACT_LINK, NULL, err) : rc;
}

int api_stop_contact(struct api_call *c, struct yz_error *err) {
  int rc = nothing_said(c, err);
  if (rc != 0) return rc;
  contact_stop(c->api->contact);
  c->status = ACCEPTED;
  return api_see_contact(c, err);
}

/* --- sticks -------------------------------------------------------------------- */

/* Over the net nobody reaches into this PC's folders. */
static int check_here(const struct api_call *c, struct yz_error *err) {
  return c->api->o.far
             ? yz_fail(err, YZ_E_REFUSED,
                       YZ_N_("A stick is read and written at the PC that it is put in."), NULL)
             : 0;
}

static bool begins_with_one(const char *text, const char *const *beginnings) {
  for (; *beginnings != NULL; beginnings++)
    if (strncmp(text, *beginnings, strlen(*beginnings)) == 0) return true;
  return false;
}

/* Where desktops and people put sticks, formatted as sticks are. */
static bool is_stick(const struct mntent *mount) {
  static const char *const places[] = {"/media/", "/run/media/", "/mnt/", NULL};
  static const char *const formats[] = {"vfat", "exfat", "ntfs", "fuseblk", "ext", "udf", NULL};
  return begins_with_one(mount->mnt_dir, places) && begins_with_one(mount->mnt_type, formats) &&
         yz_text_ok(mount->mnt_dir, strlen(mount->mnt_dir));
}

int api_sticks(struct api_call *c, struct yz_error *err) {
  struct mntent entry, *found;
  char room[4096];
  int rc = check_here(c, err);
  FILE *mounts = rc == 0 ? setmntent("/proc/self/mounts", "re") : NULL;
  json_t *folders = json_array();
  while (mounts != NULL && (found = getmntent_r(mounts, &entry, room, sizeof room)) != NULL)
    if (is_stick(found)) (void)json_array_append_new(folders, json_string(found->mnt_dir));
  if (mounts != NULL) (void)endmntent(mounts);
  if (rc == 0) c->said = json_pack("{s:O}", "folders", folders);
  json_decref(folders);
  return rc == 0 && c->said == NULL ? yz_no_memory(err) : rc;
}

int api_parcels(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {
      {"do", API_CHOICE, true, "write|read|answer"}, {"folder", API_LINE, true, NULL}, {0}};
  struct stat st;
  enum contact_kind kind = CONTACT_WRITE;
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = check_here(c, err);
  if (rc != 0) return rc;
  const char *folder = api_text(c->body, "folder");
  if (folder[0] != '/' || stat(folder, &st) != 0 || !S_ISDIR(st.st_mode))
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("There is no such folder. Put the stick in, and choose its folder."), "%s",
                   folder);
  while (strcmp(contact_kind_name(kind), api_text(c->body, "do")) != 0) kind++;
  return begin(c, kind, folder, err);
}

/* --- joining ------------------------------------------------------------------- */

int api_join(struct api_call *c, struct yz_error *err) {
  static const struct api_field fields[] = {{"invitation", API_TEXT, true, NULL}, {0}};
  int rc = api_check(c->body, fields, err);
  if (rc == 0) rc = check_here(c, err);
  if (rc == 0 && c->node.hub)
    rc = yz_fail(err, YZ_E_REFUSED, YZ_N_("A village joins; this is the township's hub."), NULL);
  return rc == 0 ? begin(c, CONTACT_JOIN, api_text(c->body, "invitation"), err) : rc;
}
