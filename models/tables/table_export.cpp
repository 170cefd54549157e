// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/table_export.h"

namespace counterfoil {

namespace {

QByteArray field(const QString& text)
{
    QByteArray bytes = text.toUtf8();
    if (!bytes.isEmpty() && QByteArrayView("=+-@\t\r").contains(bytes.front())) {
        bytes.prepend('\'');
    }
    if (bytes.contains('"') || bytes.contains(',') || bytes.contains('\n') || bytes.contains('\r')) {
        bytes.replace("\"", "\"\"");
        return '"' + bytes + '"';
    }
    return bytes;
}

QByteArray valueOf(const Cell& cell, bool hasCurrencyBeside)
{
    if (cell.amount) {
        return (hasCurrencyBeside ? cell.amount->toDecimal() : cell.amount->toText()).toLatin1();
    }
    if (!cell.time.isNone()) {
        return cell.time.toIso().toLatin1();
    }
    if (cell.number) {
        return cell.text.isEmpty() ? QByteArray() : QByteArray::number(*cell.number);
    }
    return field(cell.state.isEmpty() ? cell.text : cell.state);
}

} // namespace

QByteArray csvHeader(const QStringList& titles, const QList<bool>& isMoney)
{
    QByteArrayList fields;
    for (qsizetype i = 0; i < titles.size(); ++i) {
        fields << field(titles.at(i));
        if (isMoney.at(i)) {
            fields << field(titles.at(i) + QStringLiteral(" currency"));
        }
    }
    return fields.join(',') + "\r\n";
}

QByteArray csvRow(const QList<Cell>& cells, const QList<bool>& isMoney)
{
    QByteArrayList fields;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        fields << valueOf(cells.at(i), isMoney.at(i));
        if (isMoney.at(i)) {
            fields << (cells.at(i).amount ? cells.at(i).amount->currency().code().toLatin1() : QByteArray());
        }
    }
    return fields.join(',') + "\r\n";
}

TableExport::TableExport(PagedTableModel& model, QList<int> columns, QString file, QObject* parent)
    : QObject(parent), m_model(&model), m_source(model.source()), m_columns(std::move(columns)), m_name(std::move(file)), m_total(model.isCountExact() ? model.totalCount() : 0)
{
    for (const int column : m_columns) {
        m_isMoney << model.isMoney(column);
    }
}

TableExport::~TableExport()
{
    if (!m_isOver && m_file.isOpen()) {
        m_file.remove();
    }
}

void TableExport::start()
{
    m_file.setFileName(partName());
    if (!m_file.open(QFile::WriteOnly | QFile::Truncate)) {
        end(Error{ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(m_name, m_file.errorString())});
        return;
    }
    QStringList titles;
    for (const int column : m_columns) {
        titles << m_model->headerData(column, Qt::Horizontal).toString();
    }
    // Spreadsheets take a file without it for one in the system's own encoding.
    m_file.write("\xEF\xBB\xBF" + csvHeader(titles, m_isMoney));
    readNext();
}

void TableExport::readNext()
{
    PageRequest request;
    request.anchor = m_last;
    request.limit = pageRows;
    m_model->executor().read(
        this, [source = m_source, request](Connection& connection) { return source.page(connection, request); },
        [this](const Result<std::vector<PagedRowPtr>>& rows) {
            if (m_isOver) {
                return;
            }
            if (!rows || !m_model) {
                end(rows ? Error{ErrorCode::Cancelled, {}} : rows.error());
                return;
            }
            if (const auto written = write(*rows); !written) {
                end(written.error());
            } else if (rows->size() < static_cast<std::size_t>(pageRows)) {
                finish();
            } else {
                m_last = rows->back()->key;
                Q_EMIT progressed(m_rows, m_total);
                readNext();
            }
        });
}

Result<void> TableExport::write(const std::vector<PagedRowPtr>& rows)
{
    QByteArray text;
    for (const PagedRowPtr& row : rows) {
        QList<Cell> cells;
        for (const int column : m_columns) {
            cells << m_model->cell(*row, column);
        }
        text += csvRow(cells, m_isMoney);
    }
    if (m_file.write(text) != text.size()) {
        return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(m_name, m_file.errorString()));
    }
    m_rows += static_cast<qint64>(rows.size());
    return {};
}

void TableExport::cancel()
{
    if (!m_isOver) {
        end(Error{ErrorCode::Cancelled, {}});
    }
}

void TableExport::finish()
{
    // Somebody was asked whether the file may be replaced.
    QFile::remove(m_name);
    if (!m_file.flush() || !m_file.rename(m_name)) {
        end(Error{ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(m_name, m_file.errorString())});
        return;
    }
    m_file.close();
    m_isOver = true;
    Q_EMIT finished(m_rows);
}

void TableExport::end(const Error& error)
{
    m_isOver = true;
    if (m_file.isOpen()) {
        m_file.remove();
    }
    Q_EMIT failed(error);
}

} // namespace counterfoil
