/* The few plain types and limits that every room shares. Sizes in bytes. */
#ifndef YIZHAN_TYPES_H
#define YIZHAN_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* A limit as it is; and one so low that inputs of some hundred bytes meet it, for the build
 * that fuzzes (tests/fuzz). Every limit that has two values is made by this. */
#ifdef YIZHAN_LOW_LIMITS
#define YZ_LIMIT(usual, low) (low)
#else
#define YZ_LIMIT(usual, low) (usual)
#endif

enum {
  YZ_FORMAT_VERSION = 1,

  YZ_HASH_LEN = 32, /* SHA-256 */
  YZ_HASH_HEX = 64, /* its lower-case hex, without the ending zero */
  YZ_KEY_LEN = 32,  /* Ed25519 or X25519 public key */
  YZ_SEED_LEN = 32, /* Ed25519 seed, X25519 secret key */
  YZ_SIG_LEN = 64,  /* Ed25519 signature */
  YZ_SIG_B64 = 88,  /* its base64, without the ending zero */
  YZ_ID_LEN = 16,   /* log id, ledger id, incarnation: 128 bits */
  YZ_ID_HEX = 32,
  YZ_BATCH_KEY_LEN = 32,
  YZ_CONTENT_KEY_LEN = 16,

  YZ_MAX_RECORD = YZ_LIMIT(64 * 1024, 2048),        /* one record object */
  YZ_MAX_CONTENT = YZ_LIMIT(1024 * 1024, 512),      /* one record's content object */
  YZ_MAX_SEGMENT_RECORDS = YZ_LIMIT(100, 5),        /* records a segment */
  YZ_SEGMENT_PACKED = 32 * 1024,                    /* aim for segment and batches, packed */
  YZ_MAX_SEGMENT = YZ_LIMIT(4 * 1024 * 1024, 6144), /* one segment file */
  YZ_MAX_BATCH = YZ_LIMIT(4 * 1024 * 1024, 1024),   /* one sealed batch file */
  YZ_MAX_BATCH_PLAIN = YZ_LIMIT(8 * 1024 * 1024, 2048),
  YZ_MAX_ACK = YZ_LIMIT(256 * 1024, 2048),
  YZ_MAX_KEYS_FILE = YZ_LIMIT(64 * 1024, 1024),
  YZ_MAX_COMMIT_FILES = 32 * 1024 * 1024, /* what one commit brings beside its segment */
  YZ_MAX_INVITATION = YZ_LIMIT(16 * 1024, 2048),
  YZ_MAX_DEPTH = 8,
  YZ_MAX_HEADS = YZ_LIMIT(64, 4),
  YZ_MAX_NAME = 200, /* bytes of a name of a person, village, township */
  YZ_MAX_CODE = 8,   /* characters of a village code */
  YZ_MAX_PINS = 4    /* of a server's public keys */
};

#define YZ_MAX_INT 9007199254740992LL /* 2^53 */
#define YZ_FIVE_YEARS_MS (5LL * 366 * 86400 * 1000)

struct yz_hash {
  unsigned char bytes[YZ_HASH_LEN];
};
/* A public key. */
struct yz_key {
  unsigned char bytes[YZ_KEY_LEN];
};
struct yz_sig {
  unsigned char bytes[YZ_SIG_LEN];
};
struct yz_id {
  unsigned char bytes[YZ_ID_LEN];
};

/* A place in a log: the record's number (from 1) and its id. seq 0 is the
 * place before the first record; its id is the log's full hash. */
struct yz_place {
  int64_t seq;
  struct yz_hash id;
};

/* Hybrid logical clock stamp: milliseconds since 1970-01-01T00:00Z and a
 * counter that tells records of one millisecond apart. */
struct yz_stamp {
  int64_t ms, count;
};

#endif
