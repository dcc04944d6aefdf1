#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "file_errors.hpp"
#include "ombre/io/file.hpp"

#if defined(OMBRE_WITH_ZLIB)
#include <zlib.h>
#endif

namespace ombre::inline v0::io {

namespace detail {

Error system_error(std::string_view file, std::string_view doing, int number) {
  std::string reason;
  switch (number) {
    case ENOENT:
      reason = "no such file or folder";
      break;
    case EACCES:
    case EPERM:
      reason = "permission denied";
      break;
    case EISDIR:
      reason = "it is a folder";
      break;
    case ENOTDIR:
      reason = "a part of the path is not a folder";
      break;
    case ENOSPC:
      reason = "no space left on the device";
      break;
    case EDQUOT:
      reason = "the disk quota is used up";
      break;
    case EROFS:
      reason = "the file system is read-only";
      break;
    case EPIPE:
      reason = "the program reading the output has ended";
      break;
    case EFBIG:
      reason = "the file would become too large";
      break;
    case ENAMETOOLONG:
      reason = "the name is too long";
      break;
    case EMFILE:
    case ENFILE:
      reason = "too many files are open";
      break;
    // Not strerror: it follows the locale and shares a buffer between threads.
    default:
      reason = "system error " + std::to_string(number);
  }
  Error error;
  error.code = number == ENOENT ? Errc::missing : Errc::io_failure;
  error.file = std::string{file};
  error.rule = std::string{doing} + ": " + reason;
  return error;
}

}  // namespace detail

namespace {

Error damaged(std::string_view file, std::string rule) {
  Error error;
  error.code = Errc::malformed;
  error.file = std::string{file};
  error.rule = std::move(rule);
  return error;
}

}  // namespace

ByteSource::~ByteSource() = default;

std::optional<double> ByteSource::done() const noexcept { return std::nullopt; }

struct InputFile::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
#if defined(OMBRE_WITH_ZLIB)
    if (inflating) inflateEnd(&stream);
#endif
    if (owned && descriptor >= 0) ::close(descriptor);
  }

  // Bytes as they lie in the file, after the ones that were peeked at.
  Result<std::size_t> read_raw(char* out, std::size_t room) {
    if (peeked_at < peeked.size()) {
      const std::size_t n = std::min(room, peeked.size() - peeked_at);
      std::memcpy(out, peeked.data() + peeked_at, n);
      peeked_at += n;
      return n;
    }
    for (;;) {
      const ssize_t got = ::read(descriptor, out, std::min<std::size_t>(room, 1U << 30U));
      if (got >= 0) {
        consumed += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno != EINTR) {
        return unexpected(detail::system_error(name, "cannot read the file", errno));
      }
    }
  }

#if defined(OMBRE_WITH_ZLIB)
  Result<void> start_inflating() {
    packed.resize(std::size_t{1} << 16U);
    // 15 + 16: largest window, gzip header and checksum expected.
    if (inflateInit2(&stream, 15 + 16) != Z_OK) {
      return unexpected(damaged(name, "cannot unpack: no memory for gzip"));
    }
    inflating = true;
    return {};
  }

  // Makes sure stream has input, unless the file ended.
  Result<void> refill() {
    if (stream.avail_in > 0 || raw_ended) return {};
    const auto got = read_raw(packed.data(), packed.size());
    if (!got) return unexpected(got.error());
    raw_ended = *got == 0;
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(*got);
    return {};
  }

  // Between two members: another one, padding, or the end.
  Result<void> next_member() {
    for (;;) {
      if (auto filled = refill(); !filled) return filled;
      if (stream.avail_in == 0) {
        ended = true;
        return {};
      }
      if (*stream.next_in == 0) {  // padding, as tapes and block devices leave it
        padded = true;
        ++stream.next_in;
        --stream.avail_in;
        continue;
      }
      // A further member. That it is one at all, inflate checks by its magic bytes.
      if (padded || *stream.next_in != 0x1F || inflateReset(&stream) != Z_OK) {
        return unexpected(damaged(name,
                                  "damaged gzip file: bytes that are not gzip follow the "
                                  "end of the packed data"));
      }
      between_members = false;
      return {};
    }
  }

  Result<std::size_t> read_gzip(std::span<char> out) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    const std::size_t room = std::min<std::size_t>(out.size(), 1U << 30U);
    stream.avail_out = static_cast<uInt>(room);
    while (stream.avail_out == room && !ended) {
      if (between_members) {
        if (const auto next = next_member(); !next) return unexpected(next.error());
        continue;
      }
      if (const auto filled = refill(); !filled) return unexpected(filled.error());
      if (stream.avail_in == 0) {
        return unexpected(damaged(name,
                                  "damaged gzip file: it ends before the packed data do "
                                  "(an incomplete download or copy?)"));
      }
      const int state = inflate(&stream, Z_NO_FLUSH);
      if (state == Z_STREAM_END) {
        between_members = true;
      } else if (state != Z_OK && state != Z_BUF_ERROR) {
        const std::string why = stream.msg != nullptr ? stream.msg : "unknown reason";
        return unexpected(damaged(name, "damaged gzip file: " + why));
      }
    }
    return room - stream.avail_out;
  }

  z_stream stream{};
  std::vector<char> packed;
  bool inflating = false;
  bool raw_ended = false;
  bool between_members = false;
  bool padded = false;
