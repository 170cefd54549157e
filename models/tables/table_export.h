// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tables/paged_table_model.h"

#include <QFile>
#include <QPointer>

namespace counterfoil {

/// A row of a CSV file (RFC 4180): amounts as plain decimals with their currency in a column of its own, times as ISO 8601 in UTC, states by
/// their stored names. A text that a spreadsheet would take for a formula gets an apostrophe in front.
QByteArray csvHeader(const QStringList& titles, const QList<bool>& isMoney);
QByteArray csvRow(const QList<Cell>& cells, const QList<bool>& isMoney);

/// Writes all rows of a paged table into a CSV file, page by page, while everything else goes on: the list as it was filtered at the start,
/// and as the database has it while it is read. The file appears under its name when it is complete. Lives on the GUI's thread; reads on the
/// database's.
class TableExport : public QObject {
    Q_OBJECT

public:
    static constexpr int pageRows = 500;

    /// Which columns, and in which order. The model may be filtered anew or go meanwhile.
    TableExport(PagedTableModel& model, QList<int> columns, QString file, QObject* parent = nullptr);
    ~TableExport() override;

    void start();
    /// What was written so far is removed.
    void cancel();
    qint64 rows() const { return m_rows; }
    const QString& fileName() const { return m_name; }

Q_SIGNALS:
    /// `total` as it was known at the start, 0 if it wasn't.
    void progressed(qint64 rows, qint64 total);
    /// The file is there. Either this or failed() comes, once.
    void finished(qint64 rows);
    /// Nothing was left behind. Errors: Cancelled, FileNotWritable, and the database's.
    void failed(const counterfoil::Error& error);

private:
    void readNext();
    Result<void> write(const std::vector<PagedRowPtr>& rows);
    void finish();
    void end(const Error& error);
    QString partName() const { return m_name + QStringLiteral(".part"); }

    QPointer<PagedTableModel> m_model;
    PageSource m_source;
    const QList<int> m_columns;
    QList<bool> m_isMoney;
    const QString m_name;
    QFile m_file;
    std::optional<RowKey> m_last;
    qint64 m_rows = 0;
    qint64 m_total = 0;
    bool m_isOver = false;
};

} // namespace counterfoil
