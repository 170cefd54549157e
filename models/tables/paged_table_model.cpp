// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/paged_table_model.h"

#include "models/tables/roles.h"

#include <algorithm>

namespace counterfoil {

namespace {

/// A cell that comes into view asks for rows this far ahead, so that slow scrolling never shows a placeholder.
constexpr int prefetchRows = 60;

} // namespace

PagedTableModel::PagedTableModel(ReadExecutor& executor, int columns, QObject* parent)
    : QAbstractTableModel(parent), m_executor(executor), m_columns(columns)
{
}

int PagedTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int PagedTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : m_columns;
}

QVariant PagedTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const PagedRowPtr row = rowAt(index.row());
    if (role == LoadingRole) {
        return row == nullptr;
    }
    if (!row) {
        return role == Qt::AccessibleTextRole ? QVariant(tr("Loading")) : QVariant();
    }
    if (const QVariant identity = identityOf(*row).data(role); identity.isValid()) {
        return identity;
    }
    return cellOf(*row, index.column()).data(role);
}

PagedRowPtr PagedTableModel::rowAt(int row) const
{
    PagedRowPtr value = m_cache.at(row);
    if (!value) {
        want(row);
    } else if (row != m_touched) {
        const int ahead = row > m_touched ? std::min(row + prefetchRows, m_rows - 1) : std::max(row - prefetchRows, 0);
        if (!m_cache.at(ahead)) {
            want(ahead);
        }
    }
    m_touched = row;
    return value;
}

void PagedTableModel::want(int row) const
{
    // A jump leaves behind what was wanted before it.
    const bool near = m_wantedFirst >= 0 && row > m_wantedFirst - pageRows && row < m_wantedLast + pageRows;
    m_wantedFirst = near ? std::min(m_wantedFirst, row) : row;
    m_wantedLast = near ? std::max(m_wantedLast, row) : row;
    if (!std::exchange(m_wakeQueued, true)) {
        auto* const self = const_cast<PagedTableModel*>(this);
        QMetaObject::invokeMethod(self, [self] {
            self->m_wakeQueued = false;
            self->serveWanted();
        }, Qt::QueuedConnection);
    }
}

void PagedTableModel::serveWanted()
{
    if (m_fetching || m_wantedFirst < 0) {
        return;
    }
    int from = std::exchange(m_wantedFirst, -1);
    int to = std::min(std::exchange(m_wantedLast, -1) + 1, m_rows);
    while (from < to && m_cache.at(from)) {
        ++from;
    }
    while (to > from && m_cache.at(to - 1)) {
        --to;
    }
    if (from >= to) {
        return;
    }
    // Fill up to a page towards the side that isn't there yet.
    while (to - from < pageRows && to < m_rows && !m_cache.at(to)) {
        ++to;
    }
    while (to - from < pageRows && from > 0 && !m_cache.at(from - 1)) {
        --from;
    }
    fetch(from, std::min(to - from, 2 * pageRows));
}

PageRequest PagedTableModel::requestFor(int from, int count) const
{
    PageRequest best{.skip = from, .limit = count};
    const auto consider = [&best](const PageRequest& other) {
        if (other.skip < best.skip) {
            best = other;
        }
    };
    if (const auto known = m_cache.knownBefore(from - 1)) {
        consider({.anchor = known->key, .skip = from - 1 - known->row, .limit = count});
    }
    if (m_countExact && m_total == m_rows) {
        consider({.backward = true, .skip = m_rows - (from + count), .limit = count});
    }
    if (const auto known = m_cache.knownAfter(from + count)) {
        consider({.anchor = known->key, .backward = true, .skip = known->row - (from + count), .limit = count});
    }
    return best;
}

void PagedTableModel::fetch(int from, int count)
{
    m_fetching = true;
    const PageRequest request = requestFor(from, count);
    ask(Lane::Now, [source = m_source, request](Connection& connection) { return source.page(connection, request); },
        [this, from, count, backward = request.backward](const Result<std::vector<PagedRowPtr>>& rows) {
            m_fetching = false;
            if (rows) {
                takePage(from, count, backward, *rows);
                serveWanted();
            }
        });
}

