#include "ombre/io/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include "support/shared_data.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace ombre;
using ombre_test::bytes_of;
using ombre_test::TemporaryFolder;

// "harm reduction\n" packed by gzip 1.12 (gzip -9n), as bytes.
const std::string packed_text{
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\x2c\xca\x55\x28\x4a\x4d\x29\x4d\x2e\xc9\xcc"
    "\xcf\xe3\x02\x00\xf9\xaf\xfa\x33\x0f\x00\x00\x00",
    35};

TEST(InputFile, ReadsAPlainFileInPiecesOfAnySize) {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + '\n';
  const std::string path = folder.file("numbers.txt", text);
  for (const std::size_t piece : {1U, 2U, 3U, 64U, 100000U}) {
    auto file = io::InputFile::open(path);
    ASSERT_TRUE(file);
    EXPECT_FALSE((*file)->is_gzip());
    std::string out;
    std::string buffer(piece, '\0');
    for (;;) {
      const auto got = (*file)->read({buffer.data(), buffer.size()});
      ASSERT_TRUE(got);
      if (*got == 0) break;
      out.append(buffer, 0, *got);
    }
    EXPECT_EQ(out, text) << piece;
    EXPECT_EQ((*file)->done(), 1.0);
  }
}

TEST(InputFile, AnEmptyAndAOneByteFileAreRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(*io::read_file(folder.file("empty", "")), "");
  EXPECT_EQ(*io::read_file(folder.file("one", "\x1f")), "\x1f");
}

TEST(InputFile, GzipIsKnownByItsBytesAndNotByItsName) {
  const TemporaryFolder folder;
  EXPECT_EQ(*io::read_file(folder.file("packed.txt", packed_text)), "harm reduction\n");
  EXPECT_EQ(*io::read_file(folder.file("plain.gz", "not packed")), "not packed");
  auto raw = io::InputFile::open(folder / "packed.txt", {.gunzip = false});
  std::string buffer(100, '\0');
  ASSERT_EQ(*(*raw)->read({buffer.data(), buffer.size()}), packed_text.size());
}

TEST(InputFile, GzipMembersInARowAreOneStreamAndZeroPaddingIsIgnored) {
  const TemporaryFolder folder;
  const std::string padding(1000, '\0');
  const std::string path = folder.file("two.gz", packed_text + packed_text + padding);
  EXPECT_EQ(*io::read_file(path), "harm reduction\nharm reduction\n");
}

TEST(InputFile, EveryTruncationOfAGzipFileIsAnError) {
  const TemporaryFolder folder;
  for (std::size_t size = 2; size < packed_text.size(); ++size) {
    const auto text = io::read_file(folder.file("cut.gz", packed_text.substr(0, size)));
    ASSERT_FALSE(text) << size;
    EXPECT_EQ(text.error().code, Errc::malformed);
    EXPECT_NE(text.error().rule.find("ends before the packed data"), std::string::npos);
  }
}

TEST(InputFile, DamagedGzipIsAnErrorAndNamesTheFile) {
  const TemporaryFolder folder;
  std::string wrong_checksum = packed_text;
  wrong_checksum[packed_text.size() - 6] ^= 1;
  const auto text = io::read_file(folder.file("bad.gz", wrong_checksum));
  ASSERT_FALSE(text);
  EXPECT_EQ(describe(text.error()),
            (folder / "bad.gz") + ": damaged gzip file: incorrect data check");
  const auto tail = io::read_file(folder.file("tail.gz", packed_text + "and more"));
  ASSERT_FALSE(tail);
  EXPECT_NE(tail.error().rule.find("bytes that are not gzip follow"), std::string::npos);
  const auto late =
      io::read_file(folder.file("late.gz", packed_text + std::string(3, '\0') + packed_text));
  EXPECT_FALSE(late);
}

