// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/paged_table_model.h"

#include <algorithm>

// How a paged list takes in what changed without losing its place, and how it learns the places of far rows.

namespace counterfoil {

namespace {

/// Rows to either side of the one last looked at that are read again.
constexpr int windowRows = 300;
/// A list shorter than this needs no anchors: skipping is fast enough.
constexpr int anchoredFrom = 20'000;
constexpr int anchorStride = 2000;
constexpr int anchorStrides = 25;
constexpr qint64 cheapCountMs = 3;

} // namespace

/// What a refresh reads, in one view of the database.
struct PagedTableModel::Fresh {
    /// Rows in front of the window.
    qint64 ahead = 0;
    /// The first rows of the list, if some may be new.
    std::vector<PagedRowPtr> top;
    /// From the window's first key on.
    std::vector<PagedRowPtr> rows;
    /// There are more behind them.
    bool cut = false;
    std::optional<qint64> total;
};

void PagedTableModel::refresh()
{
    if (m_refreshing) {
        m_refreshAgain = true;
        return;
    }
    if (!m_firstShown) {
        loadFirst();
        return;
    }
    const auto [from, to] = m_cache.runAround(std::clamp(m_touched, 0, std::max(m_rows - 1, 0)), windowRows);
    if (from == to) {
        if (m_rows == 0) {
            reload();
        } else {
            want(std::clamp(m_touched, 0, m_rows - 1));
            askCount();
        }
        return;
    }
    m_refreshing = true;
    const bool countNow = m_countMs <= cheapCountMs;
    ask(Lane::Now, [source = m_source, key = m_cache.at(from)->key, from, limit = to - from + pageRows, countNow](Connection& connection) -> Result<Fresh> {
        CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
        Fresh fresh;
        CF_ASSIGN(fresh.ahead, source.countBefore(connection, key));
        if (fresh.ahead > from) {
            const int wanted = static_cast<int>(std::min<qint64>(fresh.ahead - from, pageRows));
            CF_ASSIGN(fresh.top, source.page(connection, {.limit = wanted}));
        }
        CF_ASSIGN(fresh.rows, source.page(connection, {.anchor = key, .inclusive = true, .limit = limit}));
        fresh.cut = static_cast<int>(fresh.rows.size()) == limit;
        if (countNow) {
            CF_ASSIGN(fresh.total, source.count(connection));
        }
        CF_TRY(view.commit());
        return fresh;
    }, [this, key = m_cache.at(from)->key, length = to - from](const Result<Fresh>& fresh) {
        m_refreshing = false;
        if (fresh) {
            // Rows may have moved meanwhile: by an answer that came in between.
            const auto place = m_cache.rowOf(key);
            if (place) {
                merge(*fresh, *place, std::min(*place + length, m_cache.runAround(*place, length).second));
            } else {
                m_refreshAgain = true;
            }
        }
        if (std::exchange(m_refreshAgain, false) && fresh) {
            refresh();
        }
    });
}

void PagedTableModel::merge(const Fresh& fresh, int from, int to)
{
    const qint64 capped = std::min<qint64>(fresh.ahead, rowsMax);
    const int moved = static_cast<int>(capped) - from;
    m_cache.keepOnly(from, to);
    if (!m_source.rowsStay) {
        m_cache.clearAnchors();
    }
    if (moved > 0) {
        insertAt(0, moved, fresh.top);
    } else if (moved < 0) {
        removeAt(from + moved, -moved);
    }
    const int end = mergeWindow(fresh, from + moved, to + moved);
    changedRows(from + moved, end);
    if (!fresh.cut) {
        setCount(end);
    } else if (fresh.total) {
        setCount(*fresh.total);
    } else if (m_counted.isValid() && m_counted.elapsed() > 20 * m_countMs) {
        askCount();
    }
    if (!m_source.rowsStay) {
        restartAnchors();
    }
    Q_EMIT countChanged(m_total, m_countExact);
}

/// Walks the old rows [from, to) and the new ones side by side, both in the list's order. Returns the end of what is known now.
int PagedTableModel::mergeWindow(const Fresh& fresh, int from, int to)
{
    const std::span rows(fresh.rows);
    std::size_t next = 0;
    int place = from;
    while (place < to) {
        if (next == rows.size()) {
            if (!fresh.cut) {
                removeAt(place, to - place);
            }
            return place;
        }
        const auto inFront = [&](RowKey a, RowKey b) { return m_source.before(a, b); };
        const RowKey old = m_cache.at(place)->key;
        if (inFront(old, rows[next]->key)) {
            int gone = 1;
            while (place + gone < to && inFront(m_cache.at(place + gone)->key, rows[next]->key)) {
                ++gone;
            }
            removeAt(place, gone);
            to -= gone;
        } else if (inFront(rows[next]->key, old)) {
            std::size_t came = 1;
            while (next + came < rows.size() && inFront(rows[next + came]->key, old)) {
                ++came;
            }
            const int count = static_cast<int>(came);
            insertAt(place, count, rows.subspan(next, came));
            place += count;
            to += count;
            next += came;
        } else {
            m_cache.put(place++, rows[next++]);
        }
    }
    const int behind = std::min(m_rows - place, static_cast<int>(rows.size() - next));
    for (int i = 0; i < behind; ++i) {
        m_cache.put(place++, rows[next++]);
    }
    if (next < rows.size() && m_rows < rowsMax) {
        const int count = static_cast<int>(rows.size() - next);
        insertAt(place, count, rows.subspan(next));
        place += count;
    }
    return place;
}

void PagedTableModel::askAnchors()
{
    if (!m_source.anchors || m_rows < anchoredFrom || m_anchored >= m_rows - anchorStride || std::exchange(m_anchoring, true)) {
        return;
    }
    // Small helpings, so that a page never waits long behind one.
    ask(Lane::Aside, [source = m_source, after = m_anchorKey](Connection& connection) { return source.anchors(connection, after, anchorStride, anchorStrides); },
        [this](const Result<std::vector<RowKey>>& keys) {
            m_anchoring = false;
            if (!keys) {
                return;
            }
            for (const RowKey& key : *keys) {
                m_anchored += anchorStride;
                m_cache.addAnchor(m_anchored - 1, key);
                m_anchorKey = key;
            }
            if (!keys->empty()) {
                askAnchors();
            }
        });
}

void PagedTableModel::restartAnchors()
{
    m_anchored = 0;
    m_anchorKey.reset();
    askAnchors();
}

} // namespace counterfoil
