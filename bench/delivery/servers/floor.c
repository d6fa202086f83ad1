// A bare epoll loop. It has one stream. For each tick it makes one chunk, and writes it once to each reader.
// It has no parser, no log and no queue, so any server that writes to each reader's socket costs more. Lines
// of JSON on stdin drive it, as they drive the other servers.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FILES = 65536, LARGEST_CHUNK = 1 << 20, EVENTS = 256 };

static const char HELLO[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    "Transfer-Encoding: chunked\r\n\r\n9\r\n: hello\n\n\r\n";

// Id, mark (place and time) and padding, as the other servers have them.
static const char FRAME[] =
    "id: %ld\ndata: "
    "{\"type\":\"content\",\"turn\":\"t\",\"part\":\"p1\",\"data\":\"#%08ld.%014lld %*s\"}\n\n";

static int readers[MOST_FILES];
static int reader_count;
static char chunk[LARGEST_CHUNK];
static long said;

// The load that is being sent: `left` ticks of `burst` events.
static struct {
  long left, burst, padding;
} load;

static int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000ll + now.tv_nsec / 1000;
}

static void require(int is_done, const char *what) {
  if (is_done) return;
  perror(what);
  exit(1);
}

static void watch(int epoll, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
  require(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event) == 0, "epoll_ctl");
}

// Returns the number of a field of a line of JSON, or `otherwise`.
static long field(const char *line, const char *name, long otherwise) {
  const char *found = strstr(line, name);
  return found == NULL ? otherwise : atol(found + strlen(name));
}

// Makes one HTTP chunk of the frames of a tick. Returns its begin, and sets its length.
static const char *make_chunk(size_t *length) {
  // The size comes before the frames, but is known only after them.
  enum { ROOM = 16 };
  char *at = chunk + ROOM;
  for (long event = 0; event < load.burst; event += 1) {
    said += 1;
    at += sprintf(at, FRAME, said, said, (long long)now_us(), (int)load.padding, "");
  }
  char size[ROOM];
  int digits = sprintf(size, "%zx\r\n", (size_t)(at - chunk - ROOM));
  memcpy(chunk + ROOM - digits, size, digits);
  memcpy(at, "\r\n", 2);
  *length = at + 2 - chunk - ROOM + digits;
  return chunk + ROOM - digits;
}

static void send_tick(void) {
  size_t length;
  const char *bytes = make_chunk(&length);
  for (int index = 0; index < reader_count; index += 1) {
    if (readers[index] < 0) continue;
    if (write(readers[index], bytes, length) == (ssize_t)length) continue;
    // A reader whose buffer is full would need a queue. It is dropped, and the bench then fails.
    close(readers[index]);
    readers[index] = -1;
  }
}

// Wakes the loop for each tick, `per_second` times a second, or not at all.
static void set_pace(int timer, double per_second) {
  long ns = per_second > 0 ? 1e9 / per_second : 0;
  struct timespec period = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
  struct itimerspec ticks = {.it_interval = period, .it_value = period};
  require(timerfd_settime(timer, 0, &ticks, NULL) == 0, "timerfd_settime");
}

// Sends the ticks that are due. A late loop sends all of them.
static void keep_pace(int timer) {
  uint64_t due;
  if (read(timer, &due, sizeof due) < 0) return;
  for (; load.left > 0 && due > 0; load.left -= 1, due -= 1) send_tick();
  if (load.left > 0) return;
  set_pace(timer, 0);
  puts("{}");
}

static void begin(int timer, const char *line) {
  load.burst = field(line, "\"burst\":", 1);
  load.padding = field(line, "\"padding\":", 0);
  load.left = field(line, "\"count\":", 0) / load.burst;
  require(load.burst * (load.padding + 200) < LARGEST_CHUNK, "a tick is larger than the chunk");
  set_pace(timer, (double)field(line, "\"perSecond\":", 1) / load.burst);
}

// Reads lines of JSON, and answers all but the load, which is answered at its end.
static void take_lines(int timer) {
  static char line[65536];
  static size_t filled;
  ssize_t got = read(STDIN_FILENO, line + filled, sizeof line - 1 - filled);
  if (got <= 0) exit(0);
  filled += got;
  line[filled] = 0;
  for (char *end; (end = strchr(line, '\n')) != NULL;) {
    *end = 0;
    if (strstr(line, "\"type\":\"say\"") != NULL) begin(timer, line);
    else puts("{}");
    filled -= end + 1 - line;
    memmove(line, end + 1, filled + 1);
  }
}

static int open_port(void) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  require(bind(listener, (struct sockaddr *)&address, size) == 0, "bind");
  require(listen(listener, 4096) == 0, "listen");
  require(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "getsockname");
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  return listener;
}

static void accept_reader(int epoll, int listener) {
  int reader = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  require(reader >= 0 && reader_count < MOST_FILES, "accept4");
  setsockopt(reader, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  watch(epoll, reader);
}

// The first bytes of a connection are its request. The end of a reader is seen when it is written to.
static void answer_request(int epoll, int reader) {
  char request[4096];
  require(read(reader, request, sizeof request) > 0, "read");
  epoll_ctl(epoll, EPOLL_CTL_DEL, reader, NULL);
  if (write(reader, HELLO, sizeof HELLO - 1) == sizeof HELLO - 1) readers[reader_count++] = reader;
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  // Readers leave, and a write to one of them must not end the process.
  signal(SIGPIPE, SIG_IGN);
  int epoll = epoll_create1(0);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  int listener = open_port();
  watch(epoll, listener);
  watch(epoll, timer);
  watch(epoll, STDIN_FILENO);
  for (;;) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, -1);
    for (int index = 0; index < count; index += 1) {
      int file = events[index].data.fd;
      if (file == listener) accept_reader(epoll, listener);
      else if (file == STDIN_FILENO) take_lines(timer);
      else if (file == timer) keep_pace(timer);
      else answer_request(epoll, file);
    }
  }
}
