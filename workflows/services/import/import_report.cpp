// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/import_report.h"

#include "models/base/text.h"

namespace counterfoil {

namespace {

constexpr int cellLengthMax = 500;
const QLatin1String startsFormula("=+-@\t\r");

} // namespace

QString csvField(const QString& text)
{
    QString cell = visibleText(text, cellLengthMax);
    if (!text.isEmpty() && startsFormula.contains(text.front())) {
        cell.prepend(u'\'');
    }
    if (cell.contains(u',') || cell.contains(u'"')) {
        cell.replace(QStringLiteral("\""), QStringLiteral("\"\""));
        cell = u'"' + cell + u'"';
    }
    return cell;
}

Result<void> ImportReport::writeFailed() const
{
    return fail(ErrorCode::FileNotWritable, QStringLiteral("%1: %2").arg(m_file.fileName(), m_file.errorString()));
}

Result<void> ImportReport::open(const QString& path, bool continued)
{
    if (path.isEmpty()) {
        return {};
    }
    m_file.setFileName(path);
    if (!m_file.open(QIODevice::WriteOnly | (continued ? QIODevice::Append : QIODevice::Truncate))) {
        return writeFailed();
    }
    m_hasLines = m_file.size() > 0;
    return {};
}

Result<void> ImportReport::add(const ImportRefusal& refusal)
{
    if (!m_file.isOpen()) {
        return {};
    }
    QByteArray text;
    if (!m_hasLines) {
        text = "line,order_number,error_code,detail\r\n";
    }
    const QString row = QString::number(refusal.line) + u',' + csvField(refusal.orderNo) + u',' + toString(refusal.error.code) + u','
                        + csvField(refusal.error.detail);
    text += row.toUtf8() + "\r\n";
    m_hasLines = true;
    return m_file.write(text) == text.size() ? Result<void>() : writeFailed();
}

Result<void> ImportReport::flush()
{
    return !m_file.isOpen() || m_file.flush() ? Result<void>() : writeFailed();
}

QString ImportReport::close()
{
    if (!m_file.isOpen()) {
        return {};
    }
    m_file.close();
    if (!m_hasLines) {
        m_file.remove();
        return {};
    }
    return m_file.fileName();
}

} // namespace counterfoil
