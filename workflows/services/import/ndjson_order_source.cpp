// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_source.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/services/import/order_json.h"

namespace counterfoil {

namespace {

constexpr JsonLimits lineLimits{.maxBytes = 1024 * 1024, .maxDepth = 32};
constexpr int orderNoShownMax = 64;

} // namespace

NdjsonOrderSource::NdjsonOrderSource(QIODevice& device, qint64 openingStock) : m_source(device), m_openingStock(openingStock) {}

Result<void> NdjsonOrderSource::open()
{
    CF_TRY(m_source.skipByteOrderMark());
    skipBlank();
    CF_TRY(m_source.status());
    if (m_source.peek() < 0) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the file is empty"));
    }
    return {};
}

Result<void> NdjsonOrderSource::resumeAt(qint64 byteOffset)
{
    return byteOffset > m_source.offset() ? m_source.skipTo(byteOffset) : Result<void>();
}

void NdjsonOrderSource::skipBlank()
{
    while (m_source.peek() == '\n' || m_source.peek() == '\r' || m_source.peek() == ' ') {
        m_source.next();
    }
}

/// Returns false when the line is longer than the limit; it is passed over to its end.
bool NdjsonOrderSource::readLine(QByteArray& line)
{
    bool whole = true;
    for (int byte = m_source.next(); byte >= 0 && byte != '\n'; byte = m_source.next()) {
        if (line.size() == lineLimits.maxBytes) {
            whole = false;
            line.clear();
        }
        if (whole) {
            line.append(static_cast<char>(byte));
        }
    }
    return whole;
}

Result<std::optional<SourcedOrder>> NdjsonOrderSource::next()
{
    skipBlank();
    const qint64 lineNumber = m_source.line();
    if (m_source.peek() < 0) {
        CF_TRY(m_source.status());
        return std::optional<SourcedOrder>();
    }
    QByteArray line;
    const bool whole = readLine(line);
    CF_TRY(m_source.status());
    skipBlank();
    SourcedOrder sourced{lineNumber, 1, m_source.offset(), {}, std::unexpected(RowError{})};
    const Result<QJsonObject> json = whole ? parseJsonObject(line, lineLimits)
                                           : fail(ErrorCode::TooLarge, QStringLiteral("the line is longer than %1 bytes").arg(lineLimits.maxBytes));
    if (!json) {
        sourced.order = std::unexpected(RowError{lineNumber, json.error()});
        return sourced;
    }
    sourced.orderNo = visibleText(json->value(QStringLiteral("order_no")).toString(), orderNoShownMax);
    Result<NewOrder> order = parseOrder(*json, true);
    if (!order) {
        sourced.order = std::unexpected(RowError{lineNumber, order.error()});
        return sourced;
    }
    order->openingStock = m_openingStock;
    sourced.order = std::move(*order);
    return sourced;
}

} // namespace counterfoil
