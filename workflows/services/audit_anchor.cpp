// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/audit_anchor.h"

#include "models/base/json.h"

#include <QFile>
#include <QRegularExpression>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace counterfoil {

namespace {

constexpr int hashLength = 64;

std::unexpected<Error> notWritable(const QString& path, int error)
{
    return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(path, QString::fromLocal8Bit(std::strerror(error))));
}

/// Closes the file with its life.
class AppendedFile {
public:
    static Result<AppendedFile> open(const QString& path)
    {
        const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        return descriptor < 0 ? Result<AppendedFile>(notWritable(path, errno)) : Result<AppendedFile>(AppendedFile(descriptor));
    }
    AppendedFile(AppendedFile&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    AppendedFile& operator=(AppendedFile&&) = delete;
    ~AppendedFile()
    {
        if (m_descriptor >= 0) {
            close(m_descriptor);
        }
    }

    Result<void> add(const QString& path, QByteArray line) const
    {
        // What a full disk or a power loss left of the line before stays a line of its own.
        struct stat status{};
        char last = '\n';
        if (fstat(m_descriptor, &status) == 0 && status.st_size > 0 && pread(m_descriptor, &last, 1, status.st_size - 1) == 1 && last != '\n') {
            line.prepend('\n');
        }
        const ssize_t written = write(m_descriptor, line.constData(), static_cast<std::size_t>(line.size()));
        if (written != line.size()) {
            return notWritable(path, written < 0 ? errno : ENOSPC);
        }
        // A pipe or a terminal has no disk.
        return fdatasync(m_descriptor) == 0 || errno == EINVAL || errno == EROFS ? Result<void>() : Result<void>(notWritable(path, errno));
    }

private:
    explicit AppendedFile(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace

QByteArray anchorLine(const AuditHead& head)
{
    return toJson({{QStringLiteral("position"), head.position},
                   {QStringLiteral("chain_sha256"), head.chainSha256},
                   {QStringLiteral("sealed_at"), head.sealedAt.toIso()},
                   {QStringLiteral("environment"), head.environment}})
        + '\n';
}

Result<AuditHead> parseAnchor(QByteArrayView line)
{
    static const QRegularExpression hash(QStringLiteral("\\A[0-9a-f]{64}\\z"));
    CF_ASSIGN(const QJsonObject object, parseJsonObject(line));
    const JsonReader reader(object);
    CF_TRY(reader.onlyFields({"position", "chain_sha256", "sealed_at", "environment"}));
    AuditHead head;
    CF_ASSIGN(head.position, reader.integer("position"));
    CF_ASSIGN(head.chainSha256, reader.optionalText("chain_sha256", hashLength));
    CF_ASSIGN(const QString sealedAt, reader.optionalText("sealed_at"));
    CF_ASSIGN(head.environment, reader.optionalText("environment"));
    const bool isBegun = head.position > 0 && hash.match(head.chainSha256).hasMatch();
    const bool isEmpty = head.position == 0 && head.chainSha256.isEmpty() && sealedAt.isEmpty();
    if (!isBegun && !isEmpty) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("position and chain_sha256 are no head of a chain"));
    }
    if (isBegun) {
        CF_ASSIGN(head.sealedAt, UtcTime::fromIso(sealedAt));
    }
    return head;
}

Result<std::vector<AuditHead>> readAnchors(const QString& path)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly)) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1: %2").arg(path, file.errorString()));
    }
    std::vector<AuditHead> anchors;
    for (int number = 1; !file.atEnd(); ++number) {
        const QByteArray line = file.readLine(4096).trimmed();
        if (!line.endsWith('}')) {
            continue;
        }
        auto anchor = parseAnchor(line);
        if (!anchor) {
            return fail(anchor.error().code, QStringLiteral("%1, line %2: %3").arg(path).arg(number).arg(anchor.error().detail));
        }
        anchors.push_back(std::move(*anchor));
    }
    if (anchors.empty()) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("%1 has no anchor in it").arg(path));
    }
    return anchors;
}

Result<void> appendAnchor(const QString& path, const AuditHead& head)
{
    CF_ASSIGN(const AppendedFile file, AppendedFile::open(path));
    return file.add(path, anchorLine(head));
}

Result<void> prepareAnchorFile(const QString& path)
{
    CF_ASSIGN(const AppendedFile file, AppendedFile::open(path));
    return {};
}

} // namespace counterfoil
