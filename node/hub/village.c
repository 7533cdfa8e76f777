#include "hub.h"

#include <stdlib.h>
#include <string.h>

#include "../ledgers.h"

static bool means(const struct yz_ledger_row *row, const char *text, const char *code) {
  char id[YZ_ID_HEX + 1];
  yz_to_hex(row->id.bytes, YZ_ID_LEN, id);
  return (code[0] != '\0' && strcmp(row->code, code) == 0) || strcmp(row->name, text) == 0 ||
         strcmp(id, text) == 0;
}

int hub_is_succeeded(struct node *n, bool *is, struct yz_error *err) {
  static const struct yz_id none;
  struct yz_ledger_row *rows = NULL;
  size_t count = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  *is = false;
  /* Where this hub has no log yet it is about to become the successor itself. */
  for (size_t i = 0; i < count; i++)
    *is |= !yz_equal(&rows[i].own, &none, YZ_ID_LEN) &&
           !yz_equal(&rows[i].hub, &n->station.key, YZ_KEY_LEN);
  free(rows);
  return rc;
}

int hub_check_present(struct node *n, struct yz_error *err) {
  bool is;
  int rc = hub_is_succeeded(n, &is, err);
  if (rc != 0 || !is) return rc;
  return yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Another hub was named this one's successor with the recovery key; what is "
                       "written here counts no more. Work there."),
                 "%s", n->dir);
}

bool hub_is_own(const struct node *n, const struct yz_ledger_row *row) {
  return strcmp(row->code, n->code) == 0;
}

int hub_own_ledger(struct node *n, struct yz_ledger_row *row, struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0, i = 0;
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc != 0) return rc;
  while (i < count && !hub_is_own(n, &rows[i])) i++;
  if (i < count)
    *row = rows[i];
  else
    rc = hub_make_ledger(n, n->name, n->code, row, err);
  free(rows);
  return rc;
}

/* None is called so today: whose code was it? */
static int none_called(struct node *n, const char *text, const char *code, bool own_too,
                       struct yz_error *err) {
  struct yz_ledger_row row;
  bool former = false;
  int rc = code[0] != '\0' ? hub_find_former(n, code, &row, &former, err) : 0;
  if (rc != 0) return rc;
  if (former && (own_too || !hub_is_own(n, &row)))
    return yz_fail(err, YZ_E_NOT_FOUND,
                   YZ_N_("This was the code of the village that follows. Name it by the code that "
                         "it has now."),
                   "%s: %s (%s)", code, row.name, row.code);
  return yz_fail(err, YZ_E_NOT_FOUND,
                 YZ_N_("This hub has no such village; `yizhan hub villages` lists them."), "%s",
                 text);
}

static int find(struct node *n, const char *text, bool own_too, struct yz_ledger_row *out,
                struct yz_error *err) {
  struct yz_ledger_row *rows = NULL;
  size_t count = 0, found = 0;
  char code[9] = "";
  int rc = node_ledgers(n, &rows, &count, err);
  if (rc != 0) return rc;
  if (!number_code(text, code)) code[0] = '\0';
  for (size_t i = 0; i < count; i++)
    if ((own_too || !hub_is_own(n, &rows[i])) && means(&rows[i], text, code)) {
      *out = rows[i];
      found++;
    }
  free(rows);
  if (found == 0) return none_called(n, text, code, own_too, err);
  if (found > 1)
    return yz_fail(err, YZ_E_INPUT,
                   YZ_N_("More than one village is called so; say its code instead."), "%s", text);
  return 0;
}

int hub_find_village(struct node *n, const char *text, struct yz_ledger_row *out,
                     struct yz_error *err) {
  return find(n, text, false, out, err);
}

int hub_find_ledger(struct node *n, const char *text, struct yz_ledger_row *out,
                    struct yz_error *err) {
  return find(n, text, true, out, err);
}

int hub_check_administrator(struct node *n, const struct yz_id *ledger, const struct yz_key *worker,
                            struct yz_error *err) {
  struct yz_roster *roster = NULL;
  int rc = yz_station_roster(&n->station, ledger, &roster, err);
  if (rc != 0) return rc;
  if ((yz_roster_roles(roster, worker) & YZ_ROLE_ADMINISTRATOR) == 0)
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Only an administrator of the hub may do this; say who you are with --as."),
                 NULL);
  yz_roster_destroy(roster);
  return rc;
}

int hub_check_first_worker(struct node *n, const struct yz_key *who, struct yz_error *err) {
  struct kept_worker *kept = NULL;
  size_t count = 0;
  int rc = node_kept_workers(n, &kept, &count, err);
  if (rc == 0 && (count == 0 || !yz_equal(&kept[0].key, who, YZ_KEY_LEN)))
    rc = yz_fail(err, YZ_E_REFUSED,
                 YZ_N_("Only an administrator of the hub may do this; say who you are with --as."),
                 NULL);
  free(kept);
  return rc;
}
