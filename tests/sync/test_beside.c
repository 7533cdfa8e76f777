/* Round trips and limits of what lies beside segments: batches, keys files, epochs,
 * acknowledgements, paths, invitations. That what breaks a rule is refused, the
 * vectors show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static struct sample ours, hubs, others;
static const unsigned char batch_key[YZ_BATCH_KEY_LEN] = {1, 2, 3};
static const unsigned char nonce[YZ_NONCE_LEN] = {4};

static int start(void **state) {
  (void)state;
  sample_init(&ours, 'o');
  sample_init(&hubs, 'h');
  sample_init(&others, 'x');
  return 0;
}

static int stop(void **state) {
  (void)state;
  sample_finish(&ours);
  sample_finish(&hubs);
  sample_finish(&others);
  return 0;
}

/* --- batches ---------------------------------------------------------- */

static int open_batch(const struct yz_buf *file, char log, int64_t first, int64_t last,
                      const char *audience, const unsigned char *key, struct yz_buf *items) {
  const struct yz_id id = sample_id(log);
  yz_buf_clear(items);
  return yz_batch_open(file->data, file->len, &id, first, last, audience, key, items, NULL);
}

static void a_batch_sealed_opens(void **state) {
  const struct yz_id log = sample_id('l');
  struct yz_content one = {.key = {1}, .bytes = "{\"a\":1}", .len = 7}, read;
  struct yz_content two = {.key = {2}, .bytes = "{}", .len = 2};
  struct yz_buf items = {0}, file = {0}, opened = {0};
  struct yz_hash hash, expected;
  unsigned char wrong[YZ_BATCH_KEY_LEN] = {9};
  size_t at = 0;
  int64_t seq;
  (void)state;
  assert_int_equal(yz_batch_item(&items, 7, &one), 0);
  assert_int_equal(yz_batch_item(&items, 9, &two), 0);
  assert_int_equal(yz_batch_seal(&log, 7, 9, "village", &items, batch_key, nonce, &file), 0);
  assert_int_equal(open_batch(&file, 'l', 7, 9, "village", batch_key, &opened), 0);
  assert_int_equal(yz_batch_next(&opened, &at, &seq, &read, NULL), 1);
  assert_int_equal(seq, 7);
  assert_int_equal(read.len, 7);
  assert_memory_equal(read.bytes, one.bytes, 7);
  yz_content_hash(&read, &hash);
  yz_hmac(one.key, sizeof one.key, "{\"a\":1}", 7, &expected);
  assert_memory_equal(&hash, &expected, sizeof hash);
  assert_int_equal(yz_batch_next(&opened, &at, &seq, &read, NULL), 1);
  assert_int_equal(seq, 9);
  assert_int_equal(yz_batch_next(&opened, &at, &seq, &read, NULL), 0);

  assert_int_equal(open_batch(&file, 'm', 7, 9, "village", batch_key, &opened), YZ_E_FORMAT);
  assert_int_equal(open_batch(&file, 'l', 6, 9, "village", batch_key, &opened), YZ_E_FORMAT);
  assert_int_equal(open_batch(&file, 'l', 7, 10, "village", batch_key, &opened), YZ_E_FORMAT);
  assert_int_equal(open_batch(&file, 'l', 7, 9, "hub", batch_key, &opened), YZ_E_FORMAT);
  assert_int_equal(open_batch(&file, 'l', 7, 9, "village", wrong, &opened), YZ_E_KEY);
  yz_buf_finish(&items);
  yz_buf_finish(&file);
  yz_buf_finish(&opened);
}

/* Spaces, sealed and opened again. */
static int open_large(size_t size) {
  const struct yz_id log = sample_id('l');
  struct yz_buf items = {0}, file = {0}, opened = {0};
  char *spaces = malloc(size);
  memset(spaces, ' ', size);
  assert_int_equal(yz_buf_append(&items, spaces, size), 0);
  assert_int_equal(yz_batch_seal(&log, 1, 1, "village", &items, batch_key, nonce, &file), 0);
  assert_true(file.len < size / 100);
  int rc = open_batch(&file, 'l', 1, 1, "village", batch_key, &opened);
  if (rc == 0) assert_int_equal(opened.len, size);
  assert_true(opened.len <= YZ_MAX_BATCH_PLAIN);
  yz_buf_finish(&items);
  yz_buf_finish(&file);
  yz_buf_finish(&opened);
  free(spaces);
  return rc;
}

