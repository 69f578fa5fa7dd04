#include "tip_spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tip_file.h"

enum tip_err tip_spool_open(const char *dir, int *out_fd)
{
    int fd =
        open(dir, O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);

    if (fd < 0) {
        return tip_file_err(errno);
    }
    *out_fd = fd;
    return TIP_OK;
}

enum tip_err tip_spool_write(int fd, struct tip_bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t size = write(fd, bytes.data, bytes.size);

        if (size < 0 && errno != EINTR) {
            return tip_file_err(errno);
        }
        if (size > 0) {
            bytes.data += size;
            bytes.size -= (size_t)size;
        }
    }
    return TIP_OK;
}

enum tip_err tip_spool_rewind(int fd)
{
    return lseek(fd, 0, SEEK_SET) == 0 ? TIP_OK : TIP_EIO;
}

enum tip_err tip_spool_read(int fd, uint8_t *out, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t now = read(fd, out + done, size - done);

        if (now < 0 && errno != EINTR) {
            return TIP_EIO;
        }
        if (now == 0) {
            return done == 0 ? TIP_ENOTFOUND : TIP_EMALFORMED;
        }
        done += now > 0 ? (size_t)now : 0;
    }
    return TIP_OK;
}
