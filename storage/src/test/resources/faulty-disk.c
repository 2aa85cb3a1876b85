/*
 * Preloaded into a process: syncs fail while the file exists that FAULT_<call> in the environment
 * names, and take longer while that exists which SLOW_SYNC names, by the milliseconds it says.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int fails(const char *variable) {
  const char *file = getenv(variable);
  if (file == NULL || access(file, F_OK) != 0) {
    return 0;
  }
  errno = EIO;
  return 1;
}

static void drag(void) {
  const char *name = getenv("SLOW_SYNC");
  FILE *file = name == NULL ? NULL : fopen(name, "r");
  long milliseconds = 0;
  if (file == NULL) {
    return;
  }
  if (fscanf(file, "%ld", &milliseconds) == 1) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
  }
  fclose(file);
}

int msync(void *address, size_t length, int flags) {
  static int (*next)(void *, size_t, int);
  if (next == NULL) {
    next = (int (*)(void *, size_t, int))dlsym(RTLD_NEXT, "msync");
  }
  drag();
  return fails("FAULT_msync") ? -1 : next(address, length, flags);
}

int fdatasync(int file) {
  static int (*next)(int);
  if (next == NULL) {
    next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  }
  drag();
  return fails("FAULT_fdatasync") ? -1 : next(file);
}
