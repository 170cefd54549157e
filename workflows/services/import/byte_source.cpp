// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/byte_source.h"

#include <QFileDevice>

namespace counterfoil {

namespace {

constexpr qint64 bufferBytes = 64 * 1024;
constexpr qint64 markBytesMax = 3;

} // namespace

ByteSource::ByteSource(QIODevice& device) : m_device(device), m_buffer(std::make_unique<char[]>(bufferBytes)) {}

bool ByteSource::refill()
{
    if (m_failure) {
        return false;
    }
    m_base += m_at;
    m_at = 0;
    m_size = std::max<qint64>(0, m_device.read(m_buffer.get(), bufferBytes));
    if (m_size == 0) {
        // A read of −1 means the end as well as a failure; only files tell which.
        const auto* file = qobject_cast<const QFileDevice*>(&m_device);
        if (file != nullptr && file->error() != QFileDevice::NoError) {
            m_failure = Error{ErrorCode::FileUnreadable, file->errorString()};
        }
    }
    return m_size > 0;
}

Result<void> ByteSource::skipTo(qint64 target)
{
    if (target < offset()) {
        return fail(ErrorCode::FileUnreadable, QStringLiteral("byte %1 was read already").arg(target));
    }
    while (offset() < target) {
        if (next() < 0) {
            CF_TRY(status());
            return fail(ErrorCode::FileUnreadable, QStringLiteral("the file ends at byte %1, before byte %2").arg(offset()).arg(target));
        }
    }
    return {};
}

Result<void> ByteSource::skipByteOrderMark()
{
    const int first = peek();
    CF_TRY(status());
    const auto startsWith = [&](std::initializer_list<unsigned char> mark) {
        const std::string_view bytes(m_buffer.get(), static_cast<std::size_t>(m_size));
        return bytes.starts_with(std::string(mark.begin(), mark.end()));
    };
    if (first < 0) {
        return {};
    }
    // A pipe may give the mark in pieces. What fails here fails again at the next refill, which says so.
    for (qint64 more = 1; m_size < markBytesMax && more > 0; m_size += std::max<qint64>(0, more)) {
        more = m_device.read(m_buffer.get() + m_size, bufferBytes - m_size);
    }
    if (startsWith({0xff, 0xfe}) || startsWith({0xfe, 0xff})) {
        return fail(ErrorCode::InvalidText, QStringLiteral("the file is UTF-16; save it as UTF-8"));
    }
    if (startsWith({0xef, 0xbb, 0xbf})) {
        m_at = 3;
    }
    return {};
}

Result<void> ByteSource::status() const
{
    return m_failure ? Result<void>(std::unexpected(*m_failure)) : Result<void>();
}

} // namespace counterfoil
