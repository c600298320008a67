#include "answer.h"

#include "IsolatedHDF5.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int output = -1;
static unsigned char buffer[1 << 14];
static size_t used;
/// An index of more bytes than this is not a model's.
static const uint64_t most_told = 64u << 20;
static uint64_t told;

static void send(const void *bytes, size_t count) {
  const char *rest = bytes;
  while (count > 0) {
    ssize_t written = write(output, rest, count);
    if (written < 0 && errno == EINTR) continue;
    // Nobody reads any more.
    if (written <= 0) _exit(1);
    rest += written;
    count -= (size_t)written;
  }
}

void answer_to(int pipe) { output = pipe; }

void answer_flush(void) {
  send(buffer, used);
  used = 0;
}

static void put(const void *bytes, size_t count) {
  told += count;
  if (told > most_told) _exit(1);
  const unsigned char *rest = bytes;
  while (count > 0) {
    if (used == sizeof buffer) answer_flush();
    size_t part = sizeof buffer - used < count ? sizeof buffer - used : count;
    memcpy(buffer + used, rest, part);
    used += part;
    rest += part;
    count -= part;
  }
}

void answer_byte(uint8_t byte) { put(&byte, 1); }

void answer_4(uint32_t number) {
  unsigned char bytes[4];
  for (int i = 0; i < 4; i++) bytes[i] = (unsigned char)(number >> (8 * i));
  put(bytes, sizeof bytes);
}

void answer_8(uint64_t number) {
  unsigned char bytes[8];
  for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> (8 * i));
  put(bytes, sizeof bytes);
}

void answer_double(double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  answer_8(bits);
}

void answer_text(const char *text, size_t length) {
  if (length > most_told) _exit(1);
  answer_4((uint32_t)length);
  put(text, length);
}

void answer_bytes(const void *bytes, size_t count) {
  answer_flush();
  send(bytes, count);
}

static _Noreturn void answer_last(uint8_t letter, const char *why) {
  answer_byte(letter);
  answer_text(why, strlen(why));
  answer_flush();
  _exit(0);
}

void answer_failure(const char *why) { answer_last(isolated_failure, why); }

void answer_array_failure(const char *why) { answer_last(isolated_array_failure, why); }
