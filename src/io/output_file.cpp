#include <fcntl.h>
#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigtimedwait is POSIX
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <utility>
#include <vector>

#include "file_errors.hpp"
#include "ombre/io/file.hpp"

namespace ombre::inline v0::io {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16U;

// Writing to a pipe nobody reads raises SIGPIPE, which would end the caller's program. A library
// must not change how the process handles signals, so the signal is held back for this thread
// around the write and taken away again if the write raised it.
class PipeSignalHeld {
 public:
  PipeSignalHeld() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t waiting;
    sigemptyset(&waiting);
    sigpending(&waiting);
    already_waiting_ = sigismember(&waiting, SIGPIPE) == 1;
    held_ = !already_waiting_ && pthread_sigmask(SIG_BLOCK, &pipe_, &before_) == 0;
  }
  PipeSignalHeld(const PipeSignalHeld&) = delete;
  PipeSignalHeld& operator=(const PipeSignalHeld&) = delete;
  ~PipeSignalHeld() {
    if (!held_) return;
    if (broken_) {
      const timespec at_once{0, 0};
      while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  void note(int number) { broken_ = broken_ || number == EPIPE; }

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool already_waiting_ = false;
  bool held_ = false;
  bool broken_ = false;
};

// 0, or the errno of the failure.
int write_all(int descriptor, std::string_view bytes, bool may_be_pipe) {
  std::optional<PipeSignalHeld> held;
  if (may_be_pipe) held.emplace();
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0) {
      const int number = errno;
      if (number == EINTR) continue;
      if (held) held->note(number);
      return number;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

// The file a chain of symbolic links ends in, so that renaming replaces the file and not the link.
std::string end_of_links(std::string path) {
  for (int hops = 0; hops < 40; ++hops) {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0) break;
    target.resize(static_cast<std::size_t>(size));
    if (!target.starts_with('/')) {
      const auto slash = path.rfind('/');
      if (slash != std::string::npos) target.insert(0, path, 0, slash + 1);
    }
    path = std::move(target);
  }
  return path;
}

// How an open file can be reached while it has no other name.
std::string name_of_open(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

struct OutputFile::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (owned && descriptor >= 0) ::close(descriptor);
    if (!temporary.empty()) ::unlink(temporary.c_str());
  }

  Result<void> fail(std::string_view doing, int number) {
    failure = detail::system_error(name, doing, number);
    return unexpected(*failure);
  }

  template <class Take>
  Result<void> find_free_name(std::string_view doing, const Take& take);
  Result<void> open_part(std::string_view doing);
  Result<void> name_unnamed(std::string_view doing);

  Result<void> flush() {
    const int number = write_all(descriptor, buffer, direct());
    buffer.clear();
    if (number != 0) return fail("cannot write the file", number);
    return {};
  }

  std::string name;       // for messages
  std::string target;     // links followed; empty where bytes go directly
  std::string temporary;  // empty where bytes go directly, while unnamed, and after the rename
  bool unnamed = false;   // the descriptor's file has no name yet
  [[nodiscard]] bool direct() const noexcept { return target.empty(); }
  int descriptor = -1;
  bool owned = false;
  bool prepared = false;
  bool committed = false;
  std::string buffer;
  std::optional<Error> failure;
};

namespace {

int unnamed_file(const std::string& folder) {
#ifdef O_TMPFILE
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (descriptor < 0) return -1;
  if (::access(name_of_open(descriptor).c_str(), F_OK) == 0) return descriptor;
  ::close(descriptor);  // without /proc it could never get a name
#else
  static_cast<void>(folder);
#endif
  return -1;
}

}  // namespace

// Names for the file while it is written: beside the target, hidden, and free.
template <class Take>
Result<void> OutputFile::State::find_free_name(std::string_view doing, const Take& take) {
  const auto slash = target.rfind('/');
  const std::string base = slash == std::string::npos ? target : target.substr(slash + 1);
  const std::string stem = (slash == std::string::npos ? "" : target.substr(0, slash + 1)) + "." +
                           base.substr(0, 100) + "." + std::to_string(::getpid()) + ".";
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    std::string candidate = stem + std::to_string(attempt) + ".part";
    if (take(candidate.c_str())) {
      temporary = std::move(candidate);
      return {};
    }
    if (errno != EEXIST && errno != EINTR) {
      return unexpected(detail::system_error(name, doing, errno));
    }
  }
  return unexpected(detail::system_error(name, doing, EEXIST));
}

