#include "practice.h"

#include <stdio.h>
#include <string.h>

#include "alone.h"
#include "casework.h"
#include "registry.h"

#define VILLAGE "练习村 Practice village"
#define WORKER "练习 Practice"
#define CODE "LX"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* Everybody in it is clearly nobody. */
static const struct sample {
  int days; /* ago */
  const char *title, *text, *resident, *place, *category;
  const char *done, *result; /* NULL: not yet */
} samples[] = {
    {60, "示例：屋顶漏雨 Sample: the roof leaks", "练习用。For practice.", "示例村民甲 Sample A",
     "示例路1号 1 Sample Road", "住房 Housing", NULL, NULL},
    {10, "示例：开证明 Sample: a certificate", "练习用。For practice.", "示例村民乙 Sample B",
     "示例路2号 2 Sample Road", "证明 Papers", "已开好 Written", "satisfied"},
    {7, "示例：夜里太吵 Sample: noise at night", "练习用。For practice.", "示例村民丙 Sample C",
     "示例路3号 3 Sample Road", "环境 Surroundings", "谈过 Talked with them", "dissatisfied"},
    {5, "示例：水沟堵了 Sample: a blocked ditch", "练习用。For practice.", "示例村民丁 Sample D",
     "示例路4号 4 Sample Road", "水利 Water", "已疏通 Cleared", NULL},
    {2, "示例：路灯不亮 Sample: a street lamp is out", "练习用。For practice.",
     "示例村民戊 Sample E", "示例路口 Sample crossing", "道路 Roads", NULL, NULL},
    {1, "示例：路灯又不亮 Sample: the street lamp again", "练习用。For practice.",
     "示例村民己 Sample F", "示例路口 Sample crossing", "道路 Roads", NULL, NULL},
};
static const char *const homes[][2] = {{"示例户甲 Sample A", "示例路1号 1 Sample Road"},
                                       {"示例户乙 Sample B", "示例路2号 2 Sample Road"}};

int practice_is(struct node *n, bool *out, struct yz_error *err) {
  struct yz_buf value = {0};
  int rc = store_get_setting(n->store, "practice", &value, err);
  yz_buf_finish(&value);
  *out = rc == 0;
  return rc == YZ_E_NOT_FOUND ? 0 : rc;
}

char *practice_folder(const char *dir) {
  char *out = NULL;
  size_t n = strlen(dir);
  while (n > 1 && dir[n - 1] == '/') n--;
  return asprintf(&out, "%.*s-practice", (int)n, dir) < 0 ? NULL : out;
}

/* --- what is there ---------------------------------------------------------- */

static int add_case(struct node *n, const struct signer *who, const struct sample *s,
                    struct yz_error *err) {
  struct casework_move then[CASEWORK_SOLVING];
  struct casework_made made;
  struct casework_move m = {.move = CASE_OPEN,
                            .content = json_pack("{s:s,s:s,s:s,s:s,s:s}", "title", s->title, "text",
                                                 s->text, "resident", s->resident, "place",
                                                 s->place, "category", s->category),
                            .at_ms = n->world->now_ms(n->world->ctx) - (int64_t)s->days * DAY_MS};
  m.ok = m.content != NULL;
  if (s->done != NULL) casework_solve(&m, s->done, s->result, NULL, then);
  int rc = casework_make(n, who, NULL, &m, &made, err);
  casework_drop(&m);
  return rc;
}

static int add_home(struct node *n, const struct signer *who, const char *const home[static 2],
                    struct yz_error *err) {
  struct yz_hash record;
  json_t *content = json_pack("{s:s,s:s}", "name", home[0], "place", home[1]);
  const struct registry_entry entry = {
      .type = "household.add", .ledger = n->ledger.id, .content = content, .at_ms = INT64_MIN};
  int rc = content != NULL ? store_begin(n->store, err) : yz_no_memory(err);
  if (rc == 0) rc = store_end(n->store, registry_write(n, who, &entry, &record, err), err);
  json_decref(content);
  return rc;
}

static int fill(struct node *n, struct yz_error *err) {
  struct signer who = {0};
  int rc = signer_unlock(&who, n, WORKER, NULL, err);
  for (size_t i = 0; rc == 0 && i < sizeof samples / sizeof *samples; i++)
    rc = add_case(n, &who, &samples[i], err);
  for (size_t i = 0; rc == 0 && i < sizeof homes / sizeof *homes; i++)
    rc = add_home(n, &who, homes[i], err);
  signer_finish(&who);
  return rc;
}

/* --- the node ------------------------------------------------------------------ */

/* One whose making was cut short is nobody's. */
static int check(struct node *n, const char *dir, bool *begun, struct yz_error *err) {
  bool is = false;
  int rc = practice_is(n, &is, err);
  *begun = true;
  if (rc == 0 && !is) rc = node_is_begun(n, begun, err);
  if (rc != 0 || is || !*begun) return rc;
  return yz_fail(err, YZ_E_EXISTS,
                 YZ_N_("A real node lies where the practice village would be. Name another folder "
                       "with --dir."),
                 "%s", dir);
}

int practice_begin(const char *dir, const struct yz_world *world, struct yz_error *err) {
  struct node n;
  struct yz_error why = {0};
  struct first_worker worker = {.name = WORKER};
  bool begun = false;
  int rc = node_open(&n, dir, world, &why);
  if (rc != 0 && rc != YZ_E_NOT_FOUND)
    return yz_fail(err, why.code, why.message, "%s", why.subject);
  rc = rc == 0 ? check(&n, dir, &begun, err) : 0;
  if (rc == 0 && !begun) {
    node_finish(&n);
    rc = node_begin_alone(&n, dir, world, VILLAGE, CODE, &worker, true, err);
    if (rc == 0) rc = fill(&n, err);
  }
  node_finish(&n);
  return rc;
}
