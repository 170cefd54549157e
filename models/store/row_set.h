// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/table_of.h"

#include <map>
#include <optional>
#include <ranges>
#include <unordered_map>

namespace counterfoil {

/// What a unit of work does with all its sets alike.
class RowSetBase {
public:
    virtual ~RowSetBase() = default;
    /// From here on changes can be taken back.
    virtual void mark() = 0;
    /// Takes back every change since mark().
    virtual void fallBack() = 0;
    virtual Result<void> flush(Connection& connection) = 0;
};

/// The rows of one table that a unit of work knows: loaded once, changed in memory, written as a set. References stay valid until
/// the set is destroyed or falls back behind the row's addition.
template<class T>
class RowSet final : public RowSetBase {
public:
    using Key = decltype(TableOf<T>::key(std::declval<const T&>()));

    /// Takes in a row as the database has it. A row that is known already stays as it is.
    void adopt(T row)
    {
        const Key key = TableOf<T>::key(row);
        if (!m_index.contains(key)) {
            m_index.emplace(key, m_slots.size());
            m_slots.push_back(std::make_unique<Slot>(Slot{row, row, false, false}));
        }
    }

    /// A new row, to be inserted. Requires that its key is unknown.
    T& add(T row)
    {
        const bool isNew = m_index.emplace(TableOf<T>::key(row), m_slots.size()).second;
        require(isNew, "a row is added once");
        m_slots.push_back(std::make_unique<Slot>(Slot{std::move(row), std::nullopt, true, true}));
        return m_slots.back()->now;
    }

    const T* find(const Key& key) const
    {
        const auto it = m_index.find(key);
        return it == m_index.end() ? nullptr : &m_slots[it->second]->now;
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
        const auto it = m_index.find(key);
        require(it != m_index.end(), "a row is loaded before it is changed");
        Slot& slot = *m_slots[it->second];
        m_undo.push_back({it->second, slot.now, slot.dirty});
        slot.dirty = true;
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
        m_markedSize = m_slots.size();
    }

    void fallBack() override
    {
        for (auto it = m_undo.rbegin(); it != m_undo.rend(); ++it) {
            m_slots[it->slot]->now = it->before;
            m_slots[it->slot]->dirty = it->dirty;
        }
        m_undo.clear();
        while (m_slots.size() > m_markedSize) {
            m_index.erase(TableOf<T>::key(m_slots.back()->now));
            m_slots.pop_back();
        }
    }

    Result<void> flush(Connection& connection) override
    {
        std::vector<QVariantList> inserts;
        std::vector<QVariantList> updates;
        for (const auto& slot : m_slots) {
            if (slot->isNew) {
                inserts.push_back(valuesOf(slot->now));
            } else if (slot->dirty) {
                QVariantList values = valuesOf(slot->now);
                const QVariantList before = valuesOf(*slot->stored);
                if (values == before) {
                    continue;
                }
                if (TableOf<T>::guard) {
                    values << before[tableText<T>().columns.indexOf(QString::fromLatin1(TableOf<T>::guard))];
                }
                updates.push_back(std::move(values));
            }
        }
        // Updates first: they may free a unique key that a new row takes (a timer that is armed anew).
        if (!updates.empty()) {
            CF_TRY(updateValues(connection, tableText<T>(), TableOf<T>::keyColumns, updates));
        }
        return inserts.empty() ? Result<void>() : insertValues(connection, tableText<T>(), inserts);
    }

private:
    struct Slot {
        T now;
        std::optional<T> stored;
        bool isNew = false;
        bool dirty = false;
    };
    struct Undo {
        std::size_t slot;
        T before;
        bool dirty;
    };

    std::vector<std::unique_ptr<Slot>> m_slots;
    std::map<Key, std::size_t> m_index;
    std::vector<Undo> m_undo;
    std::size_t m_markedSize = 0;
};

} // namespace counterfoil
