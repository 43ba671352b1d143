// Whole files in and out. Writing goes through a file beside the target and a rename, so that a
// reader (or a power cut) sees the old text or the new one and never half of it.

#include <perpetuum/text.hpp>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace perpetuum {

namespace {

struct FileHandle {
    int number = -1;
    ~FileHandle() {
        if (number >= 0) close(number);
    }
};

std::string system_words(std::string const& path, int error) {
    return printable(path) + ": " + std::strerror(error);
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        ssize_t const written = write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return fsync(file) == 0;
}

/// Where a path leads: a link stays a link and its target is replaced.
std::string followed(std::string const& path) {
    char* real = realpath(path.c_str(), nullptr);
    if (!real) return path;
    std::string result = real;
    std::free(real);
    return result;
}

/// A new file beside the target, with a name that nobody uses.
std::string create_beside(std::string const& target, mode_t mode, FileHandle& file) {
    for (int i = 0; i < 100; ++i) {
        std::string const name =
            target + ".new-" + std::to_string(getpid()) + "-" + std::to_string(i);
        file.number = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file.number >= 0 || errno != EEXIST) return name;
    }
    return target + ".new";
}

} // namespace

bool read_text_file(std::string const& path, std::string& content, std::string& problem,
                    std::size_t most) {
    content.clear();
    FileHandle file;
    // Without O_NONBLOCK, opening a pipe that nobody writes would wait for ever.
    file.number = open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status {};
    if (file.number < 0 || fstat(file.number, &status) != 0) {
        problem = system_words(path, errno);
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        problem = printable(path) + (S_ISDIR(status.st_mode) ? ": is a folder" : ": is not a file");
        return false;
    }
    // The size may lie or grow while we read: what counts is what comes.
    char buffer[65536];
    while (true) {
        ssize_t const count = read(file.number, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            problem = system_words(path, errno);
            return false;
        }
        if (count == 0) return true;
        if (content.size() + static_cast<std::size_t>(count) > most) {
            content.clear();
            problem = printable(path) + ": larger than " + std::to_string(most) + " bytes";
            return false;
        }
        content.append(buffer, static_cast<std::size_t>(count));
    }
}

bool write_text_file(std::string const& path, std::string_view content, std::string& problem) {
    std::string const target = followed(path);
    struct stat status {};
    bool const exists = stat(target.c_str(), &status) == 0;
    if (exists && !S_ISREG(status.st_mode)) {
        problem = printable(path) + ": is not a file";
        return false;
    }
    FileHandle file;
    std::string const beside = create_beside(target, 0666, file);
    if (file.number < 0) {
        problem = system_words(path, errno);
        return false;
    }
    bool const kept_mode = !exists || fchmod(file.number, status.st_mode & 07777) == 0;
    if (!kept_mode || !write_all(file.number, content) ||
        rename(beside.c_str(), target.c_str()) != 0) {
        problem = system_words(path, errno);
        unlink(beside.c_str());
        return false;
    }
    return true;
}

} // namespace perpetuum
