// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/writer_lock.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSysInfo>
#include <QUrl>

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace counterfoil {

namespace {

constexpr int none = -1;

/// The one name of the database's file, however it was reached.
QString fileOf(const DatabaseUrl& url)
{
    QString path = url.path;
    if (path.startsWith(u"file:")) {
        path = QUrl(path).path();
    }
    const QFileInfo info(path);
    if (info.exists()) {
        return info.canonicalFilePath();
    }
    const QFileInfo folder(info.absolutePath());
    return folder.exists() ? folder.canonicalFilePath() + u'/' + info.fileName() : info.absoluteFilePath();
}

bool hasFile(const DatabaseUrl& url)
{
    return url.kind == DatabaseKind::Sqlite && !url.path.contains(u":memory:") && !url.path.contains(u"memdb") && !url.path.contains(u"mode=memory");
}

QString ownerIn(int descriptor)
{
    std::array<char, 512> bytes{};
    const ssize_t count = pread(descriptor, bytes.data(), bytes.size(), 0);
    const QString text = count > 0 ? QString::fromUtf8(bytes.data(), static_cast<qsizetype>(count)).simplified() : QString();
    // Between taking the lock and writing its name an owner is nameless for a moment.
    return text.isEmpty() ? QStringLiteral("another process") : text;
}

QByteArray ourselves()
{
    const QString text = QStringLiteral("pid %1, host %2, program %3\n")
                             .arg(QString::number(QCoreApplication::applicationPid()), QSysInfo::machineHostName(), QCoreApplication::applicationName());
    return text.toUtf8();
}

int lockNow(int descriptor)
{
    int outcome;
    do {
        outcome = flock(descriptor, LOCK_EX | LOCK_NB);
    } while (outcome != 0 && errno == EINTR);
    return outcome;
}

} // namespace

Result<std::unique_ptr<WriterLock>> WriterLock::acquire(const DatabaseUrl& url)
{
    if (!hasFile(url)) {
        return std::unique_ptr<WriterLock>(new WriterLock(none));
    }
    const QString path = fileOf(url) + QStringLiteral(".lock");
    const auto refused = [&path](int error) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(path, QString::fromLocal8Bit(std::strerror(error))));
    };
    const int descriptor = open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return refused(errno);
    }
    if (lockNow(descriptor) != 0) {
        const int error = errno;
        const QString owner = ownerIn(descriptor);
        close(descriptor);
        return error == EWOULDBLOCK ? fail(ErrorCode::DatabaseInUse, QStringLiteral("%1 belongs to %2").arg(fileOf(url), owner)) : refused(error);
    }
    std::unique_ptr<WriterLock> lock(new WriterLock(descriptor));
    const QByteArray text = ourselves();
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, text.constData(), static_cast<size_t>(text.size()), 0) != text.size()) {
        return refused(errno);
    }
    return lock;
}

WriterLock::~WriterLock()
{
    if (m_descriptor == none) {
        return;
    }
    // The file stays: removing it would let two processes lock two files of one name. Closing gives the lock back, as does death.
    [[maybe_unused]] const int emptied = ftruncate(m_descriptor, 0);
    close(m_descriptor);
}

} // namespace counterfoil
