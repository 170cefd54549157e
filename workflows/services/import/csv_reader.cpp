// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/csv_reader.h"

#include "models/base/text.h"

namespace counterfoil {

namespace {

/// What is kept of a record beyond the limits, to tell what it was about.
constexpr qsizetype prefixBytes = 4096;

} // namespace

CsvReader::CsvReader(QIODevice& device, const CsvLimits& limits) : m_source(device), m_limits(limits) {}

Result<void> CsvReader::start()
{
    if (!m_started) {
        CF_TRY(m_source.skipByteOrderMark());
        m_started = true;
    }
    return {};
}

Result<void> CsvReader::skipTo(qint64 byteOffset)
{
    CF_TRY(start());
    return m_source.skipTo(byteOffset);
}

Result<std::optional<CsvRecord>> CsvReader::next()
{
    CF_TRY(start());
    while (m_source.peek() >= 0) {
        CsvRecord record;
        record.byteOffset = m_source.offset();
        record.line = m_source.line();
        readRecord(record);
        CF_TRY(m_source.status());
        decodeFields(record);
        const bool blank = !record.error && record.fields.size() == 1 && record.fields.first().isEmpty();
        if (!blank) {
            return record;
        }
    }
    CF_TRY(m_source.status());
    return std::optional<CsvRecord>();
}

void CsvReader::readRecord(CsvRecord& record)
{
    m_state = State::FieldStart;
    m_overLimit = false;
    m_bytes.clear();
    m_ends.clear();
    for (int byte = m_source.next(); byte >= 0; byte = m_source.next()) {
        if (!m_overLimit && m_source.offset() - record.byteOffset > m_limits.recordBytesMax) {
            note(record, ErrorCode::TooLarge, QStringLiteral("the record is longer than %1 bytes").arg(m_limits.recordBytesMax));
            keepPrefix();
        }
        if (readByte(byte, record)) {
            endField(record);
            return;
        }
    }
    if (m_state == State::Quoted) {
        note(record, ErrorCode::MalformedInput, QStringLiteral("the quote opened on line %1 is never closed").arg(m_quoteLine));
    } else {
        endField(record);
    }
}

/// Returns true when the byte ended the record.
bool CsvReader::readByte(int byte, CsvRecord& record)
{
    if (m_state == State::Quoted) {
        if (byte == '"') {
            m_state = State::QuoteSeen;
        } else {
            append(byte);
        }
        return false;
    }
    if (byte == '"' && m_state == State::QuoteSeen) {
        append(byte);
        m_state = State::Quoted;
        return false;
    }
    if (byte == '"' && m_state == State::FieldStart) {
        m_quoteLine = m_source.line();
        m_state = State::Quoted;
        return false;
    }
    if (byte == ',') {
        endField(record);
        m_state = State::FieldStart;
        return false;
    }
    if (byte == '\n') {
        return true;
    }
    if (byte == '\r' && m_source.peek() == '\n') {
        m_source.next();
        return true;
    }
    if (m_state == State::QuoteSeen) {
        note(record, ErrorCode::MalformedInput, QStringLiteral("text follows the closing quote of column %1").arg(m_ends.size() + 1));
    }
    append(byte);
    m_state = State::Plain;
    return false;
}

void CsvReader::append(int byte)
{
    if (!m_overLimit) {
        m_bytes.append(static_cast<char>(byte));
    }
}

void CsvReader::endField(CsvRecord& record)
{
    if (m_overLimit) {
        return;
    }
    if (static_cast<qsizetype>(m_ends.size()) == m_limits.fieldsMax) {
        note(record, ErrorCode::TooLarge, QStringLiteral("the record has more than %1 columns").arg(m_limits.fieldsMax));
        keepPrefix();
        return;
    }
    m_ends.push_back(m_bytes.size());
}

void CsvReader::keepPrefix()
{
    m_overLimit = true;
    while (!m_ends.empty() && m_ends.back() > prefixBytes) {
        m_ends.pop_back();
    }
    m_bytes = m_bytes.left(m_ends.empty() ? 0 : m_ends.back());
}

void CsvReader::decodeFields(CsvRecord& record) const
{
    record.fields.reserve(static_cast<qsizetype>(m_ends.size()));
    qsizetype start = 0;
    for (const qsizetype end : m_ends) {
        const QByteArrayView bytes = QByteArrayView(m_bytes).sliced(start, end - start);
        const Result<QString> text = decodeUtf8(bytes);
        if (!text) {
            note(record, text.error().code, QStringLiteral("column %1: %2").arg(record.fields.size() + 1).arg(text.error().detail));
        }
        record.fields.append(text ? *text : QString());
        start = end;
    }
}

/// The first error of a record is the one that explains it, except that an error found later may have precedence.
void CsvReader::note(CsvRecord& record, ErrorCode code, const QString& detail)
{
    if (!record.error || code < record.error->code) {
        record.error = Error{code, detail};
    }
}

} // namespace counterfoil
