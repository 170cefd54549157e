// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/row_description.h"

#include <algorithm>
#include <map>
#include <optional>
#include <ranges>

namespace counterfoil {

/// What a unit of work does with all its sets alike.
class RowSetBase {
public:
    virtual ~RowSetBase() = default;
    /// From here on changes can be taken back.
    virtual void mark() = 0;
    /// Takes back every change since mark().
    virtual void fallBack() = 0;
    /// Writes what is new or changed.
    virtual void flush(StatementBatch& batch) = 0;
    /// What flush() would write.
    virtual void describe(std::vector<RowChange>& changes) const = 0;
};

namespace detail {

struct NoGroup {
    friend auto operator<=>(const NoGroup&, const NoGroup&) = default;
};

/// What the rows of a table belong to, where TableOf says so (`group`): a value that never changes.
template<class T>
auto groupOf(const T& row)
{
    if constexpr (requires { TableOf<T>::group(row); }) {
        return TableOf<T>::group(row);
    } else {
        return NoGroup();
    }
}

/// What groups are sorted by: of a text its hash, so that rows which come in no order of it are moved as numbers.
template<class Group>
auto sortKey(const Group& group)
{
    if constexpr (std::is_same_v<Group, QString>) {
        return qHash(group);
    } else {
        return group;
    }
}

/// Finds the slots of rows by a value of theirs. One sorted piece of memory: most values come in order, and a unit of work lives for
/// milliseconds, so that a node for each row would cost more than all look-ups.
template<class Value>
class SlotIndex {
public:
    using Entry = std::pair<Value, std::size_t>;

    /// The slots of a value, in the order in which they were added.
    auto of(const Value& value) const { return std::ranges::equal_range(m_entries, value, {}, &Entry::first); }

    void add(const Value& value, std::size_t slot)
    {
        const bool isLast = m_entries.empty() || !(value < m_entries.back().first);
        m_entries.emplace(isLast ? m_entries.end() : std::ranges::upper_bound(m_entries, value, {}, &Entry::first), value, slot);
    }

    /// Takes out the slot of this value that was added last.
    void removeLast(const Value& value) { m_entries.erase(std::ranges::upper_bound(m_entries, value, {}, &Entry::first) - 1); }

private:
    std::vector<Entry> m_entries;
};

} // namespace detail

/// The rows of one table that a unit of work knows: loaded once, changed in memory, written as a set. References stay valid until
/// the set is destroyed or falls back behind the row's addition.
template<class T>
class RowSet final : public RowSetBase {
public:
    using Key = decltype(TableOf<T>::key(std::declval<const T&>()));
    using Group = decltype(detail::groupOf(std::declval<const T&>()));
    using SortKey = decltype(detail::sortKey(std::declval<const Group&>()));

    /// Takes in a row as the database has it. A row that is known already stays as it is.
    void adopt(T row)
    {
        if (!find(TableOf<T>::key(row))) {
            append({std::move(row), std::nullopt, false, 0});
        }
    }

    /// A new row, to be inserted. Requires that its key is unknown.
    T& add(T row)
    {
        require(!find(TableOf<T>::key(row)), "a row is added once");
        append({std::move(row), std::nullopt, true, 0});
        return m_slots.back()->now;
    }

    const T* find(const Key& key) const
    {
        const auto found = m_index.of(key);
        return found.empty() ? nullptr : &m_slots[found.front().second]->now;
    }

    /// Requires that the row is known.
    const T& at(const Key& key) const
    {
        const T* row = find(key);
        require(row, "a row is loaded before it is used");
        return *row;
    }

    /// The row to change. Requires that it is known.
    T& edit(const Key& key)
    {
        const auto found = m_index.of(key);
        require(!found.empty(), "a row is loaded before it is changed");
        const std::size_t at = found.front().second;
        Slot& slot = *m_slots[at];
        if (slot.mark != m_mark) {
            // Once since the mark: what came later goes the same way.
            m_undo.push_back({at, slot.now, slot.mark});
            slot.mark = m_mark;
        }
        if (!slot.isNew && !slot.stored) {
            slot.stored = slot.now;
        }
        return slot.now;
    }

    /// All rows, in the order in which they came.
    auto all() const
    {
        return m_slots | std::views::transform([](const std::unique_ptr<Slot>& slot) -> const T& { return slot->now; });
    }

    /// The keys of the rows that fulfil `condition`: lets a caller edit while it goes through them.
    template<class Condition>
    std::vector<Key> keysWhere(Condition condition) const
    {
        std::vector<Key> keys;
        for (const auto& slot : m_slots) {
            if (condition(slot->now)) {
                keys.push_back(TableOf<T>::key(slot->now));
            }
        }
        return keys;
    }