static void a_batch_unpacks_to_8_mib(void **state) {
  struct yz_buf large = {0};
  (void)state;
  assert_int_equal(open_large(YZ_MAX_BATCH_PLAIN), 0);
  assert_int_equal(open_large(YZ_MAX_BATCH_PLAIN + 1), YZ_E_LIMIT);
  assert_int_equal(open_large(10 * YZ_MAX_BATCH_PLAIN), YZ_E_LIMIT);
  large.len = YZ_MAX_BATCH + 1;
  large.data = calloc(1, large.len);
  struct yz_buf opened = {0};
  assert_int_equal(open_batch(&large, 'l', 1, 1, "village", batch_key, &opened), YZ_E_LIMIT);
  yz_buf_finish(&large);
}

static int next_item(const char *text, size_t len) {
  struct yz_buf items = {0};
  struct yz_content content;
  size_t at = 0;
  int64_t seq;
  assert_int_equal(yz_buf_append(&items, text, len), 0);
  int rc = yz_batch_next(&items, &at, &seq, &content, NULL);
  yz_buf_finish(&items);
  return rc;
}

static void items_have_their_form(void **state) {
  static const char good[] = "[1,\"00112233445566778899aabbccddeeff\",{}]\n";
  (void)state;
  assert_int_equal(next_item(good, sizeof good - 1), 1);
  for (size_t len = 1; len < sizeof good - 1; len++)
    assert_int_equal(next_item(good, len), YZ_E_FORMAT);
  size_t room = YZ_MAX_CONTENT + 100;
  char *text = malloc(room);
  for (int over = 0; over < 2; over++) {
    int pad = YZ_MAX_CONTENT - 8 + over; /* {"a":"…"} is 8 longer */
    int n =
        snprintf(text, room, "[1,\"00112233445566778899aabbccddeeff\",{\"a\":\"%0*d\"}]\n", pad, 0);
    assert_int_equal(next_item(text, (size_t)n), over ? YZ_E_FORMAT : 1);
  }
  free(text);
}

/* --- keys ------------------------------------------------------------- */

static int read_keys(const struct yz_buf *file, const struct sample *who, char log, int64_t first,
                     const char *audience) {
  const struct yz_id id = sample_id(log);
  unsigned char key[YZ_BATCH_KEY_LEN] = {0};
  int rc = yz_keys_read((char *)file->data, file->len, &id, first, audience, who->box, key, NULL);
  if (rc == 0) assert_memory_equal(key, batch_key, sizeof key);
  return rc;
}

static void keys_are_for_their_receivers(void **state) {
  const struct yz_id log = sample_id('l');
  const struct yz_key receivers[] = {ours.box_key, hubs.box_key};
  const struct yz_key nobody = {{0}};
  struct yz_buf file = {0}, none = {0};
  (void)state;
  assert_int_equal(yz_keys_write(&log, 12, NULL, "village", batch_key, receivers, 2, &file, NULL),
                   0);
  assert_int_equal(read_keys(&file, &ours, 'l', 12, "village"), 0);
  assert_int_equal(read_keys(&file, &hubs, 'l', 12, "village"), 0);
  assert_int_equal(read_keys(&file, &others, 'l', 12, "village"), YZ_E_KEY);
  assert_int_equal(read_keys(&file, &ours, 'l', 12, "hub"), YZ_E_KEY);
  assert_int_equal(read_keys(&file, &ours, 'm', 12, "village"), YZ_E_FORMAT);
  assert_int_equal(read_keys(&file, &ours, 'l', 13, "village"), YZ_E_FORMAT);
  assert_int_equal(yz_keys_write(&log, 12, NULL, "village", batch_key, &nobody, 1, &none, NULL),
                   YZ_E_KEY);
  yz_buf_finish(&none);
  assert_int_equal(yz_keys_write(&log, 12, NULL, "village", batch_key, NULL, 0, &none, NULL), 0);
  assert_int_equal(read_keys(&none, &ours, 'l', 12, "village"), YZ_E_KEY);
  file.len = YZ_MAX_KEYS_FILE + 1;
  assert_int_equal(yz_keys_read((char *)file.data, file.len, &log, 12, "village", ours.box,
                                (unsigned char[YZ_BATCH_KEY_LEN]){0}, NULL),
                   YZ_E_LIMIT);
  yz_buf_finish(&file);
  yz_buf_finish(&none);
}