void PagedTableModel::takePage(int from, int asked, bool backward, const std::vector<PagedRowPtr>& rows)
{
    const int got = static_cast<int>(rows.size());
    const int first = backward ? from + asked - got : from;
    int shown = 0;
    for (; shown < got && first + shown < m_rows; ++shown) {
        m_cache.put(first + shown, rows[static_cast<std::size_t>(shown)]);
    }
    if (shown > 0) {
        changedRows(first, first + shown);
    }
    if (shown < got && !m_countExact) {
        insertAt(m_rows, got - shown, std::span(rows).subspan(static_cast<std::size_t>(shown)));
    }
    if (got < asked && !backward) {
        setCount(first + got);
    } else if (got < asked) {
        refresh();
    }
    m_cache.trim(m_touched);
}

bool PagedTableModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_firstShown && !m_countExact && !m_fetching && m_rows < rowsMax;
}

void PagedTableModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent)) {
        fetch(m_rows, pageRows);
    }
}

void PagedTableModel::setSource(PageSource source)
{
    m_source = std::move(source);
    reload();
}

void PagedTableModel::reload()
{
    beginResetModel();
    ++m_token;
    m_cache.clear();
    m_rows = 0;
    m_total = 0;
    m_countExact = m_fetching = m_counting = m_refreshing = m_refreshAgain = m_firstShown = m_anchoring = false;
    m_anchored = 0;
    m_anchorKey.reset();
    m_wantedFirst = m_wantedLast = -1;
    m_touched = 0;
    endResetModel();
    Q_EMIT countChanged(0, false);
    loadFirst();
}

void PagedTableModel::loadFirst()
{
    if (!m_source.page || m_fetching) {
        return;
    }
    m_fetching = true;
    ask(Lane::Now, [source = m_source](Connection& connection) { return source.page(connection, {.limit = pageRows}); },
        [this](const Result<std::vector<PagedRowPtr>>& rows) {
            m_fetching = false;
            if (!rows) {
                return;
            }
            m_firstShown = true;
            const int got = static_cast<int>(rows->size());
            insertAt(0, got, *rows);
            if (got < pageRows) {
                setCount(got);
            } else {
                askCount();
            }
            Q_EMIT firstPageShown();
        });
}

void PagedTableModel::askCount()
{
    if (std::exchange(m_counting, true)) {
        return;
    }
    ask(Lane::Aside, [source = m_source](Connection& connection) -> Result<std::pair<qint64, qint64>> {
        QElapsedTimer timer;
        timer.start();
        CF_ASSIGN(const qint64 total, source.count(connection));
        return std::pair(total, timer.elapsed());
    }, [this](const Result<std::pair<qint64, qint64>>& counted) {
        m_counting = false;
        if (counted) {
            m_countMs = counted->second;
            m_counted.start();
            setCount(counted->first);
            askAnchors();
        }
    });
}

void PagedTableModel::setCount(qint64 total)
{
    const int target = static_cast<int>(std::min<qint64>(total, rowsMax));
    if (target > m_rows) {
        insertAt(m_rows, target - m_rows, {});
    } else if (target < m_rows) {
        removeAt(target, m_rows - target);
    }
    m_total = total;
    m_countExact = true;
    Q_EMIT countChanged(m_total, true);
}

void PagedTableModel::insertAt(int row, int count, std::span<const PagedRowPtr> rows)
{
    if (count <= 0) {
        return;
    }
    beginInsertRows({}, row, row + count - 1);
    m_cache.insertRows(row, count);
    for (std::size_t i = 0; i < rows.size() && static_cast<int>(i) < count; ++i) {
        m_cache.put(row + static_cast<int>(i), rows[i]);
    }
    m_rows += count;
    m_total += count;
    m_anchored += row < m_anchored ? count : 0;
    endInsertRows();
}

void PagedTableModel::removeAt(int row, int count)
{
    if (count <= 0) {
        return;
    }
    beginRemoveRows({}, row, row + count - 1);
    m_cache.removeRows(row, count);
    m_rows -= count;
    m_total -= count;
    m_anchored -= row < m_anchored ? std::min(count, m_anchored - row) : 0;
    endRemoveRows();
}

void PagedTableModel::changedRows(int from, int to)
{
    if (from < to) {
        Q_EMIT dataChanged(index(from, 0), index(to - 1, m_columns - 1));
    }
}

} // namespace counterfoil