Result<void> OutputFile::State::open_part(std::string_view doing) {
  // Not mkstemp: that makes files only their owner can read, and the umask cannot be asked for
  // without changing it. O_EXCL finds a name that is free, also between threads and processes.
  return find_free_name(doing, [&](const char* candidate) {
    descriptor = ::open(candidate, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    owned = descriptor >= 0;
    return owned;
  });
}

Result<void> OutputFile::State::name_unnamed(std::string_view doing) {
  const std::string open_file = name_of_open(descriptor);
  auto named = find_free_name(doing, [&](const char* candidate) {
    return ::linkat(AT_FDCWD, open_file.c_str(), AT_FDCWD, candidate, AT_SYMLINK_FOLLOW) == 0;
  });
  if (named) unnamed = false;
  return named;
}

OutputFile::OutputFile(std::unique_ptr<State> state) : state_{std::move(state)} {}
OutputFile::OutputFile(OutputFile&& other) noexcept = default;
OutputFile& OutputFile::operator=(OutputFile&& other) noexcept = default;
OutputFile::~OutputFile() = default;

Result<OutputFile> OutputFile::create(const std::string& path) {
  constexpr std::string_view doing = "cannot create the file";
  auto state = std::make_unique<State>();
  state->buffer.reserve(buffer_bytes);
  if (path == "-") {
    state->name = "standard output";
    state->descriptor = STDOUT_FILENO;
    return OutputFile{std::move(state)};
  }
  state->name = path;
  if (path.empty()) {
    return unexpected(error_of(Errc::missing, "path", "must name a file, or be \"-\""));
  }
  const std::string target = end_of_links(path);
  struct stat info {};
  const bool exists = ::stat(target.c_str(), &info) == 0;
  if (!exists && errno != ENOENT) return unexpected(detail::system_error(path, doing, errno));
  if ((exists && S_ISDIR(info.st_mode)) || target.ends_with('/')) {
    return unexpected(detail::system_error(path, doing, exists ? EISDIR : ENOENT));
  }
  if (exists && !S_ISREG(info.st_mode)) {  // a pipe, terminal or device: nothing to rename
    state->descriptor = ::open(target.c_str(), O_WRONLY | O_CLOEXEC);
    if (state->descriptor < 0) return unexpected(detail::system_error(path, doing, errno));
    state->owned = true;
    return OutputFile{std::move(state)};
  }
  if (exists && ::access(target.c_str(), W_OK) != 0) {
    return unexpected(detail::system_error(path, doing, errno));
  }

  const std::string folder = folder_of(target);
  if (::access(folder.c_str(), F_OK) != 0) {
    Error error = detail::system_error(path, doing, errno);
    error.rule = std::string{doing} + ": the folder \"" + folder + "\" does not exist";
    return unexpected(error);
  }
  // A file without a name where the file system has such: whatever ends the process, nothing is
  // left behind. It gets its name in commit().
  if (const int descriptor = unnamed_file(folder); descriptor >= 0) {
    state->descriptor = descriptor;
    state->owned = true;
    state->target = target;
    state->unnamed = true;
  } else {
    state->target = target;
    if (auto named = state->open_part(doing); !named) return unexpected(named.error());
  }
  if (exists) {
    // The group first: changing it may clear permission bits. Only an owner may give files away,
    // so failing to is no reason to stop.
    [[maybe_unused]] const int ignored = ::fchown(state->descriptor, info.st_uid, info.st_gid);
    if (::fchmod(state->descriptor, info.st_mode & 07777U) != 0) {
      return unexpected(detail::system_error(path, "cannot keep the file's permissions", errno));
    }
  }
  return OutputFile{std::move(state)};
}
Result<void> OutputFile::write(std::string_view bytes) {
  State& s = *state_;
  if (s.failure) return unexpected(*s.failure);
  if (s.prepared || s.committed) {
    return unexpected(error_of(Errc::contradiction, "write", "must come before commit"));
  }
  if (s.buffer.size() + bytes.size() > buffer_bytes) {
    if (auto flushed = s.flush(); !flushed) return flushed;
    if (bytes.size() >= buffer_bytes) {
      const int number = write_all(s.descriptor, bytes, s.direct());
      if (number != 0) return s.fail("cannot write the file", number);
      return {};
    }
  }
  s.buffer.append(bytes);
  return {};
}

Result<void> OutputFile::prepare() {
  State& s = *state_;
  constexpr std::string_view doing = "cannot write the file";
  if (s.failure) return unexpected(*s.failure);
  if (s.prepared || s.committed || s.direct()) return {};
  if (auto flushed = s.flush(); !flushed) return flushed;
  s.prepared = true;
  // Some file systems cannot synchronise and say so with EINVAL; that is no failure of the data.
  if (::fsync(s.descriptor) != 0 && errno != EINVAL) return s.fail(doing, errno);
  if (s.unnamed) {
    if (auto named = s.name_unnamed(doing); !named) {
      s.failure = named.error();
      return named;
    }
  }
  if (::close(std::exchange(s.descriptor, -1)) != 0) return s.fail(doing, errno);
  return {};
}

Result<void> OutputFile::commit() {
  State& s = *state_;
  constexpr std::string_view doing = "cannot write the file";
  if (s.failure) return unexpected(*s.failure);
  if (s.committed) {
    return unexpected(error_of(Errc::contradiction, "commit", "must be called once"));
  }
  if (s.direct()) {
    if (auto flushed = s.flush(); !flushed) return flushed;
    s.committed = true;
    if (s.owned && ::close(std::exchange(s.descriptor, -1)) != 0) return s.fail(doing, errno);
    return {};
  }
  if (auto ready = prepare(); !ready) return ready;
  s.committed = true;
  if (::rename(s.temporary.c_str(), s.target.c_str()) != 0) return s.fail(doing, errno);
  s.temporary.clear();
  // So that the new name survives a power cut too. Not every file system can; the data are safe.
  const int folder = ::open(folder_of(s.target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    [[maybe_unused]] const int ignored = ::fsync(folder);
    ::close(folder);
  }
  return {};
}

const std::string& OutputFile::name() const noexcept { return state_->name; }

bool OutputFile::direct() const noexcept { return state_->direct(); }

Result<void> write_files(std::span<const FileText> files) {
  std::vector<OutputFile> open;
  open.reserve(files.size());
  for (const FileText& file : files) {
    auto made = OutputFile::create(file.path);
    if (!made) return unexpected(made.error());
    open.push_back(*std::move(made));
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (open[i].direct()) continue;
    if (auto written = open[i].write(files[i].bytes); !written) return written;
    if (auto ready = open[i].prepare(); !ready) return ready;
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!open[i].direct()) continue;
    if (auto written = open[i].write(files[i].bytes); !written) return written;
    if (auto done = open[i].commit(); !done) return done;
  }
  for (OutputFile& file : open) {
    if (file.direct()) continue;
    if (auto done = file.commit(); !done) return done;
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  auto file = OutputFile::create(path);
  if (!file) return unexpected(file.error());
  if (auto written = file->write(bytes); !written) return written;
  return file->commit();
}

}  // namespace ombre::inline v0::io
