// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QIODevice>

#include <memory>
#include <optional>

namespace counterfoil {

/// A device read byte by byte through one fixed buffer, with the offset and line number of the next byte. Works on sequential
/// devices. The device stays open and outlives it.
class ByteSource {
public:
    explicit ByteSource(QIODevice& device);
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    /// The next byte, or −1 at the end or after a failure (see status()).
    int next()
    {
        if (m_at == m_size && !refill()) {
            return -1;
        }
        const auto byte = static_cast<unsigned char>(m_buffer[m_at++]);
        m_line += byte == '\n' ? 1 : 0;
        return byte;
    }

    /// As next(), without taking it.
    int peek() { return m_at == m_size && !refill() ? -1 : static_cast<unsigned char>(m_buffer[m_at]); }

    /// Takes bytes up to `offset`, so that lines are counted. Errors: FileUnreadable (before what was read already, beyond
    /// the end, or the device's failure).
    Result<void> skipTo(qint64 offset);

    /// Takes a UTF-8 byte order mark. Call it once, at the start. Errors: InvalidText (a byte order mark of UTF-16).
    Result<void> skipByteOrderMark();

    qint64 offset() const { return m_base + m_at; }
    /// Of the next byte, counted from 1.
    qint64 line() const { return m_line; }
    /// Errors: FileUnreadable, when the device failed.
    Result<void> status() const;

private:
    bool refill();

    QIODevice& m_device;
    std::unique_ptr<char[]> m_buffer;
    qint64 m_size = 0;
    qint64 m_at = 0;
    qint64 m_base = 0;
    qint64 m_line = 1;
    std::optional<Error> m_failure;
};

} // namespace counterfoil