static void epochs_are_read_as_written(void **state) {
  static const int64_t numbers[] = {0, 1, 77, YZ_MAX_INT};
  const struct yz_id log = sample_id('l'), other = sample_id('m');
  (void)state;
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct yz_buf file = {0};
    int64_t n = -1;
    assert_int_equal(yz_epoch_write(&log, numbers[i], &file), 0);
    assert_int_equal(yz_epoch_read((char *)file.data, file.len, &log, &n, NULL), 0);
    assert_int_equal(n, numbers[i]);
    assert_int_equal(yz_epoch_read((char *)file.data, file.len, &other, &n, NULL), YZ_E_FORMAT);
    for (size_t len = 0; len < file.len; len++)
      assert_int_equal(yz_epoch_read((char *)file.data, len, &log, &n, NULL), YZ_E_FORMAT);
    yz_buf_finish(&file);
  }
}

/* --- acknowledgements ------------------------------------------------- */

static void an_acknowledgement_is_read_as_written(void **state) {
  struct yz_ack_head heads[] = {{sample_id('a'), {5, {{1}}}}, {sample_id('b'), {0, {{2}}}}};
  struct yz_exception except[] = {{sample_id('a'), 2, false, "author.unknown"},
                                  {sample_id('a'), 3, true, "author.revoked"},
                                  {sample_id('b'), 1, true, "record.syntax"}};
  const struct yz_ack said = {.log = sample_id('l'),
                              .n = 4,
                              .time_ms = 99,
                              .head = {7, {{3}}},
                              .heads = heads,
                              .n_heads = 2,
                              .except = except,
                              .n_except = 3};
  struct yz_buf line = {0};
  struct yz_ack read;
  (void)state;
  assert_int_equal(yz_ack_write(&said, ours.seed, &line, NULL), 0);
  assert_int_equal(yz_ack_read((char *)line.data, line.len, &others.key, &read, NULL),
                   YZ_E_SIGNATURE);
  assert_int_equal(yz_ack_read((char *)line.data, line.len, &ours.key, &read, NULL), 0);
  assert_memory_equal(&read.log, &said.log, sizeof said.log);
  assert_true(read.n == 4 && read.time_ms == 99 && read.head.seq == 7);
  assert_memory_equal(&read.head.id, &said.head.id, sizeof said.head.id);
  assert_int_equal(read.n_heads, 2);
  assert_int_equal(read.n_except, 3);
  for (size_t i = 0; i < 2; i++) {
    assert_memory_equal(&read.heads[i].log, &heads[i].log, sizeof heads[i].log);
    assert_int_equal(read.heads[i].at.seq, heads[i].at.seq);
    assert_memory_equal(&read.heads[i].at.id, &heads[i].at.id, YZ_HASH_LEN);
  }
  for (size_t i = 0; i < 3; i++) {
    assert_memory_equal(&read.except[i].log, &except[i].log, sizeof except[i].log);
    assert_int_equal(read.except[i].seq, except[i].seq);
    assert_int_equal(read.except[i].refused, except[i].refused);
    assert_string_equal(read.except[i].rule, except[i].rule);
  }
  yz_ack_finish(&read);
  yz_buf_finish(&line);
}

static void an_acknowledgement_holds_256_kib(void **state) {
  struct yz_ack read, said = {.log = sample_id('l'), .n = 1, .n_heads = 3000};
  struct yz_buf line = {0};
  (void)state;
  said.heads = calloc(said.n_heads, sizeof *said.heads);
  for (size_t i = 0; i < said.n_heads; i++) memcpy(said.heads[i].log.bytes, &i, sizeof i);
  assert_int_equal(yz_ack_write(&said, ours.seed, &line, NULL), 0);
  assert_true(line.len > YZ_MAX_ACK);
  assert_int_equal(yz_ack_read((char *)line.data, line.len, &ours.key, &read, NULL), YZ_E_LIMIT);
  yz_buf_clear(&line);
  said.n_heads = 2200;
  assert_int_equal(yz_ack_write(&said, ours.seed, &line, NULL), 0);
  assert_int_equal(yz_ack_read((char *)line.data, line.len, &ours.key, &read, NULL), 0);
  assert_int_equal(read.n_heads, 2200);
  yz_ack_finish(&read);
  yz_buf_finish(&line);
  free(said.heads);
}

