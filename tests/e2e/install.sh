# Installs the build tree in a folder of its own, then uses what lies there as
# a stranger would: the library by pkg-config, the program in both languages.
set -euo pipefail
unset LANGUAGE
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

DESTDIR=$temp cmake --install "$BUILD_DIR" >/dev/null
root=$temp$PREFIX

cat >"$temp/stranger.c" <<'C'
#include <string.h>
#include <yizhan/world.h>

int main(int argc, char **argv) {
  const struct yz_world *world = yz_world_real();
  struct yz_error err = {0};
  struct yz_buf b = {0};
  if (argc != 2 || world->write_file(world->ctx, argv[1], "letter", 6, 0, &err) != 0) return 1;
  if (world->read_file(world->ctx, argv[1], 6, &b, &err) != 0) return 2;
  int same = b.len == 6 && memcmp(b.data, "letter", 6) == 0;
  yz_buf_finish(&b);
  return same ? 0 : 3;
}
C
export PKG_CONFIG_PATH=$root/$LIBDIR/pkgconfig
flags=$(pkg-config --define-variable=prefix="$root" --cflags --libs yizhan)
# Flags are words, apart from each other.
# shellcheck disable=SC2086
$CC $CFLAGS -o "$temp/stranger" "$temp/stranger.c" $flags
"$temp/stranger" "$temp/box"
[ "$(cat "$temp/box")" = letter ]

YIZHAN_LANG=zh "$root/bin/yizhan" --help | grep 用法 >"$temp/said"
YIZHAN_LANG=en "$root/bin/yizhan" --help | grep Usage >"$temp/said"
[ "$("$root/bin/yizhan" --version)" = "yizhan $(pkg-config --modversion yizhan)" ]
[ -s "$root/share/man/man1/yizhan.1" ]
grep -q '\\c$' "$root/share/man/zh_CN/man1/yizhan.1"
for file in index.html app.js vendor/preact.js vendor/htm.js vendor/preact.LICENSE openapi.json; do
  [ -s "$root/share/yizhan/page/$file" ]
done
[ "$(cat "$root/share/bash-completion/completions/yizhan")" = "$("$root/bin/yizhan" --dir . completion)" ]
