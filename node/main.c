#include "cli/cli.h"

int main(int argc, char **argv) {
  return cli_main(argc, argv, yz_world_real(), YIZHAN_VERSION);
}