TEST(InputFile, WhatAGzipFileUnpacksToIsBoundedByTheLimitOfTheReader) {
  const TemporaryFolder folder;
  std::string many;
  for (int i = 0; i < 10000; ++i) many += packed_text;
  const auto text = io::read_file(folder.file("bomb.gz", many), 100'000);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, Errc::too_large);
  EXPECT_NE(describe(text.error()).find("more than 100000 bytes when unpacked"), std::string::npos);
}

TEST(InputFile, WhatCannotBeOpenedSaysWhy) {
  const TemporaryFolder folder;
  const auto missing = io::InputFile::open(folder / "no.csv");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::missing);
  EXPECT_EQ(describe(missing.error()),
            (folder / "no.csv") + ": cannot open the file: no such file or folder");
  const auto is_folder = io::InputFile::open(folder.path().string());
  ASSERT_FALSE(is_folder);
  EXPECT_EQ(is_folder.error().rule, "cannot read the file: it is a folder");
  EXPECT_FALSE(io::InputFile::open(""));
}

TEST(InputFile, ReadsTheRealGzipTables) {
  OMBRE_SHARED_OR_SKIP(path, "outcomes/data/ctn0094/tlfb.csv.gz");
  const auto text = io::read_file(path.string());
  ASSERT_TRUE(text);
  EXPECT_EQ(text->substr(0, 12), "who,what,whe");
}

