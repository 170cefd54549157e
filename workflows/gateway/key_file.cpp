// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/key_file.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace counterfoil {

namespace {

constexpr qint64 secretBytesMax = 4096;

Result<QByteArray> checkedSecret(const QByteArray& content, const QString& source)
{
    const QByteArray secret = content.trimmed();
    if (secret.isEmpty()) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 is empty").arg(source));
    }
    if (!std::ranges::all_of(secret, [](char c) { return c > ' ' && c < 127; })) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 holds more than one printable word").arg(source));
    }
    return secret;
}

Result<void> checkStatus(const struct stat& status, const QString& path)
{
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 is not a regular file").arg(path));
    }
    if (status.st_uid != ::geteuid() && status.st_uid != 0) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 belongs to another user").arg(path));
    }
    if ((status.st_mode & 0177) != 0) {
        return fail(ErrorCode::ConfigurationInvalid,
                    QStringLiteral("%1 has mode 0%2; a secret's file must have 0600").arg(path, QString::number(status.st_mode & 0777, 8)));
    }
    if (status.st_size > secretBytesMax) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("%1 has more than %2 bytes").arg(path).arg(secretBytesMax));
    }
    return {};
}

} // namespace

Result<QByteArray> readSecretFile(const QString& path)
{
    // What is checked is the open file, so that it can't be exchanged in between. O_NONBLOCK: a named pipe must not hang the start.
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(path, QString::fromLocal8Bit(std::strerror(errno))));
    }
    QFile file;
    if (!file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) {
        ::close(descriptor);
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(path, file.errorString()));
    }
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(path, QString::fromLocal8Bit(std::strerror(errno))));
    }
    CF_TRY(checkStatus(status, path));
    return checkedSecret(file.read(secretBytesMax), path);
}

Result<QByteArray> loadGatewayKey(const QString& path)
{
    if (!path.isEmpty()) {
        return readSecretFile(path);
    }
    if (!qEnvironmentVariableIsSet(gatewayKeyVariable)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("no key: neither a key file nor %1 is given").arg(QLatin1String(gatewayKeyVariable)));
    }
    return checkedSecret(qgetenv(gatewayKeyVariable), QLatin1String(gatewayKeyVariable));
}

} // namespace counterfoil
