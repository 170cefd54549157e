// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <QByteArray>
#include <QStringEncoder>

#include <vector>

namespace counterfoil {

/// A type of PostgreSQL by its number, as libpq names it.
using PostgresqlType = unsigned int;

PostgresqlType arrayType(ColumnType type);

/// The text with `$1`, `$2`… for its `?`, leaving alone what stands in quotes; `count` is how many there were.
QByteArray numberedPlaceholders(const QString& sql, int& count);

/// Values of a statement, each as the text that PostgreSQL reads.
class PlainValues final : public ValueSink {
public:
    void begin();
    void integer(qint64 value) override;
    void text(QStringView value) override;
    void word(const char* ascii) override;
    void none() override;
    /// Only now the pointers are right.
    void end();

    bool hasNul() const { return m_hasNul; }
    /// 64-bit integers, and texts that may become what the statement wants them to be.
    const std::vector<PostgresqlType>& types() const { return m_types; }
    const char* const* pointers() const { return m_pointers.data(); }
    const int* lengths() const { return m_lengths.data(); }

private:
    void note(PostgresqlType type, qsizetype from);

    QByteArray m_buffer;
    std::vector<PostgresqlType> m_types;
    std::vector<qsizetype> m_from;
    std::vector<const char*> m_pointers;
    std::vector<int> m_lengths;
    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
    bool m_hasNul = false;
};

/// Values of a set of rows, an array per column in PostgreSQL's binary form.
class ArrayValues final : public ValueSink {
public:
    void begin(const QList<ColumnType>& types);
    void integer(qint64 value) override;
    void text(QStringView value) override;
    void word(const char* ascii) override;
    void none() override;
    void end();

    bool hasNul() const { return m_hasNul; }
    const char* const* pointers() const { return m_pointers.data(); }
    const int* lengths() const { return m_lengths.data(); }
    const int* formats() const { return m_formats.data(); }

private:
    struct Column {
        QByteArray bytes;
        bool hasNone = false;
        int elements = 0;
    };
    Column& next();

    std::vector<Column> m_columns;
    QList<ColumnType> m_types;
    std::size_t m_at = 0;
    std::vector<const char*> m_pointers;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;
    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
    bool m_hasNul = false;
};

} // namespace counterfoil