TEST(OutputFile, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  const std::string path = folder / "out.csv";
  {
    auto file = io::OutputFile::create(path);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half "));
    EXPECT_FALSE(std::filesystem::exists(path));
  }
  EXPECT_EQ(folder.files(), 0U) << "nothing is left behind";
  auto file = io::OutputFile::create(path);
  ASSERT_TRUE(file->write("all "));
  ASSERT_TRUE(file->write(std::string(200'000, 'x')));
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(bytes_of(path), "all " + std::string(200'000, 'x'));
  EXPECT_EQ(folder.files(), 1U);
  EXPECT_FALSE(file->commit());
  EXPECT_FALSE(file->write("more"));
}

TEST(OutputFile, AnUnfinishedRunLeavesTheOldFileAsItWas) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.csv", "old");
  {
    auto file = io::OutputFile::create(path);
    ASSERT_TRUE(file->write("new"));
  }
  EXPECT_EQ(bytes_of(path), "old");
  ASSERT_TRUE(io::write_file(path, "new"));
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(OutputFile, AnExistingFileKeepsItsPermissionsAndANewOneFollowsTheUmask) {
  const TemporaryFolder folder;
  const std::string path = folder.file("out.csv", "old");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(io::write_file(path, "new"));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0640U);
  const mode_t mask = umask(027);
  ASSERT_TRUE(io::write_file(folder / "fresh.csv", "new"));
  umask(mask);
  ASSERT_EQ(stat((folder / "fresh.csv").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0640U);
}

TEST(OutputFile, ASymbolicLinkStaysALink) {
  const TemporaryFolder folder;
  const std::string path = folder.file("real.csv", "old");
  ASSERT_EQ(symlink("real.csv", (folder / "link.csv").c_str()), 0);
  ASSERT_TRUE(io::write_file(folder / "link.csv", "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(OutputFile, SeveralWritersOfOneTargetDoNotMixTheirBytes) {
  const TemporaryFolder folder;
  auto a = io::OutputFile::create(folder / "out.csv");
  auto b = io::OutputFile::create(folder / "out.csv");
  ASSERT_TRUE(a && b);
  ASSERT_TRUE(a->write("aaaa"));
  ASSERT_TRUE(b->write("bb"));
  ASSERT_TRUE(b->commit());
  ASSERT_TRUE(a->commit());
  EXPECT_EQ(bytes_of(folder / "out.csv"), "aaaa");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(OutputFile, WhatCannotBeWrittenSaysWhy) {
  const TemporaryFolder folder;
  const auto no_folder = io::OutputFile::create(folder / "no/out.csv");
  ASSERT_FALSE(no_folder);
  EXPECT_EQ(describe(no_folder.error()), (folder / "no/out.csv") +
                                             ": cannot create the file: the folder \"" +
                                             (folder / "no") + "\" does not exist");
  const auto is_folder = io::OutputFile::create(folder.path().string());
  ASSERT_FALSE(is_folder);
  EXPECT_EQ(is_folder.error().rule, "cannot create the file: it is a folder");
  const auto below_file = io::OutputFile::create(folder.file("plain", "x") + "/out.csv");
  ASSERT_FALSE(below_file);
  EXPECT_FALSE(io::OutputFile::create(""));
  EXPECT_FALSE(io::OutputFile::create("/proc/ombre-cannot-write-here"));
}

TEST(OutputFile, SeveralFilesAppearTogetherOrNotAtAll) {
  const TemporaryFolder folder;
  const std::string first = folder.file("plan.json", "old");
  const std::string second = folder / "page.txt";
  EXPECT_TRUE(
      io::write_files(std::array{io::FileText{first, "new"}, io::FileText{second, "page"}}));
  EXPECT_EQ(*io::read_file(first), "new");
  EXPECT_EQ(*io::read_file(second), "page");

  const std::string third = folder / "next.json";
  for (const std::string& wrong : {folder / "no/page.txt", folder.path().string(), std::string{}}) {
    EXPECT_FALSE(io::write_files(std::array{io::FileText{first, "newer"}, io::FileText{third, "x"},
                                            io::FileText{wrong, "page"}}));
    EXPECT_EQ(*io::read_file(first), "new") << wrong;
    EXPECT_FALSE(std::filesystem::exists(third)) << wrong;
  }
  if (std::filesystem::exists("/dev/full")) {
    EXPECT_FALSE(
        io::write_files(std::array{io::FileText{third, "x"}, io::FileText{"/dev/full", "page"}}));
    EXPECT_FALSE(std::filesystem::exists(third));
  }
  EXPECT_EQ(folder.files(), 2U);
}

TEST(OutputFile, AFullDiskIsAnError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full on this system";
  const auto full = io::write_file("/dev/full", "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::io_failure);
  EXPECT_EQ(describe(full.error()),
            "/dev/full: cannot write the file: no space left on the device");
}

TEST(OutputFile, ABrokenPipeIsAnErrorAndNotASignal) {
  const TemporaryFolder folder;
  const std::string path = folder / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread reader{[&] {
    const int in = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    close(in);
  }};
  auto file = io::OutputFile::create(path);
  reader.join();
  ASSERT_TRUE(file);
  const std::string block(1U << 20U, 'x');
  const auto written = file->write(block);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().rule,
            "cannot write the file: the program reading the output has ended");
  EXPECT_FALSE(file->commit());
  sigset_t waiting;
  sigpending(&waiting);
  EXPECT_EQ(sigismember(&waiting, SIGPIPE), 0) << "the signal was taken away";
}

TEST(OutputFile, AProcessThatIsKilledLeavesNothingBehind) {
  const TemporaryFolder folder;
  const std::string target = folder.file("out.csv", "old");
  const auto entries = [&] {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{target}.parent_path()}) {
      ++n;
    }
    return n;
  };
  {
    auto probe = io::OutputFile::create(target);
    ASSERT_TRUE(probe);
    if (entries() > 1) GTEST_SKIP() << "this file system has no files without a name";
  }
  const pid_t child = ::fork();
  if (child == 0) {
    auto file = io::OutputFile::create(target);
    if (file && file->write(std::string(200'000, 'x'))) ::kill(::getpid(), SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(entries(), 1U);
  EXPECT_EQ(*io::read_file(target), "old");
  EXPECT_TRUE(io::write_file(target, "new"));
  EXPECT_EQ(*io::read_file(target), "new");
  EXPECT_EQ(entries(), 1U);
}

}  // namespace
