/* The floors of import, of a hub's ingest, of looking for a name and of a server that waits. */
#include "bench.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yizhan/segment.h>

enum { AT_ONCE = 400 }; /* rows in a transaction, as import has them */

static const char TABLE[] =
    "CREATE TABLE row(n INTEGER PRIMARY KEY, id BLOB, line TEXT, text TEXT)";
static const char INSERT[] = "INSERT INTO row(id, line, text) VALUES(?, ?, ?)";

static void put(sqlite3 *db, sqlite3_stmt *insert, int64_t at) {
  bare_step(insert);
  if (at % AT_ONCE != AT_ONCE - 1) return;
  bare_run(db, "COMMIT");
  bare_run(db, "BEGIN");
}

void import_floor(const char *file, const char *path) {
  unsigned char key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
  unsigned char signature[crypto_sign_BYTES];
  char *line = NULL;
  size_t size = 0;
  int64_t n = 0;
  FILE *f = fopen(file, "re");
  need(f != NULL, file);
  (void)crypto_sign_keypair(key, secret);
  sqlite3 *db = bare_open(path);
  bare_run(db, TABLE);
  sqlite3_stmt *insert = bare_prepare(db, INSERT);
  double start = now_s();
  bare_run(db, "BEGIN");
  for (ssize_t len; (len = getline(&line, &size, f)) > 0; n++) {
    json_t *json = json_loadb(line, (size_t)len, 0, NULL);
    need(json != NULL, "parsing");
    (void)crypto_sign_detached(signature, NULL, (unsigned char *)line, (size_t)len, secret);
    (void)sqlite3_bind_blob(insert, 1, signature, sizeof signature, SQLITE_STATIC);
    (void)sqlite3_bind_text(insert, 2, line, (int)len, SQLITE_STATIC);
    put(db, insert, n);
    json_decref(json);
  }
  bare_run(db, "COMMIT");
  print_json(json_pack("{s:f, s:I}", "seconds", now_s() - start, "n", (json_int_t)n));
  (void)sqlite3_finalize(insert);
  (void)sqlite3_close(db);
  free(line);
  (void)fclose(f);
}

/* One record's hash, signature and syntax, by nothing but the libraries. */
static void verify(sqlite3_stmt *row, unsigned char id[static crypto_hash_sha256_BYTES]) {
  char hex[2 * crypto_hash_sha256_BYTES + 1], message[128];
  const char *line = (const char *)sqlite3_column_text(row, 0);
  crypto_hash_sha256_state hash;
  struct yz_record r;
  need(yz_record_read(line, (size_t)sqlite3_column_bytes(row, 0), &r, NULL) == 0, "reading");
  (void)sodium_bin2hex(hex, sizeof hex, id, crypto_hash_sha256_BYTES);
  int len = snprintf(message, sizeof message, "yizhan-record-v1\n%s\n", hex);
  (void)crypto_hash_sha256_init(&hash);
  (void)crypto_hash_sha256_update(&hash, (unsigned char *)message, (unsigned)len);
  (void)crypto_hash_sha256_update(&hash, (const unsigned char *)r.bytes, r.len);
  (void)crypto_hash_sha256_final(&hash, id);
  need(memcmp(id, sqlite3_column_blob(row, 1), crypto_hash_sha256_BYTES) == 0, "hashing");
  (void)sodium_bin2hex(hex, sizeof hex, id, crypto_hash_sha256_BYTES);
  len = snprintf(message, sizeof message, "yizhan-sign-record-v1\n%s\n", hex);
  need(crypto_sign_verify_detached(r.sig.bytes, (unsigned char *)message, (unsigned)len,
                                   r.by.bytes) == 0,
       "verifying");
  json_t *json = json_loadb(r.bytes, r.len, JSON_REJECT_DUPLICATES, NULL);
  need(json != NULL, "parsing");
  json_decref(json);
}

void ingest_floor(const char *store, const char *path) {
  sqlite3 *from, *db = bare_open(path);
  unsigned char id[crypto_hash_sha256_BYTES] = {0};
  int64_t n = 0;
  need(sqlite3_open_v2(store, &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, store);
  bare_run(db, TABLE);
  sqlite3_stmt *insert = bare_prepare(db, INSERT);
  sqlite3_stmt *rows = bare_prepare(
      from, "SELECT r.line, r.id, c.bytes, l.hash, r.seq FROM log l JOIN record r ON r.log=l.n"
            " LEFT JOIN content c ON c.record=r.n WHERE l.own=1 ORDER BY l.n, r.seq");
  double start = now_s();
  bare_run(db, "BEGIN");
  for (; sqlite3_step(rows) == SQLITE_ROW; n++) {
    if (sqlite3_column_int64(rows, 4) == 1) memcpy(id, sqlite3_column_blob(rows, 3), sizeof id);
    verify(rows, id);
    (void)sqlite3_bind_blob(insert, 1, id, sizeof id, SQLITE_STATIC);
    for (int column = 0; column < 2; column++)
      (void)sqlite3_bind_value(insert, column + 2, sqlite3_column_value(rows, 2 * column));
    put(db, insert, n);
  }
  bare_run(db, "COMMIT");
  print_json(json_pack("{s:f, s:I}", "seconds", now_s() - start, "n", (json_int_t)n));
  (void)sqlite3_finalize(rows);
  (void)sqlite3_finalize(insert);
  (void)sqlite3_close(from);
  (void)sqlite3_close(db);
}

enum { NAME_MAX_LEN = 32, SEALED = NAME_MAX_LEN + crypto_aead_xchacha20poly1305_ietf_ABYTES };

void names_floor(int64_t n) {
  unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES] = {0};
  unsigned char name[NAME_MAX_LEN] = "示例村民0000", open[NAME_MAX_LEN];
  unsigned char *sealed = malloc((size_t)n * SEALED);
  double seconds[ROUNDS];
  need(sealed != NULL, "memory");
  crypto_aead_xchacha20poly1305_ietf_keygen(key);
  for (int64_t i = 0; i < n; i++)
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + i * SEALED, NULL, name, sizeof name,
                                                     NULL, 0, NULL, nonce, key);
  for (int round = 0; round < ROUNDS; round++) {
    int64_t found = 0;
    double start = now_s();
    for (int64_t i = 0; i < n; i++) {
      need(crypto_aead_xchacha20poly1305_ietf_decrypt(open, NULL, NULL, sealed + i * SEALED, SEALED,
                                                      NULL, 0, nonce, key) == 0,
           "opening");
      found += strstr((char *)open, "0000") != NULL;
    }
    seconds[round] = now_s() - start;
    need(found == n, "finding");
  }
  free(sealed);
  print_json(json_pack("{s:o}", "seconds", rounds_json(seconds, ROUNDS)));
}

void idle(void) {
  (void)puts("waiting");
  (void)fflush(stdout);
  for (;;) (void)pause();
}
