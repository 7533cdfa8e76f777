/* Invitations (yz_invitation_read, FORMAT.md §12, "Joining"), as files and as text. */
#include "tests/fuzz/fuzz.h"

static void hold_form(const struct yz_invitation *i) {
  FUZZ_HOLDS(i->township[0] && i->village[0] && i->code[0] && i->url[0]);
  FUZZ_HOLDS(strlen(i->township) <= YZ_MAX_NAME && strlen(i->village) <= YZ_MAX_NAME);
  FUZZ_HOLDS(strlen(i->code) <= YZ_MAX_CODE && strlen(i->url) <= 1023);
  size_t n = strlen(i->letter);
  FUZZ_HOLDS(n >= 1 && n <= 3 && strspn(i->letter, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n);
}

/* Written again it is read as it was, and written once more the same bytes. */
static void hold_again(const struct yz_invitation *i) {
  struct yz_buf text = {0}, again = {0};
  struct yz_invitation read;

  FUZZ_HOLDS(yz_invitation_write(i, &text) == 0 && text.len <= YZ_MAX_INVITATION);
  FUZZ_HOLDS(yz_invitation_read((char *)text.data, text.len, &read, NULL) == YZ_OK);
  FUZZ_HOLDS(memcmp(&read, i, sizeof read) == 0);
  FUZZ_HOLDS(yz_invitation_write(&read, &again) == 0);
  FUZZ_HOLDS(text.len == again.len && memcmp(text.data, again.data, text.len) == 0);
  yz_buf_clear(&text);
  FUZZ_HOLDS(yz_invitation_write_text(i, &text) == 0);
  if (text.len <= YZ_MAX_INVITATION) {
    FUZZ_HOLDS(yz_invitation_read((char *)text.data, text.len, &read, NULL) == YZ_OK);
    FUZZ_HOLDS(memcmp(&read, i, sizeof read) == 0);
  }
  yz_buf_finish(&text);
  yz_buf_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *bytes = fuzz_copy(data, size);
  struct yz_invitation invitation;

  if (!yz_invitation_read(bytes, size, &invitation, NULL)) {
    FUZZ_HOLDS(yz_invitation_is_text(bytes, size) || fuzz_is_json(bytes, size));
    hold_form(&invitation);
    hold_again(&invitation);
  }
  free(bytes);
  return 0;
}
