// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_source.h"

namespace counterfoil {

namespace {

/// What validate() allows; rows beyond it are counted, not kept.
constexpr qint64 rowsMax = 200;

bool isBlank(const CsvRecord& record)
{
    return !record.error && std::ranges::all_of(record.fields, [](const QString& cell) { return cell.trimmed().isEmpty(); });
}

} // namespace

CsvOrderSource::CsvOrderSource(QIODevice& device, ColumnMapping mapping) : m_reader(device), m_mapping(std::move(mapping)) {}

Result<void> CsvOrderSource::open()
{
    CF_ASSIGN(const std::optional<CsvRecord> header, m_reader.next());
    if (!header) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the file is empty"));
    }
    if (header->error) {
        return fail(header->error->code, QStringLiteral("the header (line %1) can't be read as CSV in UTF-8: %2")
                                             .arg(header->line).arg(header->error->detail));
    }
    CF_ASSIGN(m_builder, OrderBuilder::create(m_mapping, header->fields));
    CF_TRY(advance());
    if (!m_ahead) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("the file has a header and no rows"));
    }
    return {};
}

Result<void> CsvOrderSource::resumeAt(qint64 byteOffset)
{
    // The row read ahead is the file's first; going on behind it needs no going back.
    if (m_ahead && byteOffset > m_ahead->byteOffset) {
        CF_TRY(m_reader.skipTo(byteOffset));
        return advance();
    }
    return {};
}

Result<void> CsvOrderSource::advance()
{
    do {
        CF_ASSIGN(m_ahead, m_reader.next());
    } while (m_ahead && isBlank(*m_ahead));
    return {};
}

void CsvOrderSource::add(Group& group, CsvRecord record) const
{
    ++group.rowCount;
    if (record.error && !group.error) {
        group.error = RowError{record.line, *record.error};
    }
    if (group.rowCount > rowsMax && !group.error) {
        group.error = RowError{record.line, {ErrorCode::TooLarge, QStringLiteral("the order has more than %1 rows").arg(rowsMax)}};
    }
    if (group.error) {
        group.rows.clear();
    } else {
        group.rows.push_back({record.line, std::move(record.fields)});
    }
}

SourcedOrder CsvOrderSource::close(Group group)
{
    // A stray row belongs to the order before it and to the one after it: the file is read again from there.
    const qint64 end = m_stray ? m_strayOffset : m_ahead ? m_ahead->byteOffset : m_reader.byteOffset();
    std::expected<NewOrder, RowError> order = group.error ? std::unexpected(*group.error) : m_builder->build(group.rows);
    return {group.line, group.rowCount, end, group.orderNo, std::move(order)};
}

Result<std::optional<SourcedOrder>> CsvOrderSource::next()
{
    Group group;
    if (m_stray) {
        group.line = m_stray->line;
        group.error = std::exchange(m_stray, std::nullopt);
        group.rowCount = 1;
    }
    while (m_ahead) {
        const QString orderNo = m_builder->orderNoOf(m_ahead->fields);
        if (orderNo.isEmpty()) {
            const Error error = m_ahead->error.value_or(Error{ErrorCode::MissingField, QStringLiteral("the order number is empty")});
            const RowError stray{m_ahead->line, error};
            if (group.rowCount == 0 || group.orderNo.isEmpty()) {
                // Nothing before it that it could belong to: it waits for the order that follows.
                group.line = group.rowCount == 0 ? stray.line : group.line;
                group.error = group.error ? group.error : stray;
                ++group.rowCount;
                CF_TRY(advance());
                continue;
            }
            group.error = group.error ? group.error : stray;
            m_stray = stray;
            m_strayOffset = m_ahead->byteOffset;
            CF_TRY(advance());
            if (!m_ahead) {
                ++group.rowCount;
                m_stray.reset();
            }
            return close(std::move(group));
        }
        if (!group.orderNo.isEmpty() && orderNo != group.orderNo) {
            break;
        }
        if (group.rowCount == 0) {
            group.line = m_ahead->line;
        }
        group.orderNo = orderNo;
        add(group, std::move(*m_ahead));
        CF_TRY(advance());
    }
    if (group.rowCount == 0) {
        return std::optional<SourcedOrder>();
    }
    return close(std::move(group));
}

} // namespace counterfoil
