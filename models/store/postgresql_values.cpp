// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/postgresql_values.h"

#include <QtEndian>

#include <cstring>

namespace counterfoil {

namespace {

// From PostgreSQL's catalogue; they never change.
constexpr PostgresqlType int8Type = 20;
constexpr PostgresqlType textType = 25;
constexpr PostgresqlType int8ArrayType = 1016;
constexpr PostgresqlType textArrayType = 1009;
/// What the statement makes of it.
constexpr PostgresqlType anyType = 0;

/// Dimensions, whether there are NULLs, type of the elements, their number, number of the first.
constexpr qsizetype arrayHeader = 20;

void append(QByteArray& bytes, qint32 value)
{
    char raw[4];
    qToBigEndian(value, raw);
    bytes.append(raw, sizeof raw);
}

/// Appends the text in UTF-8; returns false if it has U+0000 in it.
bool append(QByteArray& bytes, QStringView text, QStringEncoder& encoder)
{
    const qsizetype from = bytes.size();
    bytes.resize(from + text.size() * 3);
    const char* const end = encoder.appendToBuffer(bytes.data() + from, text);
    bytes.resize(end - bytes.constData());
    return std::memchr(bytes.constData() + from, 0, static_cast<std::size_t>(bytes.size() - from)) == nullptr;
}

} // namespace

PostgresqlType arrayType(ColumnType type)
{
    return type == ColumnType::Text ? textArrayType : int8ArrayType;
}

QByteArray numberedPlaceholders(const QString& sql, int& count)
{
    QByteArray text;
    char quote = 0;
    count = 0;
    for (const char c : sql.toUtf8()) {
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '?') {
            text += '$' + QByteArray::number(++count);
            continue;
        }
        text += c;
    }
    return text;
}

void PlainValues::begin()
{
    m_buffer.resize(0);
    m_types.clear();
    m_from.clear();
    m_lengths.clear();
    m_hasNul = false;
}

void PlainValues::note(PostgresqlType type, qsizetype from)
{
    m_types.push_back(type);
    m_from.push_back(from);
    m_lengths.push_back(static_cast<int>(m_buffer.size() - std::max<qsizetype>(from, 0)));
    m_buffer += '\0';
}

void PlainValues::integer(qint64 value)
{
    const qsizetype from = m_buffer.size();
    m_buffer += QByteArray::number(value);
    note(int8Type, from);
}

void PlainValues::text(QStringView value)
{
    const qsizetype from = m_buffer.size();
    m_hasNul = !append(m_buffer, value, m_encoder) || m_hasNul;
    note(anyType, from);
}

void PlainValues::word(const char* ascii)
{
    const qsizetype from = m_buffer.size();
    m_buffer += ascii;
    note(anyType, from);
}

void PlainValues::none()
{
    note(int8Type, -1);
}

void PlainValues::end()
{
    m_pointers.clear();
    for (const qsizetype from : m_from) {
        m_pointers.push_back(from < 0 ? nullptr : m_buffer.constData() + from);
    }
}

void ArrayValues::begin(const QList<ColumnType>& types)
{
    m_types = types;
    m_columns.resize(static_cast<std::size_t>(types.size()));
    for (Column& column : m_columns) {
        column.bytes.resize(arrayHeader);
        column.hasNone = false;
        column.elements = 0;
    }
    m_at = 0;
    m_hasNul = false;
}

ArrayValues::Column& ArrayValues::next()
{
    Column& column = m_columns[m_at];
    m_at = m_at + 1 == m_columns.size() ? 0 : m_at + 1;
    ++column.elements;
    return column;
}

void ArrayValues::integer(qint64 value)
{
    QByteArray& bytes = next().bytes;
    char raw[12];
    qToBigEndian(qint32{8}, raw);
    qToBigEndian(value, raw + 4);
    bytes.append(raw, sizeof raw);
}

void ArrayValues::text(QStringView value)
{
    QByteArray& bytes = next().bytes;
    const qsizetype from = bytes.size();
    append(bytes, qint32{0});
    m_hasNul = !append(bytes, value, m_encoder) || m_hasNul;
    qToBigEndian(static_cast<qint32>(bytes.size() - from - 4), bytes.data() + from);
}

void ArrayValues::word(const char* ascii)
{
    QByteArray& bytes = next().bytes;
    append(bytes, static_cast<qint32>(std::strlen(ascii)));
    bytes += ascii;
}

void ArrayValues::none()
{
    Column& column = next();
    column.hasNone = true;
    append(column.bytes, qint32{-1});
}

void ArrayValues::end()
{
    require(m_at == 0, "every row of a set has all its values");
    m_pointers.clear();
    m_lengths.clear();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        Column& column = m_columns[i];
        char* const header = column.bytes.data();
        qToBigEndian(qint32{1}, header);
        qToBigEndian(qint32{column.hasNone}, header + 4);
        qToBigEndian(static_cast<qint32>(m_types[static_cast<qsizetype>(i)] == ColumnType::Text ? textType : int8Type), header + 8);
        qToBigEndian(qint32{column.elements}, header + 12);
        qToBigEndian(qint32{1}, header + 16);
        m_pointers.push_back(header);
        m_lengths.push_back(static_cast<int>(column.bytes.size()));
    }
    m_formats.assign(m_columns.size(), 1);
}

} // namespace counterfoil