/* --- paths ------------------------------------------------------------ */

static void check_path(int64_t first) {
  char path[YZ_MAX_PATH];
  const char *ending;
  int64_t read;
  yz_path_of(first, "village", path);
  assert_true(yz_path_read(path, &read, &ending));
  assert_int_equal(read, first);
  assert_string_equal(ending, "village");
}

static void paths_are_read_as_written(void **state) {
  (void)state;
  for (int64_t n = 1; n < 20000; n++) check_path(n);
  for (int64_t n = 10; n < YZ_MAX_INT; n *= 10) {
    check_path(n - 1);
    check_path(n);
  }
  check_path(YZ_MAX_INT);
}

/* --- invitations ------------------------------------------------------ */

static void an_invitation_is_read_as_written(void **state) {
  struct yz_invitation said = {.township = "青山\"镇\n",
                               .village = "河口",
                               .code = "HK",
                               .letter = "B",
                               .ledger = sample_id('l'),
                               .url = "https://hub.invalid/",
                               .hub = hubs.key,
                               .box = hubs.box_key,
                               .recovery = {{7}},
                               .word = {8}},
                       read;
  struct yz_buf file = {0};
  (void)state;
  assert_int_equal(yz_invitation_write(&said, &file), 0);
  assert_int_equal(yz_invitation_read((char *)file.data, file.len, &read, NULL), 0);
  assert_memory_equal(&read, &said, sizeof said);
  for (size_t len = 0; len + 1 < file.len; len++)
    assert_true(yz_invitation_read((char *)file.data, len, &read, NULL) < 0);
  char *large = malloc(YZ_MAX_INVITATION + 1);
  memset(large, ' ', YZ_MAX_INVITATION + 1);
  memcpy(large, file.data, file.len);
  assert_int_equal(yz_invitation_read(large, YZ_MAX_INVITATION, &read, NULL), 0);
  assert_int_equal(yz_invitation_read(large, YZ_MAX_INVITATION + 1, &read, NULL), YZ_E_LIMIT);
  free(large);
  yz_buf_finish(&file);
}

static void a_join_proof_is_of_all_it_names(void **state) {
  const unsigned char word[16] = {1}, word2[16] = {2};
  const struct yz_id log = sample_id('l'), log2 = sample_id('m');
  const struct yz_key workers[] = {ours.key, others.key}, swapped[] = {others.key, ours.key};
  struct yz_hash proof, other[7];
  (void)state;
  yz_join_mac(word, &ours.key, &log, &hubs.key, workers, 2, &proof);
  yz_join_mac(word2, &ours.key, &log, &hubs.key, workers, 2, &other[0]);
  yz_join_mac(word, &others.key, &log, &hubs.key, workers, 2, &other[1]);
  yz_join_mac(word, &ours.key, &log2, &hubs.key, workers, 2, &other[2]);
  yz_join_mac(word, &ours.key, &log, &others.key, workers, 2, &other[3]);
  yz_join_mac(word, &ours.key, &log, &hubs.key, workers, 1, &other[4]);
  yz_join_mac(word, &ours.key, &log, &hubs.key, swapped, 2, &other[5]);
  yz_join_mac(word, &ours.key, &log, &hubs.key, NULL, 0, &other[6]);
  for (size_t i = 0; i < sizeof other / sizeof *other; i++)
    assert_memory_not_equal(&proof, &other[i], sizeof proof);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_sealed_opens),
      cmocka_unit_test(a_batch_unpacks_to_8_mib),
      cmocka_unit_test(items_have_their_form),
      cmocka_unit_test(keys_are_for_their_receivers),
      cmocka_unit_test(epochs_are_read_as_written),
      cmocka_unit_test(an_acknowledgement_is_read_as_written),
      cmocka_unit_test(an_acknowledgement_holds_256_kib),
      cmocka_unit_test(paths_are_read_as_written),
      cmocka_unit_test(an_invitation_is_read_as_written),
      cmocka_unit_test(a_join_proof_is_of_all_it_names),
  };
  return cmocka_run_group_tests(tests, start, stop);
}
