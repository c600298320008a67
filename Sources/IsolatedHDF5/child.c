// The child: made, held within bounds, and waited for.

// pipe2
#define _GNU_SOURCE

#include "child.h"

#include "answer.h"
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(int resource, uint64_t most) {
  struct rlimit found;
  if (getrlimit(resource, &found) != 0) return;
  if (found.rlim_max != RLIM_INFINITY && found.rlim_max < most) most = found.rlim_max;
  struct rlimit next = {.rlim_cur = (rlim_t)most, .rlim_max = (rlim_t)most};
  setrlimit(resource, &next);
}

#ifdef __linux__
/// The bytes of memory that are mapped now.
static uint64_t mapped_bytes(void) {
  FILE *file = fopen("/proc/self/statm", "re");
  if (!file) return 0;
  unsigned long long pages = 0;
  if (fscanf(file, "%llu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
#endif

/// Nothing of the program's may go on in the child: no handler, no core file, no file to open.
static void confine(isolated_limits limits) {
  for (int number = 1; number < NSIG; number++) {
    if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, limits.seconds);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  uint64_t mapped = mapped_bytes();
  if (mapped > 0 && limits.memory < UINT64_MAX - mapped) limit(RLIMIT_AS, mapped + limits.memory);
#endif
  limit(RLIMIT_NOFILE, 0);
}

/// Reads a packed member into memory; compares the checksum of one that is not.
static void take_in(isolated_source *source) {
  if (!source->archive || source->bytes || (source->is_stored && !source->checks)) return;
  zip_file_t *member = zip_fopen_index(source->archive, source->member, 0);
  if (!member) answer_failure("the archive is damaged");
  size_t most = source->is_stored ? 1 << 18 : source->size;
  char *bytes = malloc(most > 0 ? most : 1);
  if (!bytes) answer_failure("there is not enough memory");
  uint64_t done = 0;
  while (done < source->size) {
    size_t place = source->is_stored ? 0 : done;
    uint64_t rest = source->size - done;
    zip_int64_t count = zip_fread(member, bytes + place, rest < most - place ? rest : most - place);
    if (count <= 0) break;
    done += (uint64_t)count;
  }
  // The end is where the checksum is compared.
  char one;
  if (done != source->size || zip_fread(member, &one, 1) != 0)
    answer_failure("the archive is damaged: the checksum of the weights is wrong");
  zip_fclose(member);
  if (source->is_stored) {
    free(bytes);
  } else {
    source->bytes = bytes;
  }
}

static hid_t opened(isolated_source *source) {
  take_in(source);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0 || !hdf5_reads_from(access, source)) answer_failure("the archive is damaged");
  hid_t file = H5Fopen("weights.h5", H5F_ACC_RDONLY, access);
  if (file < 0) answer_failure("is not an HDF5 file, or it is damaged");
  return file;
}

static bool make_pipe(int ends[2]) {
#ifdef __linux__
  return pipe2(ends, O_CLOEXEC) == 0;
#else
  if (pipe(ends) != 0) return false;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return true;
#endif
}

/// Forks a child that opens the file and then does `work`.
static int start(
  const isolated_source *source, isolated_limits limits, const work *work, isolated_child *child) {
  int ends[2];
  if (!make_pipe(ends)) return errno;
  // No handler of the program's runs in the child before it has none.
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  pid_t process = fork();
  if (process == 0) {
    isolated_source own = *source;
    close(ends[0]);
    answer_to(ends[1]);
    confine(limits);
    work->run(opened(&own), work);
    answer_flush();
    // No handlers that run at the end of a program: it is not this one's end.
    _exit(0);
  }
  int problem = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  close(ends[1]);
  if (process < 0) {
    close(ends[0]);
    return problem;
  }
  child->process = process;
  child->pipe = ends[0];
  return 0;
}

int isolated_index(const isolated_source *source, isolated_limits limits, isolated_child *child) {
  work work = {.run = tell_index};
  return start(source, limits, &work, child);
}

int isolated_read(
  const isolated_source *source, isolated_limits limits, const char *const *paths, size_t count,
  bool natively, isolated_child *child) {
  work work = {.run = tell_numbers, .paths = paths, .count = count, .natively = natively};
  return start(source, limits, &work, child);
}

bool isolated_wait(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
