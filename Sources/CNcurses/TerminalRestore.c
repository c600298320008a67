#include "TerminalRestore.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS};
static const int told_signals[] = {
    SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT};
enum {
  crash_count = sizeof crash_signals / sizeof *crash_signals,
  told_count = sizeof told_signals / sizeof *told_signals,
  stack_size = 64 * 1024,
  most_bytes = 512,
};

// Written before `armed` is set, read only after it was found set.
static int terminal = -1;
static struct termios saved_settings;
static char restore_bytes[most_bytes];
static size_t restore_count;
static volatile sig_atomic_t armed;

static volatile sig_atomic_t signal_pipe = -1;
static struct sigaction former[told_count];
static bool is_caught;

void tr_arm(int descriptor, const struct termios *settings, const char *bytes, size_t count) {
  __atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST);
  terminal = descriptor;
  saved_settings = *settings;
  restore_count = count < most_bytes ? count : most_bytes;
  memcpy(restore_bytes, bytes, restore_count);
  __atomic_store_n(&armed, 1, __ATOMIC_SEQ_CST);
}

void tr_disarm(void) { __atomic_store_n(&armed, 0, __ATOMIC_SEQ_CST); }

void tr_write(int descriptor, const void *bytes, size_t count) {
  const char *rest = bytes;
  while (count > 0) {
    ssize_t written = write(descriptor, rest, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    rest += written;
    count -= (size_t)written;
  }
}

void tr_restore(void) {
  if (__atomic_exchange_n(&armed, 0, __ATOMIC_SEQ_CST) == 0) return;
  int error = errno;
  // A background process that sets the terminal would be stopped instead of ending.
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  tr_write(terminal, restore_bytes, restore_count);
  tcsetattr(terminal, TCSANOW, &saved_settings);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
}

static void crashed(int number) {
  tr_restore();
  // SA_RESETHAND put the default action back; the signal is delivered when the handler returns.
  raise(number);
}

void tr_catch_crashes(void) {
  static bool is_done;
  if (is_done) return;
  is_done = true;
  // A stack overflow leaves no room on the thread's own stack.
  static char stack[stack_size];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
  sigaltstack(&alternate, NULL);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = crashed;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < crash_count; i++) sigaction(crash_signals[i], &action, NULL);
  atexit(tr_restore);
}

static void tell(int number) {
  int error = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe has a byte to wake up for already.
  ssize_t ignored = write((int)signal_pipe, &byte, 1);
  (void)ignored;
  errno = error;
}

static void install(int number, struct sigaction *old) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = tell;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, old);
}

static bool stays_ignored(int number, const struct sigaction *old) {
  return old->sa_handler == SIG_IGN && number != SIGWINCH && number != SIGCONT;
}

void tr_catch_signals(int descriptor) {
  signal_pipe = descriptor;
  if (is_caught) return;
  is_caught = true;
  // The parent may have left them blocked: a resize would then never be seen.
  sigset_t told;
  sigemptyset(&told);
  for (size_t i = 0; i < told_count; i++) sigaddset(&told, told_signals[i]);
  for (size_t i = 0; i < told_count; i++) {
    install(told_signals[i], &former[i]);
    if (stays_ignored(told_signals[i], &former[i])) sigaction(told_signals[i], &former[i], NULL);
  }
  pthread_sigmask(SIG_UNBLOCK, &told, NULL);
}

void tr_release_signals(void) {
  if (!is_caught) return;
  is_caught = false;
  for (size_t i = 0; i < told_count; i++) sigaction(told_signals[i], &former[i], NULL);
}

void tr_stop(bool group) {
  struct sigaction fallback, ignored, stop, proceed;
  memset(&fallback, 0, sizeof fallback);
  fallback.sa_handler = SIG_DFL;
  sigemptyset(&fallback.sa_mask);
  memset(&ignored, 0, sizeof ignored);
  ignored.sa_handler = SIG_IGN;
  sigemptyset(&ignored.sa_mask);
  // The one who calls redraws on return: no need to be told of CONT too.
  sigaction(SIGCONT, &fallback, &proceed);
  sigaction(SIGTSTP, &ignored, &stop);
  if (group) kill(0, SIGTSTP);
  sigaction(SIGTSTP, &fallback, NULL);
  // To this thread, not to the process: another thread could take that a moment later, when this
  // one has the terminal again, and the shell would find it in our modes.
  raise(SIGTSTP);
  sigaction(SIGTSTP, &stop, NULL);
  sigaction(SIGCONT, &proceed, NULL);
}
