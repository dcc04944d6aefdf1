#pragma once
/// @file
/// Bytes in and bytes out: files, standard input and output, gzip.
///
/// Reading streams in pieces, so that memory stays bounded however large the file (or what a small
/// gzip file unpacks to) is. Writing goes to a temporary file beside the target which takes the
/// target's name only at the end: a reader never sees half a file, and a failed run leaves the old
/// one as it was.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io {

/// Where bytes come from. Readers of formats take this, so that tests and callers can feed them
/// from anywhere.
class OMBRE_EXPORT ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource();
  /// Fills the front of `out` and returns how many bytes were written; 0 only at the end (or for
  /// an empty `out`). May return fewer than asked for at any time.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> out) = 0;
  /// How the source is called in messages, such as "use.csv.gz" or "standard input".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// Share of the source consumed, 0..1, where its size is known.
  [[nodiscard]] virtual std::optional<double> done() const noexcept;
};

/// How a file is opened for reading.
struct InputOptions {
  /// Unpack what starts with the two magic bytes of gzip. With false the packed bytes come out.
  bool gunzip = true;
};

/// A file, or standard input when the path is "-". Gzip is recognised by its first two bytes, not
/// by the name; members that follow each other are read as one stream (as `zcat` does), zero bytes
/// after the last member are ignored, anything else there is an error, and so are a truncated
/// stream and a wrong checksum.
/// @par Errors missing (no such file), io_failure (a folder, no permission, a failing disk),
/// malformed (damaged gzip), unsupported (gzip in a build without zlib)
class OMBRE_EXPORT InputFile final : public ByteSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<InputFile>> open(const std::string& path,
                                                               InputOptions options = {});
  ~InputFile() override;

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;
  [[nodiscard]] std::string_view name() const noexcept override;
  [[nodiscard]] std::optional<double> done() const noexcept override;
  /// Whether the bytes are being unpacked.
  [[nodiscard]] bool is_gzip() const noexcept;

 private:
  struct State;
  explicit InputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Bytes in memory. The text must outlive the source.
class OMBRE_EXPORT TextSource final : public ByteSource {
 public:
  /// @param most_per_read  hand out at most this many bytes at a time; 0 = as many as fit
  explicit TextSource(std::string_view text, std::string name = "text",
                      std::size_t most_per_read = 0);

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;
  [[nodiscard]] std::string_view name() const noexcept override;
  [[nodiscard]] std::optional<double> done() const noexcept override;

 private:
  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
  std::size_t most_per_read_;
};

/// A whole file in memory ("-" = standard input, gzip as in InputFile).
/// @param max_bytes  more than this many unpacked bytes fail with too_large
[[nodiscard]] OMBRE_EXPORT Result<std::string> read_file(const std::string& path,
                                                         std::uint64_t max_bytes = std::uint64_t{1}
                                                                                   << 30U);

/// A file that appears whole or not at all.
///
/// Bytes go to a file without a name in the folder of the target (to a hidden file where the file
/// system has no such). commit() writes them through to the disk, names and renames; without
/// commit() the destructor removes them and the target stays untouched, and so it does where the
/// process is killed.
/// An existing target keeps its permissions, and a symbolic link stays a link (the file it points
/// to is replaced). What cannot be renamed is written directly: "-" (standard output, buffered),
/// and targets that are a pipe, a terminal or a device. A reader that went away (a broken pipe) is
/// an io_failure here, not a signal.
/// @par Errors io_failure, missing (no such folder): `file` and the system's reason
class OMBRE_EXPORT OutputFile {
 public:
  [[nodiscard]] static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// Appends. After a failure every further call fails with the same error.
  [[nodiscard]] Result<void> write(std::string_view bytes);
  /// Makes what was written visible under the target's name. Call once, at the end.
  [[nodiscard]] Result<void> commit();
  /// The first half of commit(): everything is on the disk and only the rename is left, so that of
  /// several files all can be prepared before the first appears. commit() may follow. Nothing is
  /// prepared for a pipe or standard output, where what was written cannot be taken back.
  [[nodiscard]] Result<void> prepare();
  /// How the target is called in messages.
  [[nodiscard]] const std::string& name() const noexcept;
  /// Whether bytes go straight to the target ("-", a pipe, a device): nothing is renamed then.
  [[nodiscard]] bool direct() const noexcept;

 private:
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A file to be written, and its bytes.
struct FileText {
  std::string path;
  std::string_view bytes;
};

/// Several files, all or none: all are created and written to temporary files first; then what has
/// to be written directly ("-", pipes); and only when nothing is left that can run out of space or
/// be refused, the renames, one right after the other. Where a step before them fails, no file
/// appears and old ones stay as they were. Two paths that are one file are the caller's to refuse.
/// @par Errors those of OutputFile; what is on standard output by then stays
[[nodiscard]] OMBRE_EXPORT Result<void> write_files(std::span<const FileText> files);

/// Creates, writes and commits in one go.
[[nodiscard]] OMBRE_EXPORT Result<void> write_file(const std::string& path, std::string_view bytes);

}  // namespace ombre::inline v0::io
