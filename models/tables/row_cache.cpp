// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/row_cache.h"

#include <algorithm>
#include <cstdlib>

namespace counterfoil {

namespace {

constexpr int anchorEvery = 100;

template<class T>
void shift(std::map<int, T>& map, int from, int by)
{
    std::map<int, T> moved;
    while (!map.empty() && map.rbegin()->first >= from) {
        auto node = map.extract(std::prev(map.end()));
        node.key() += by;
        moved.insert(std::move(node));
    }
    map.merge(moved);
}

} // namespace

void RowCache::clear()
{
    m_rows.clear();
    m_anchors.clear();
}

PagedRowPtr RowCache::at(int row) const
{
    const auto known = m_rows.find(row);
    return known == m_rows.end() ? nullptr : known->second;
}

void RowCache::put(int row, PagedRowPtr value)
{
    m_rows.insert_or_assign(row, std::move(value));
}

std::optional<int> RowCache::rowOf(RowKey key) const
{
    const auto known = std::ranges::find_if(m_rows, [&](const auto& entry) { return entry.second->key == key; });
    return known == m_rows.end() ? std::nullopt : std::optional(known->first);
}

void RowCache::addAnchor(int row, RowKey key)
{
    m_anchors.insert_or_assign(row, key);
    if (std::ssize(m_anchors) > anchorsMax) {
        // Every second one is enough to keep jumps short.
        bool drop = false;
        std::erase_if(m_anchors, [&drop](const auto&) { return std::exchange(drop, !drop); });
    }
}

void RowCache::insertRows(int row, int count)
{
    shift(m_rows, row, count);
    shift(m_anchors, row, count);
}

void RowCache::removeRows(int row, int count)
{
    m_rows.erase(m_rows.lower_bound(row), m_rows.lower_bound(row + count));
    m_anchors.erase(m_anchors.lower_bound(row), m_anchors.lower_bound(row + count));
    shift(m_rows, row + count, -count);
    shift(m_anchors, row + count, -count);
}

void RowCache::trim(int centre)
{
    while (std::ssize(m_rows) > rowsMax) {
        const auto first = m_rows.begin();
        const auto last = std::prev(m_rows.end());
        const auto farthest = std::abs(first->first - centre) >= std::abs(last->first - centre) ? first : last;
        if (farthest->first % anchorEvery == 0) {
            addAnchor(farthest->first, farthest->second->key);
        }
        m_rows.erase(farthest);
    }
}

void RowCache::keepOnly(int from, int to)
{
    std::erase_if(m_rows, [&](const auto& entry) { return entry.first < from || entry.first >= to; });
}

std::optional<RowCache::Known> RowCache::knownBefore(int row) const
{
    std::optional<Known> best;
    if (auto it = m_rows.upper_bound(row); it != m_rows.begin()) {
        --it;
        best = Known{it->first, it->second->key};
    }
    if (auto it = m_anchors.upper_bound(row); it != m_anchors.begin()) {
        --it;
        if (!best || it->first > best->row) {
            best = Known{it->first, it->second};
        }
    }
    return best;
}

std::optional<RowCache::Known> RowCache::knownAfter(int row) const
{
    std::optional<Known> best;
    if (const auto it = m_rows.lower_bound(row); it != m_rows.end()) {
        best = Known{it->first, it->second->key};
    }
    if (const auto it = m_anchors.lower_bound(row); it != m_anchors.end() && (!best || it->first < best->row)) {
        best = Known{it->first, it->second};
    }
    return best;
}

std::pair<int, int> RowCache::runAround(int row, int most) const
{
    if (!m_rows.contains(row)) {
        return {row, row};
    }
    int from = row;
    while (row - from < most && m_rows.contains(from - 1)) {
        --from;
    }
    int to = row + 1;
    while (to - row < most && m_rows.contains(to)) {
        ++to;
    }
    return {from, to};
}

} // namespace counterfoil
