// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/tables/cell.h"

#include <QAbstractTableModel>

#include <vector>

namespace counterfoil {

/// The common part of the small tables whose rows are all in memory.
class ValueTableBase : public QAbstractTableModel {
    Q_OBJECT

public:
    ValueTableBase(QStringList headers, QObject* parent) : QAbstractTableModel(parent), m_headers(std::move(headers)) {}

    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

protected:
    virtual Cell cellAt(int row, int column) const = 0;
    virtual RowIdentity identityAt(int row) const = 0;

private:
    const QStringList m_headers;
};

/// Rows of one type. New rows replace the old in place: rows with the same identity are kept (selection survives).
template<class Value>
class ValueTable : public ValueTableBase {
public:
    using ValueTableBase::ValueTableBase;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    const std::vector<Value>& rows() const { return m_rows; }
    const Value& rowValue(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    void setRows(std::vector<Value> rows)
    {
        const auto sameIdentities = [&] {
            return std::ranges::equal(rows, m_rows, [this](const Value& a, const Value& b) { return identityOf(a).text == identityOf(b).text; });
        };
        if (sameIdentities()) {
            m_rows = std::move(rows);
            if (!m_rows.empty()) {
                Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
            }
            return;
        }
        // Common beginning and end stay; what is between is taken out and put in.
        std::size_t head = 0;
        while (head < rows.size() && head < m_rows.size() && identityOf(rows[head]).text == identityOf(m_rows[head]).text) {
            ++head;
        }
        std::size_t tail = 0;
        while (tail < rows.size() - head && tail < m_rows.size() - head
               && identityOf(rows[rows.size() - 1 - tail]).text == identityOf(m_rows[m_rows.size() - 1 - tail]).text) {
            ++tail;
        }
        const auto at = [](auto& list, std::size_t i) { return list.begin() + static_cast<std::ptrdiff_t>(i); };
        if (m_rows.size() > head + tail) {
            beginRemoveRows({}, static_cast<int>(head), static_cast<int>(m_rows.size() - tail - 1));
            m_rows.erase(at(m_rows, head), at(m_rows, m_rows.size() - tail));
            endRemoveRows();
        }
        if (rows.size() > head + tail) {
            beginInsertRows({}, static_cast<int>(head), static_cast<int>(rows.size() - tail - 1));
            m_rows.insert(at(m_rows, head), at(rows, head), at(rows, rows.size() - tail));
            endInsertRows();
        }
        m_rows = std::move(rows);
        if (!m_rows.empty()) {
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
        }
    }

protected:
    virtual Cell cellOf(const Value& value, int column) const = 0;
    virtual RowIdentity identityOf(const Value& value) const = 0;
    Cell cellAt(int row, int column) const final { return cellOf(rowValue(row), column); }
    RowIdentity identityAt(int row) const final { return identityOf(rowValue(row)); }

private:
    std::vector<Value> m_rows;
};

} // namespace counterfoil
