// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/page.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace counterfoil {

/// What a paged list keeps of a row; each table derives its own.
struct PagedRow {
    RowKey key;
    virtual ~PagedRow() = default;
};
using PagedRowPtr = std::shared_ptr<const PagedRow>;

template<class T>
struct ValueRow final : PagedRow {
    T value;
};

/// Wraps what a page read returned; `keyOf(value)` is its RowKey.
template<class T, class KeyOf>
std::vector<PagedRowPtr> pagedRows(std::vector<T> values, KeyOf keyOf)
{
    std::vector<PagedRowPtr> rows;
    rows.reserve(values.size());
    for (T& value : values) {
        auto row = std::make_shared<ValueRow<T>>();
        row->key = keyOf(value);
        row->value = std::move(value);
        rows.push_back(std::move(row));
    }
    return rows;
}

/// The value of a row that pagedRows() made.
template<class T>
const T& valueOf(const PagedRow& row)
{
    return static_cast<const ValueRow<T>&>(row).value;
}

/// The rows of a long list that are in memory, by their index, and sparse anchors: keys of rows whose place is known.
class RowCache {
public:
    static constexpr int rowsMax = 4000;
    static constexpr int anchorsMax = 4000;

    void clear();
    int size() const { return static_cast<int>(m_rows.size()); }
    PagedRowPtr at(int row) const;
    void put(int row, PagedRowPtr value);
    /// Where the cached row with this key is.
    std::optional<int> rowOf(RowKey key) const;
    void addAnchor(int row, RowKey key);

    /// `count` rows came in front of `row`.
    void insertRows(int row, int count);
    void removeRows(int row, int count);

    /// Drops the rows farthest from `centre` until at most rowsMax are left; their places stay known as anchors.
    void trim(int centre);
    /// Drops all rows outside [from, to).
    void keepOnly(int from, int to);
    void clearAnchors() { m_anchors.clear(); }

    struct Known {
        int row;
        RowKey key;
    };
    /// The nearest row at or in front of / at or behind `row` whose key is known.
    std::optional<Known> knownBefore(int row) const;
    std::optional<Known> knownAfter(int row) const;

    /// The unbroken run of cached rows around `row` as [from, to), at most `most` to either side; empty if `row` isn't cached.
    std::pair<int, int> runAround(int row, int most) const;

private:
    std::map<int, PagedRowPtr> m_rows;
    std::map<int, RowKey> m_anchors;
};

} // namespace counterfoil