#endif

  std::string name;
  int descriptor = -1;
  bool owned = false;
  bool gzip = false;
  bool ended = false;
  std::string peeked;
  std::size_t peeked_at = 0;
  std::uint64_t consumed = 0;
  std::optional<std::uint64_t> size;
};

InputFile::InputFile(std::unique_ptr<State> state) : state_{std::move(state)} {}
InputFile::~InputFile() = default;

Result<std::unique_ptr<InputFile>> InputFile::open(const std::string& path, InputOptions options) {
  auto state = std::make_unique<State>();
  if (path == "-") {
    state->name = "standard input";
    state->descriptor = STDIN_FILENO;
  } else {
    state->name = path;
    if (path.empty()) {
      return unexpected(error_of(Errc::missing, "path", "must name a file, or be \"-\""));
    }
    do {
      state->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    } while (state->descriptor < 0 && errno == EINTR);
    if (state->descriptor < 0) {
      return unexpected(detail::system_error(path, "cannot open the file", errno));
    }
    state->owned = true;
    struct stat info {};
    if (::fstat(state->descriptor, &info) == 0) {
      if (S_ISDIR(info.st_mode)) {
        return unexpected(detail::system_error(path, "cannot read the file", EISDIR));
      }
      if (S_ISREG(info.st_mode)) state->size = static_cast<std::uint64_t>(info.st_size);
    }
  }
  if (options.gunzip) {
    // A pipe may hand over a single byte at first.
    std::string start(2, '\0');
    std::size_t have = 0;
    while (have < 2) {
      const auto got = state->read_raw(start.data() + have, 2 - have);
      if (!got) return unexpected(got.error());
      if (*got == 0) break;
      have += *got;
    }
    start.resize(have);
    state->gzip = start == "\x1F\x8B";
    state->peeked = std::move(start);
  }
  if (state->gzip) {
#if defined(OMBRE_WITH_ZLIB)
    if (const auto ready = state->start_inflating(); !ready) return unexpected(ready.error());
#else
    Error error;
    error.code = Errc::unsupported;
    error.file = state->name;
    error.rule =
        "is packed with gzip, which this build of ombre cannot read (configured without zlib): "
        "unpack it first, or configure with OMBRE_WITH_ZLIB=ON";
    return unexpected(error);
#endif
  }
  return std::unique_ptr<InputFile>{new InputFile{std::move(state)}};
}

Result<std::size_t> InputFile::read(std::span<char> out) {
  if (out.empty() || state_->ended) return std::size_t{0};
#if defined(OMBRE_WITH_ZLIB)
  if (state_->gzip) return state_->read_gzip(out);
#endif
  return state_->read_raw(out.data(), out.size());
}

std::string_view InputFile::name() const noexcept { return state_->name; }

std::optional<double> InputFile::done() const noexcept {
  if (!state_->size) return std::nullopt;
  if (*state_->size == 0) return 1.0;
  return std::min(1.0, static_cast<double>(state_->consumed) / static_cast<double>(*state_->size));
}

bool InputFile::is_gzip() const noexcept { return state_->gzip; }

TextSource::TextSource(std::string_view text, std::string name, std::size_t most_per_read)
    : text_{text}, name_{std::move(name)}, most_per_read_{most_per_read} {}

Result<std::size_t> TextSource::read(std::span<char> out) {
  std::size_t n = std::min(out.size(), text_.size() - at_);
  if (most_per_read_ > 0) n = std::min(n, most_per_read_);
  if (n > 0) std::memcpy(out.data(), text_.data() + at_, n);
  at_ += n;
  return n;
}

std::string_view TextSource::name() const noexcept { return name_; }

std::optional<double> TextSource::done() const noexcept {
  if (text_.empty()) return 1.0;
  return static_cast<double>(at_) / static_cast<double>(text_.size());
}

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  auto file = InputFile::open(path);
  if (!file) return unexpected(file.error());
  std::string text;
  std::size_t filled = 0;
  for (;;) {
    if (filled == text.size()) {
      text.resize(std::max<std::size_t>(std::size_t{1} << 16U, text.size() * 2));
    }
    const auto got = (*file)->read({text.data() + filled, text.size() - filled});
    if (!got) return unexpected(got.error());
    if (*got == 0) break;
    filled += *got;
    if (filled > max_bytes) {
      Error error;
      error.code = Errc::too_large;
      error.file = std::string{(*file)->name()};
      error.rule = "holds more than " + std::to_string(max_bytes) + " bytes" +
                   ((*file)->is_gzip() ? " when unpacked" : "");
      return unexpected(error);
    }
  }
  text.resize(filled);
  return text;
}

}  // namespace ombre::inline v0::io
