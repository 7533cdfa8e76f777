#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <tests/harness/run.h>
#include <tests/harness/tmp.h>
#include <yizhan/crypto.h>

static const char message[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nsegment 1\n";
enum { MESSAGE = sizeof message - 1 };

/* A key that ssh-keygen made, known to both sides. */
struct fixture {
  char *dir;
  char key_path[TMP_PATH], message_path[TMP_PATH], sig_path[TMP_PATH], signers_path[TMP_PATH];
  struct yz_secret *seed;
  struct yz_key key;
  struct yz_buf armour; /* by us, over message */
};

/* The seed out of an unencrypted private key file (PROTOCOL.key), whose parts
 * have fixed lengths for an Ed25519 key: it begins at byte 161. */
static struct yz_secret *seed_from(const char *path) {
  struct yz_buf file = {0};
  char base64[1024];
  unsigned char raw[768];
  size_t n = 0;
  tmp_read(path, &file);
  const char *at = strchr((const char *)file.data, '\n'), *end = strstr(at, "\n-----END");
  for (; at < end; at++)
    if (*at != '\n' && n < sizeof base64) base64[n++] = *at;
  assert_true(yz_from_base64(base64, n, raw, sizeof raw) >= 161 + YZ_SEED_LEN);
  struct yz_secret *seed = yz_secret_create(YZ_SEED_LEN);
  assert_non_null(seed);
  memcpy(seed->bytes, raw + 161, YZ_SEED_LEN);
  yz_buf_finish(&file);
  return seed;
}

static int ssh_keygen(const char *const argv[], const char *in) {
  struct run r = {0};
  run(&r, &(struct run_how){.in = in, .in_len = in ? strlen(in) : 0}, argv);
  run_finish(&r);
  return r.status;
}

static void make_key(const char *path) {
  assert_int_equal(ssh_keygen((const char *[]){"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C",
                                               "", "-f", path, NULL},
                              NULL),
                   0);
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  assert_non_null(f);
  f->dir = tmp_create();
  tmp_join(f->key_path, f->dir, "key");
  tmp_join(f->message_path, f->dir, "message");
  tmp_join(f->sig_path, f->dir, "message.sig");
  tmp_join(f->signers_path, f->dir, "signers");
  make_key(f->key_path);
  tmp_write(f->message_path, message, MESSAGE);
  f->seed = seed_from(f->key_path);
  yz_sign_public(f->seed, &f->key);
  assert_int_equal(yz_sshsig_sign(f->seed, message, MESSAGE, &f->armour), 0);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  yz_buf_finish(&f->armour);
  yz_secret_destroy(f->seed);
  tmp_destroy(f->dir);
  free(f);
  return 0;
}

static bool verifies(const struct fixture *f, const void *armour, size_t len) {
  return yz_sshsig_verify(&f->key, message, MESSAGE, armour, len);
}

/* What ssh-keygen -Y sign makes of message with these options. */
static void let_ssh_sign(const struct fixture *f, const char *key_path, const char *name,
                         const char *hash, struct yz_buf *out) {
  char option[32];
  snprintf(option, sizeof option, "hashalg=%s", hash);
  remove(f->sig_path);
  assert_int_equal(ssh_keygen((const char *[]){"ssh-keygen", "-q", "-Y", "sign", "-n", name, "-O",
                                               option, "-f", key_path, f->message_path, NULL},
                              NULL),
                   0);
  yz_buf_clear(out);
  tmp_read(f->sig_path, out);
}

static void test_public_key_is_as_in_ssh_files(void **state) {
  struct fixture *f = *state;
  struct yz_buf ours = {0}, theirs = {0};
  char path[TMP_PATH];
  tmp_join(path, f->dir, "key.pub");
  tmp_read(path, &theirs);
  assert_int_equal(yz_buf_puts(&ours, "before "), 0);
  assert_int_equal(yz_ssh_public(&f->key, &ours), 0);
  assert_int_equal(ours.len, 7 + 80);
  assert_memory_equal(ours.data, "before ", 7);
  assert_memory_equal(ours.data + 7, theirs.data, 80);
  assert_true(theirs.data[80] == ' ' || theirs.data[80] == '\n');
  yz_buf_finish(&ours);
  yz_buf_finish(&theirs);
}

static void test_we_write_what_ssh_keygen_writes(void **state) {
  struct fixture *f = *state;
  struct yz_buf theirs = {0};
  let_ssh_sign(f, f->key_path, "git", "sha512", &theirs);
  assert_string_equal((const char *)f->armour.data, (const char *)theirs.data);
  assert_true(verifies(f, theirs.data, theirs.len));
  yz_buf_finish(&theirs);
}

static int ssh_keygen_verifies(const struct fixture *f, const char *name, const char *text) {
  return ssh_keygen((const char *[]){"ssh-keygen", "-Y", "verify", "-f", f->signers_path, "-I",
                                     "node", "-n", name, "-s", f->sig_path, NULL},
                    text);
}

static void test_ssh_keygen_verifies_ours(void **state) {
  struct fixture *f = *state;
  struct yz_buf signers = {0};
  assert_int_equal(yz_buf_puts(&signers, "node "), 0);
  assert_int_equal(yz_ssh_public(&f->key, &signers), 0);
  assert_int_equal(yz_buf_puts(&signers, "\n"), 0);
  tmp_write(f->signers_path, signers.data, signers.len);
  tmp_write(f->sig_path, f->armour.data, f->armour.len);
  assert_int_equal(ssh_keygen_verifies(f, "git", message), 0);
  assert_int_not_equal(ssh_keygen_verifies(f, "file", message), 0);
  assert_int_not_equal(ssh_keygen_verifies(f, "git", "something else"), 0);
  assert_int_equal(ssh_keygen((const char *[]){"ssh-keygen", "-Y", "check-novalidate", "-n", "git",
                                               "-s", f->sig_path, NULL},
                              message),
                   0);
  yz_buf_finish(&signers);
}

static void test_other_kinds_of_signature_are_refused(void **state) {
  struct fixture *f = *state;
  struct yz_buf theirs = {0};
  char other_path[TMP_PATH];
  let_ssh_sign(f, f->key_path, "file", "sha512", &theirs);
  assert_false(verifies(f, theirs.data, theirs.len));
  let_ssh_sign(f, f->key_path, "got", "sha512", &theirs); /* as long as ours */
  assert_int_equal(theirs.len, f->armour.len);
  assert_false(verifies(f, theirs.data, theirs.len));
  let_ssh_sign(f, f->key_path, "git", "sha256", &theirs); /* as long as ours */
  assert_int_equal(theirs.len, f->armour.len);
  assert_false(verifies(f, theirs.data, theirs.len));
  tmp_join(other_path, f->dir, "other");
  make_key(other_path);
  let_ssh_sign(f, other_path, "git", "sha512", &theirs);
  assert_int_equal(theirs.len, f->armour.len);
  assert_false(verifies(f, theirs.data, theirs.len));
  yz_buf_finish(&theirs);
}

/* The right armour, under another key or over other bytes. */
static void test_other_keys_and_bytes_are_refused(void **state) {
  struct fixture *f = *state;
  struct yz_key other = f->key;
  const char *armour = (const char *)f->armour.data;
  other.bytes[0] ^= 1;
  assert_true(verifies(f, armour, f->armour.len));
  assert_false(yz_sshsig_verify(&other, message, MESSAGE, armour, f->armour.len));
  assert_false(yz_sshsig_verify(&f->key, message, MESSAGE - 1, armour, f->armour.len));
  assert_false(yz_sshsig_verify(&f->key, "", 0, armour, f->armour.len));
}

static void test_every_byte_of_the_armour_counts(void **state) {
  struct fixture *f = *state;
  for (size_t i = 0; i < f->armour.len; i++) {
    unsigned char was = f->armour.data[i];
    for (int other = 0; other < 256; other += 5) {
      f->armour.data[i] = (unsigned char)(was + other);
      assert_int_equal(verifies(f, f->armour.data, f->armour.len), f->armour.data[i] == was);
    }
    f->armour.data[i] = was;
  }
  for (size_t n = 0; n < f->armour.len; n++) assert_false(verifies(f, f->armour.data, n));
}

static void assert_refused_with(const struct fixture *f, const char *from, const char *to) {
  const char *armour = (const char *)f->armour.data, *at = strstr(armour, from);
  struct yz_buf b = {0};
  assert_non_null(at);
  assert_int_equal(yz_buf_append(&b, armour, (size_t)(at - armour)), 0);
  assert_int_equal(yz_buf_puts(&b, to), 0);
  assert_int_equal(yz_buf_puts(&b, at + strlen(from)), 0);
  assert_false(verifies(f, b.data, b.len));
  yz_buf_finish(&b);
}

static void test_only_our_armour_is_taken(void **state) {
  struct fixture *f = *state;
  assert_refused_with(f, "END SSH SIGNATURE-----\n", "END SSH SIGNATURE-----");
  assert_refused_with(f, "END SSH SIGNATURE-----\n", "END SSH SIGNATURE-----\n\n");
  assert_refused_with(f, "END SSH SIGNATURE-----\n", "END SSH SIGNATURE-----\nx");
  assert_refused_with(f, "-----BEGIN", "\n-----BEGIN");
  assert_refused_with(f, "BEGIN SSH SIGNATURE-----\n", "BEGIN SSH SIGNATURE-----\r\n");
  assert_refused_with(f, "BEGIN SSH SIGNATURE-----\n", "BEGIN SSH SIGNATURE-----\n\n");
  assert_refused_with(f, "BEGIN SSH SIGNATURE-----\nU", "BEGIN SSH SIGNATURE-----\nU\n");
  assert_refused_with(f, "BEGIN SSH SIGNATURE-----\nU", "BEGIN SSH SIGNATURE-----U\n");
}

/* Over bytes long enough to need more than one SHA-512 block, and over none. */
static void test_lengths(void **state) {
  struct fixture *f = *state;
  static const size_t lengths[] = {0, 1, 111, 112, 128, 65536};
  unsigned char *bytes = calloc(1, 65536);
  assert_non_null(bytes);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    struct yz_buf ours = {0}, theirs = {0};
    tmp_write(f->message_path, bytes, lengths[i]);
    let_ssh_sign(f, f->key_path, "git", "sha512", &theirs);
    assert_int_equal(yz_sshsig_sign(f->seed, bytes, lengths[i], &ours), 0);
    assert_string_equal((const char *)ours.data, (const char *)theirs.data);
    yz_buf_finish(&ours);
    yz_buf_finish(&theirs);
  }
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_public_key_is_as_in_ssh_files, setup, teardown),
      cmocka_unit_test_setup_teardown(test_we_write_what_ssh_keygen_writes, setup, teardown),
      cmocka_unit_test_setup_teardown(test_ssh_keygen_verifies_ours, setup, teardown),
      cmocka_unit_test_setup_teardown(test_other_kinds_of_signature_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_other_keys_and_bytes_are_refused, setup, teardown),
      cmocka_unit_test_setup_teardown(test_every_byte_of_the_armour_counts, setup, teardown),
      cmocka_unit_test_setup_teardown(test_only_our_armour_is_taken, setup, teardown),
      cmocka_unit_test_setup_teardown(test_lengths, setup, teardown),
  };
  return yz_crypto_init() ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