    /// The rows of a group, in the order in which they came.
    auto of(const Group& group) const
    {
        const auto rows = m_groups.of(detail::sortKey(group)) | std::views::transform([this](const auto& entry) -> const T& { return m_slots[entry.second]->now; });
        if constexpr (std::is_same_v<Group, SortKey>) {
            return rows;
        } else {
            return rows | std::views::filter([group](const T& row) { return detail::groupOf(row) == group; });
        }
    }

    /// As keysWhere() and findIf(), among the rows of a group.
    template<class Condition>
    std::vector<Key> keysIn(const Group& group, Condition condition) const
    {
        std::vector<Key> keys;
        for (const T& row : of(group)) {
            if (condition(row)) {
                keys.push_back(TableOf<T>::key(row));
            }
        }
        return keys;
    }

    template<class Condition>
    const T* findIn(const Group& group, Condition condition) const
    {
        for (const T& row : of(group)) {
            if (condition(row)) {
                return &row;
            }
        }
        return nullptr;
    }

    template<class Condition>
    const T* findIf(Condition condition) const
    {
        for (const auto& slot : m_slots) {
            if (condition(slot->now)) {
                return &slot->now;
            }
        }
        return nullptr;
    }

    bool isEmpty() const { return m_slots.empty(); }

    void mark() override
    {
        m_undo.clear();
        ++m_mark;
        m_markedSize = m_slots.size();
    }

    void fallBack() override
    {
        for (auto it = m_undo.rbegin(); it != m_undo.rend(); ++it) {
            m_slots[it->slot]->now = std::move(it->before);
            m_slots[it->slot]->mark = it->mark;
        }
        m_undo.clear();
        while (m_slots.size() > m_markedSize) {
            const T& last = m_slots.back()->now;
            m_index.removeLast(TableOf<T>::key(last));
            if constexpr (isGrouped) {
                m_groups.removeLast(detail::sortKey(detail::groupOf(last)));
            }
            m_slots.pop_back();
        }
    }

    void flush(StatementBatch& batch) override
    {
        std::vector<const T*> inserts;
        // By the columns that changed. One statement a set is what counts on PostgreSQL; SQLite leaves indexes of other columns alone.
        std::map<quint64, std::vector<RowUpdate<T>>> updates;
        const bool together = batch.kind() == DatabaseKind::Postgresql;
        quint64 all = 0;
        for (const auto& slot : m_slots) {
            if (slot->isNew) {
                inserts.push_back(&slot->now);
            } else if (const quint64 columns = slot->stored ? differences(*slot->stored, slot->now) : 0; columns != 0) {
                all |= columns;
                updates[together ? 0 : columns].push_back({&slot->now, &*slot->stored});
            }
        }
        // Updates first: they may free a unique key that a new row takes (a timer that is armed anew).
        for (const auto& [columns, rows] : updates) {
            updateRows<T>(batch, together ? all : columns, rows);
        }
        if (!inserts.empty()) {
            insertRows<T>(batch, inserts);
        }
    }

    void describe(std::vector<RowChange>& changes) const override
    {
        for (const auto& slot : m_slots) {
            if (slot->isNew) {
                changes.push_back(detail::describeRow<T>(nullptr, slot->now, allColumns));
            } else if (const quint64 columns = slot->stored ? differences(*slot->stored, slot->now) : 0; columns != 0) {
                changes.push_back(detail::describeRow<T>(&*slot->stored, slot->now, columns));
            }
        }
    }

private:
    static constexpr bool isGrouped = !std::is_same_v<Group, detail::NoGroup>;

    struct Slot {
        T now;
        /// As the database has it; from the first edit on.
        std::optional<T> stored;
        bool isNew = false;
        /// The mark since which it was edited.
        quint64 mark = 0;
    };
    struct Undo {
        std::size_t slot;
        T before;
        quint64 mark;
    };

    void append(Slot slot)
    {
        m_index.add(TableOf<T>::key(slot.now), m_slots.size());
        if constexpr (isGrouped) {
            m_groups.add(detail::sortKey(detail::groupOf(slot.now)), m_slots.size());
        }
        m_slots.push_back(std::make_unique<Slot>(std::move(slot)));
    }

    std::vector<std::unique_ptr<Slot>> m_slots;
    detail::SlotIndex<Key> m_index;
    detail::SlotIndex<SortKey> m_groups;
    std::vector<Undo> m_undo;
    std::size_t m_markedSize = 0;
    quint64 m_mark = 1;
};

} // namespace counterfoil
