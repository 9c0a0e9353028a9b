/*
 * Comes between a program and its disk, where every write is made durable.
 *
 * ROLLCALL_TEST_DURABLE_FROM, ROLLCALL_TEST_DURABLE_TO: two folders. Whatever is synced below the
 * first is copied into the second, and nothing else is: the second holds what a power cut leaves.
 * ROLLCALL_TEST_SYNC_MS: a sync takes so much longer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { block = 4096 };

static int copy_changed_blocks(int from, int to, off_t size) {
  char now[block], before[block];
  for (off_t at = 0; at < size; at += block) {
    ssize_t length = pread(from, now, block, at);
    if (length <= 0) return -1;
    if (pread(to, before, block, at) == length && memcmp(now, before, length) == 0) continue;
    if (pwrite(to, now, length, at) != length) return -1;
  }
  return ftruncate(to, size);
}

/* Reads by the descriptor itself: to open the file and close it would end the locks on it. */
static void keep(int descriptor) {
  const char *from = getenv("ROLLCALL_TEST_DURABLE_FROM");
  const char *to = getenv("ROLLCALL_TEST_DURABLE_TO");
  if (!from || !to) return;

  char link[64], path[PATH_MAX], copy[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  size_t prefix = strlen(from);
  if (strncmp(path, from, prefix) != 0 || path[prefix] != '/') return;

  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if ((fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY) return;
  if (snprintf(copy, sizeof copy, "%s%s", to, path + prefix) >= (int)sizeof copy) abort();
  int target = open(copy, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (target < 0 || copy_changed_blocks(descriptor, target, status.st_size) != 0) abort();
  close(target);
}

static void wait_for_disk(void) {
  const char *text = getenv("ROLLCALL_TEST_SYNC_MS");
  long milliseconds = text ? atol(text) : 0;
  if (milliseconds <= 0) return;
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static int synced(const char *name, int descriptor) {
  int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  wait_for_disk();
  int result = sync(descriptor);
  if (result == 0) keep(descriptor);
  return result;
}

int fsync(int descriptor) { return synced("fsync", descriptor); }

int fdatasync(int descriptor) { return synced("fdatasync", descriptor); }
