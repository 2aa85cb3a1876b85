/* Preloaded into a process: syncs fail while the file named in the environment exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(const char *variable) {
  const char *file = getenv(variable);
  if (file == NULL || access(file, F_OK) != 0) {
    return 0;
  }
  errno = EIO;
  return 1;
}

int msync(void *address, size_t length, int flags) {
  static int (*next)(void *, size_t, int);
  if (next == NULL) {
    next = (int (*)(void *, size_t, int))dlsym(RTLD_NEXT, "msync");
  }
  return fails("FAULT_msync") ? -1 : next(address, length, flags);
}

int fdatasync(int file) {
  static int (*next)(int);
  if (next == NULL) {
    next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  }
  return fails("FAULT_fdatasync") ? -1 : next(file);
}
