// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/services/import/byte_source.h"

#include <QStringList>

#include <vector>

namespace counterfoil {

struct CsvLimits {
    qint64 recordBytesMax = 1024 * 1024;
    qsizetype fieldsMax = 1000;
};

/// One record of a CSV file. With an `error`, `fields` holds what could be read before it, so that a reader can tell what
/// the record was about.
struct CsvRecord {
    /// Of its first byte; reading can start again there.
    qint64 byteOffset = 0;
    /// Of its first byte, counted from 1.
    qint64 line = 0;
    QStringList fields;
    /// MalformedInput (text after a closing quote, a quote never closed), TooLarge (bytes or columns), InvalidText (not UTF-8,
    /// NUL).
    std::optional<Error> error;
};

/// Reads CSV as RFC 4180 writes it, in UTF-8 with or without a byte order mark, record by record: line ends are LF or CRLF,
/// quoted fields hold commas, line ends and doubled quotes; a quote inside an unquoted field is itself. Empty lines are
/// passed over. Never holds more than one record, nor more of a record than `recordBytesMax`: a longer one is reported and
/// passed over. A bad record doesn't stop the reading.
class CsvReader {
public:
    explicit CsvReader(QIODevice& device, const CsvLimits& limits = {});

    /// The next record; none at the end. Errors: FileUnreadable, InvalidText (a UTF-16 file): nothing more can be read.
    Result<std::optional<CsvRecord>> next();

    /// Goes on at a record's offset, which must not lie before what was read. Errors: FileUnreadable, InvalidText.
    Result<void> skipTo(qint64 byteOffset);

    /// Of the record that next() gives.
    qint64 byteOffset() const { return m_source.offset(); }

private:
    enum class State { FieldStart, Plain, Quoted, QuoteSeen };

    Result<void> start();
    void readRecord(CsvRecord& record);
    bool readByte(int byte, CsvRecord& record);
    void append(int byte);
    void endField(CsvRecord& record);
    void keepPrefix();
    void decodeFields(CsvRecord& record) const;
    static void note(CsvRecord& record, ErrorCode code, const QString& detail);

    ByteSource m_source;
    const CsvLimits m_limits;
    bool m_started = false;
    State m_state = State::FieldStart;
    bool m_overLimit = false;
    qint64 m_quoteLine = 0;
    QByteArray m_bytes;
    std::vector<qsizetype> m_ends;
};

} // namespace counterfoil
